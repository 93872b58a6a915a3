"""Prompt format ChatML: Hermes 4 14B, and Qwen's models."""

from __future__ import annotations

import re

from structgen.prompts import hermes4
from structgen.prompts.base import Segment
from structgen.prompts.tagged_turns import tagged_turns
from structgen.types import Conversation

MODELS = re.compile(r"hermes-?4-14b|qwen|chatml", re.IGNORECASE)
DEFAULT_SYSTEM = hermes4.DEFAULT_SYSTEM
THINKING = hermes4.THINKING


def system(schema: str) -> str:
    """Return the system turn of JSON mode; `schema` is compact JSON text."""
    return hermes4.system(schema)


def render(conversation: Conversation) -> tuple[Segment, ...]:
    """Render one turn after the other, and the header of the answer."""
    segments: list[Segment] = []
    for turn in tagged_turns(conversation, DEFAULT_SYSTEM, THINKING):
        segments += [Segment(_header(turn.role), True), *turn.segments, Segment("<|im_end|>\n", True)]
    return (*segments, Segment(_header("assistant"), True))


def _header(role: str) -> str:
    return f"<|im_start|>{role}\n"
