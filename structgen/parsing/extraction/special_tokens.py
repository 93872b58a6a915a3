"""Find where a model's message ends, by the special tokens of its chat template."""

from __future__ import annotations

import re

_TOKEN = (
    r"(?:<\|[A-Za-z_][\w ./-]{0,40}\|>|<｜[^<>｜\n]{1,40}｜>|</s>"
    r"|<(?:eos|end_of_turn|eot|eot_id)>|\[/?INST\])"
)
_LAST = re.compile(rf"{_TOKEN}(?:\s*+{_TOKEN})*+\s*+(?:\Z|\n)")
_START = re.compile(r"<[|｜/]|<e|\[/?INST\]")


def message_end(text: str) -> int:
    """Return the position of the special tokens that end the message, or the length of the text.

    Tokens end a message where a line or the text ends after them, and a bracket precedes them. A string of
    JSON has no line breaks, so that tokens within one are not taken for the end.
    """
    if "<" not in text and "INST]" not in text:
        return len(text)
    opening = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=len(text))
    for start in _START.finditer(text, opening):
        if _LAST.match(text, start.start()):
            return start.start()
    return len(text)
