"""Messages for servers and libraries that render the prompt themselves and take only roles and texts."""

from __future__ import annotations

import re

from structgen.prompts import hermes4
from structgen.prompts.tagged_turns import tagged_turns
from structgen.types import Conversation

_SPECIAL = re.compile(
    r"<(?=[|｜][^<>\s]{1,40}[|｜]>|/?(?:think|tool_call|tool_response)>|(?:start|end)_of_turn>)|\[(?=/?INST\])"
)


def tagged_messages(conversation: Conversation) -> list[dict[str, str]]:
    """Return the turns with tools, thoughts, calls and results as text in Hermes' tags.

    In the texts of the caller and the model, special tokens are broken.
    """
    return [
        {
            "role": turn.role,
            "content": "".join(s.text if s.markup else escape_special_tokens(s.text) for s in turn.segments),
        }
        for turn in tagged_turns(conversation, "", hermes4.THINKING)
    ]


def escape_special_tokens(text: str) -> str:
    """Break special tokens in a text by a zero-width space, so that a server's tokenizer reads them as text.

    Covers the tokens of Llama 3, ChatML and Hermes, and the turns of Gemma and Mistral; `<s>` stays, as it is
    HTML too.
    """
    return _SPECIAL.sub("\\g<0>\u200b", text)
