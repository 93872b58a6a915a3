"""Prompt format of Hermes 4, 405B and 70B: Llama 3 headers and the JSON mode of the model card."""

from __future__ import annotations

import re

from structgen.prompts.base import Segment
from structgen.types import Conversation, Message

MODELS = re.compile(r"hermes-?4", re.IGNORECASE)
DEFAULT_SYSTEM = "You are Hermes, created by Nous Research."
THINKING = (
    "You are a deep thinking AI, you may use extremely long chains of thought to deeply consider the "
    "problem and deliberate with yourself via systematic reasoning processes to help come to a correct "
    "solution prior to answering. You should enclose your thoughts and internal monologue inside "
    "<think> </think> tags, and then provide your solution or response to the problem."
)
EMPTY_THOUGHT = "<think> </think>"
"""Placeholder for the thoughts of an earlier answer."""
JSON_MODE = (
    "You are a helpful assistant that answers in JSON. Here's the json schema you must adhere to:\n"
    "<schema>\n{schema}\n</schema>"
)


def system(schema: str) -> str:
    """Return the system turn of JSON mode; `schema` is compact JSON text."""
    return JSON_MODE.replace("{schema}", schema)


def render(conversation: Conversation) -> tuple[Segment, ...]:
    """Render the begin token, one headed turn per message, and the assistant header that the answer follows.

    Results of tools are turns of the user.
    """
    messages = conversation.messages
    if not messages or messages[0].role != "system":
        messages = (Message("system", DEFAULT_SYSTEM), *messages)
    segments = [Segment("<|begin_of_text|>", True)]
    for message in messages:
        role = "user" if message.role == "tool" else message.role
        segments.append(Segment(_header(role), True))
        segments.append(Segment(message.content, False))
        segments.append(Segment("<|eot_id|>", True))
    return (*segments, Segment(_header("assistant"), True))


def _header(role: str) -> str:
    return f"<|start_header_id|>{role}<|end_header_id|>\n\n"
