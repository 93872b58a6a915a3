"""Prompt format of models without known markup: headings in plain text, and no special token."""

from __future__ import annotations

import re

from structgen.prompts import hermes4
from structgen.prompts.base import Segment
from structgen.prompts.tagged_turns import tagged_turns
from structgen.types import Conversation

MODELS = re.compile(r"")
"""Any model: this format serves those that no other one names."""
DEFAULT_SYSTEM = ""
THINKING = hermes4.THINKING
_HEADINGS = {"system": "", "user": "User:\n", "assistant": "Assistant:\n"}


def system(schema: str) -> str:
    """Return the system text of JSON mode; `schema` is compact JSON text."""
    return hermes4.system(schema)


def render(conversation: Conversation) -> tuple[Segment, ...]:
    """Render one turn after the other under its heading, and the heading of the answer.

    A text of the caller's can have a heading too, as headings are text: only special tokens keep turns apart.
    """
    segments: list[Segment] = []
    for turn in tagged_turns(conversation, DEFAULT_SYSTEM, THINKING):
        heading = _HEADINGS[turn.role]
        segments += [Segment(heading, True)] if heading else []
        segments += [*turn.segments, Segment("\n\n", True)]
    return (*segments, Segment(_HEADINGS["assistant"], True))
