"""Replace the full-width brackets of Chinese and Japanese text by those of JSON."""

from __future__ import annotations

import re

from structgen.parsing.tolerant.parse_result import Fix

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|“[^“”]*+”|[｛｝［］{}\[\]]', re.DOTALL)
_ASCII = str.maketrans("｛｝［］", "{}[]")
_BEFORE_VALUE = re.compile(r"[\[{:,：，［｛]\s{0,100}\Z")
_BEFORE = 101


def with_ascii_brackets(text: str) -> tuple[str, list[Fix]]:
    """Return the text with the brackets outside of strings replaced, and a fix for each; positions stay.

    Beside brackets of JSON, only those that open a value are replaced, and the ones that close them.
    """
    if "｛" not in text and "［" not in text:
        return text, []
    alone = "{" not in text and "[" not in text
    fixes: list[Fix] = []
    characters = list(text)
    open_brackets: list[bool] = []
    for token in _TOKEN.finditer(text):
        at, c = token.start(), text[token.start()]
        full = c in "｛｝［］"
        if c in "｛［{[":
            replaced = full and (alone or _BEFORE_VALUE.search(text, max(0, at - _BEFORE), at) is not None)
            open_brackets.append(replaced)
        elif c in "｝］}]":
            replaced = full and (open_brackets.pop() if open_brackets else alone)
        else:
            continue
        if replaced:
            characters[at] = c.translate(_ASCII)
            fixes.append(Fix("bracket", at, at + 1, characters[at]))
    return "".join(characters), fixes
