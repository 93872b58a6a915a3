"""Prompt format of Hermes 4, 405B and 70B: Llama 3 headers and the JSON mode of the model card."""

from __future__ import annotations

import re

from structgen.prompts.base import Segment
from structgen.prompts.tagged_turns import tagged_turns
from structgen.types import Conversation

MODELS = re.compile(r"hermes-?4|structgen-demo", re.IGNORECASE)
DEFAULT_SYSTEM = "You are Hermes, created by Nous Research."
THINKING = (
    "You are a deep thinking AI, you may use extremely long chains of thought to deeply consider the "
    "problem and deliberate with yourself via systematic reasoning processes to help come to a correct "
    "solution prior to answering. You should enclose your thoughts and internal monologue inside "
    "<think> </think> tags, and then provide your solution or response to the problem."
)
JSON_MODE = (
    "You are a helpful assistant that answers in JSON. Here's the json schema you must adhere to:\n"
    "<schema>\n{schema}\n</schema>"
)


def system(schema: str) -> str:
    """Return the system turn of JSON mode; `schema` is compact JSON text."""
    return JSON_MODE.replace("{schema}", schema)


def render(conversation: Conversation) -> tuple[Segment, ...]:
    """Render the begin token, one headed turn after the other, and the assistant header of the answer."""
    segments = [Segment("<|begin_of_text|>", True)]
    for turn in tagged_turns(conversation, DEFAULT_SYSTEM, THINKING):
        segments += [Segment(_header(turn.role), True), *turn.segments, Segment("<|eot_id|>", True)]
    return (*segments, Segment(_header("assistant"), True))


def _header(role: str) -> str:
    return f"<|start_header_id|>{role}<|end_header_id|>\n\n"
