"""Describe the syntactic context of a value: its position, and the containers around it."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

OPENING = {"]": "[", "}": "{", ")": "("}
"""The opening bracket of each closing one."""
CLOSING = {opening: closing for closing, opening in OPENING.items()}
QUOTES = "\"'`´‘’‚“”„«»"
Position = Literal["top", "key", "member", "item", "argument"]
_POSITIONS: dict[str, Position] = {"{": "member", "[": "item", "(": "argument"}


class Context(NamedTuple):
    """The position of a value, and the opening brackets of the containers around it, outermost first."""

    position: Position
    enclosing: str


TOP = Context("top", "")
KEY = Context("key", "{")


@cache
def context_within(enclosing: str) -> Context:
    """Return the context of a value directly within the last of the opening brackets."""
    return Context(_POSITIONS[enclosing[-1]], enclosing)
