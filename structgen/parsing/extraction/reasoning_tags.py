"""Find the reasoning that a model wrote before its answer, between tags such as `<think>`."""

from __future__ import annotations

import re

_OPENING_TAG = re.compile(r"<(think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)
_CLOSING_TAG = re.compile(r"</(?:think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)
_QUOTE, _BRACKET = re.compile(r'(?<!\\)"'), re.compile(r"[{\[]")
_MAX_UNCLOSED = 3
"""Kinds of tags without a closing one, after which the search ends: it would take quadratic time."""


def reasoning_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the half-open ranges of reasoning between two positions, with their tags."""
    spans: list[tuple[int, int]] = []
    unclosed: set[str] = set()
    at = start
    closing = _CLOSING_TAG.search(text, start, end)
    if closing and _closes_prompt_tag(text, start, closing, end):
        at = closing.end()
        spans.append((start, at))
    while len(unclosed) < _MAX_UNCLOSED and (opening := _OPENING_TAG.search(text, at, end)):
        at, tag = opening.end(), opening[0].replace("<", "</")
        close = -1 if tag in unclosed else text.find(tag, at, end)
        if close < 0:
            unclosed.add(tag)
        else:
            at = close + len(tag)
            spans.append((opening.start(), at))
    return spans


def _closes_prompt_tag(text: str, start: int, closing: re.Match[str], end: int) -> bool:
    """Whether a closing tag ends reasoning that began in the prompt: outside of strings, before an answer."""
    before, after = text[start : closing.start()], text[closing.end() : end]
    line = before[before.rfind("\n") + 1 :]
    if _OPENING_TAG.search(before) or not after.strip() or after[0] in "\"'":
        return False
    if len(_QUOTE.findall(line)) % 2:
        return False
    return _BRACKET.search(after) is not None or _BRACKET.search(before) is None
