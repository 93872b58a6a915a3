"""The conversation that a chat turn continues."""

from __future__ import annotations

from structgen.chat.turn import ChatTurn
from structgen.prompts.base import PromptFormat
from structgen.types import Conversation, Message


def turn_conversation(turn: ChatTurn, prompt_format: PromptFormat, instructions: str = "") -> Conversation:
    """Return the caller's conversation with one system turn first, and the tools that the model may call.

    The system turn has the request to think, the schema of the content, the `instructions` about another
    format, and then the caller's own system texts.
    """
    system = [prompt_format.THINKING] if turn.thinking else []
    if turn.schema is not None and turn.show_schema:
        system.append(prompt_format.system(turn.schema.text))
    if instructions:
        system.append(instructions)
    system += [message.content for message in turn.messages if message.role == "system"]
    first = (Message("system", "\n\n".join(system)),) if system else ()
    others = tuple(message for message in turn.messages if message.role != "system")
    tools = tuple(tool.definition() for tool in turn.callable_tools)
    return Conversation((*first, *others), tools, turn.thinking, turn.keep_thoughts)
