"""Find a model's last message between the special tokens of its chat template."""

from __future__ import annotations

import re

_TOKEN = (
    r"(?:<\|[A-Za-z_][\w ./-]{0,40}\|>|<｜[^<>｜\n]{1,40}｜>|</s>"
    r"|<(?:eos|end_of_turn|eot|eot_id)>|\[/?INST\])"
)
_END = re.compile(
    rf"{_TOKEN}(?:[^\S\n]*+{_TOKEN})*+[^\S\n]*+(?:(?:user|human|system|assistant|model|tool)\b)?[^\S\n]*+"
    rf"(?:\Z|\n|{_TOKEN})"
)
_START_OF_TOKEN = re.compile(r"<[|｜/]|<e|\[/?INST\]")
_OPENING = re.compile(r"[{\[]")
_ANSWER_START = re.compile(
    r"<\|channel\|>\s*final\s*(?:<\|[\w ]{1,20}\|>\s*\w*\s*)?<\|message\|>|<\|im_start\|>\s*assistant\b"
    r"|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<start_of_turn>\s*model\b"
)


def message_range(text: str) -> tuple[int, int]:
    """Return the range of the message that answers, without special tokens; the whole text without any.

    Tokens end a message where a line, the text or a role follows them, and a bracket precedes them. A string
    of JSON has no line breaks, so that tokens within one are not taken for the end.
    """
    if "<" not in text and "INST]" not in text:
        return 0, len(text)
    start = 0
    if text.lstrip()[:1] not in ("{", "["):
        last_bracket = max(text.rfind("{"), text.rfind("["))
        begun = (match.end() for match in _ANSWER_START.finditer(text))
        start = max((at for at in begun if at <= last_bracket), default=0)
    opening = _OPENING.search(text, start)
    for token in _START_OF_TOKEN.finditer(text, opening.start()) if opening else ():
        if _END.match(text, token.start()):
            return start, token.start()
    return start, len(text)
