"""The conversation that a chat turn continues."""

from __future__ import annotations

from structgen.chat.turn import ChatTurn
from structgen.prompts.base import PromptFormat
from structgen.prompts.text_formats import text_format_instruction
from structgen.types import Conversation, Message


def turn_conversation(turn: ChatTurn, prompt_format: PromptFormat) -> Conversation:
    """Return the caller's conversation with one system turn first, and the tools that the model may call.

    The system turn has the request to think, the format of the content, and then the caller's own system
    texts.
    """
    system = [prompt_format.THINKING] if turn.thinking else []
    if turn.schema is not None and turn.show_schema:
        system.append(prompt_format.system(turn.schema.text))
    if turn.text_format is not None:
        system.append(text_format_instruction(turn.text_format))
    system += [message.content for message in turn.messages if message.role == "system"]
    first = (Message("system", "\n\n".join(system)),) if system else ()
    others = tuple(message for message in turn.messages if message.role != "system")
    tools = tuple(tool.definition() for tool in turn.callable_tools)
    return Conversation((*first, *others), tools, turn.thinking, turn.keep_thoughts)
