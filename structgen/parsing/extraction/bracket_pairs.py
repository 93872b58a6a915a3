"""Find the bracket that closes a container, by counting brackets outside of strings."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r'"(?:[^"\\]++|\\.)*+"'
    r"|(?<=[\[{,:(=\s])'(?:[^'\\\n]|\\.|'(?!\s*+[\]},:)])){0,200}+'(?=\s*+[\]},:)])"
    r'|[{}\[\]"]',
    re.DOTALL,
)
"""A string, a bracket, or a quote that no other one closes. Apostrophes within words are no quotes."""
_CLOSING = {"{": "}", "[": "]"}
_MAX_DEPTH = 500
_BEGINS_CONTAINER = re.compile(r"[{\[]\s*+(?:[\"'{\[]|[\w$-]{1,60}+\s*+:)")


def begins_container(text: str, at: int) -> bool:
    """Whether a bracket is followed by another one, a quote, or a key with its colon."""
    return _BEGINS_CONTAINER.match(text, at) is not None


def container_end(text: str, start: int) -> tuple[int, bool]:
    """Return the end of the container that begins at a position, and whether its brackets pair.

    Where they do not, the end is the position that shows it.
    """
    expected: list[str] = []
    for token in _TOKEN.finditer(text, start):
        c = text[token.start()]
        if c in _CLOSING:
            expected.append(_CLOSING[c])
            if len(expected) > _MAX_DEPTH:
                return token.end(), False
        elif c in "}]":
            if c != expected.pop():
                return token.end(), False
            if not expected:
                return token.end(), True
        elif token.end() == token.start() + 1:
            break
    return len(text), False


def missing_brackets(text: str) -> str:
    """Return the brackets that close what a text leaves open; none where a string or bracket has no pair."""
    expected: list[str] = []
    for token in _TOKEN.finditer(text):
        c = text[token.start()]
        if c in _CLOSING:
            expected.append(_CLOSING[c])
        elif (c in "}]" and (not expected or c != expected.pop())) or token[0] == '"':
            return ""
    return "".join(reversed(expected))
