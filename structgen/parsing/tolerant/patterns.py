"""Match what may follow a value, what begins one, and the indentation of a line."""

from __future__ import annotations

import re

ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*,?")
FENCE = re.compile(r"```[^\n`\"]*\n?")
"""The mark that opens a Markdown fence, with its language."""
NEXT_KEY = (
    r"""\s*+(?:"[^"\n]{0,100}+"|'[^'\n]{0,100}+'|[“‘][^”’\n]{0,100}+[”’]|[A-Za-z_$][\w$-]{0,60}+)\s*+[:：]"""
)
AFTER_CLOSING = rf"[ \t\r]*+(?:[\n}}\])`;]|\Z|,(?:\s*+[{{\[]|{NEXT_KEY}))"
_STRING = r"""(?:"(?:[^"\\\n]|\\.){0,200}"|'(?:[^'\\\n]|\\.){0,200}')"""
_VALUE = rf"(?:{_STRING}|-?\d[\d.]{{0,30}}|true|false|null|True|False|None)\s*(?:[,;}}\n]|\Z)|[{{\[]"
"""A complete value with its delimiter, or the opening of a container."""
_EQUALS = rf"(?:=>?|->)\s*(?:{_VALUE})"
"""A substitute for a colon. A complete value must follow, since `word = word` may be prose."""
KEY = re.compile(
    r"""\s*(?:"(?:[^"\\\n]|\\.){0,100}"|""[^"\\\n:,]{1,100}"|'(?:[^'\\\n]|\\.){0,100}'|[“”][^“”\n]{0,100}[“”]|"""
    rf"""[‘’][^‘’\n]{{0,100}}[‘’])\s*(?:[:：]|{_EQUALS})"""
)
"""A key with its colon, at the beginning of members without their object."""


def indent_at(text: str, at: int) -> int | None:
    """Return the columns before a position where only white space precedes it on its line, else None."""
    line = text.rfind("\n", max(0, at - 200), at)
    if line < 0 or text[line + 1 : at].strip(" \t"):
        return None
    return at - line - 1
