"""Messages for servers that render the prompt themselves, in OpenAI's form."""

from __future__ import annotations

import re
from typing import Any

from structgen.types import Message, ToolCall

_SPECIAL = re.compile(
    r"<(?=[|｜][^<>\s]{1,40}[|｜]>|/?(?:think|tool_call|tool_response)>|(?:start|end)_of_turn>)|\[(?=/?INST\])"
)


def chat_message(message: Message) -> dict[str, Any]:
    """Return the message with its calls; thoughts stay behind, as OpenAI's form has no place for them.

    The result of a call without an identifier is a turn of the user.
    """
    content = escape_special_tokens(message.content)
    if message.role == "tool" and message.tool_call_id:
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": content}
    if not message.tool_calls:
        return {"role": "user" if message.role == "tool" else message.role, "content": content}
    calls = [_call(call) for call in message.tool_calls]
    return {"role": message.role, "content": content or None, "tool_calls": calls}


def _call(call: ToolCall) -> dict[str, Any]:
    function = {"name": escape_special_tokens(call.name), "arguments": escape_special_tokens(call.arguments)}
    return {"id": call.id, "type": "function", "function": function}


def escape_special_tokens(text: str) -> str:
    """Break special tokens in a text by a zero-width space, so that a server's tokenizer reads them as text.

    Covers the tokens of Llama 3, ChatML and Hermes, and the turns of Gemma and Mistral; `<s>` stays, as it is
    HTML too.
    """
    return _SPECIAL.sub("\\g<0>\u200b", text)
