"""Take one step of a reading: read a key, a colon, a value, a comma or a bracket, or mend what is there."""

from __future__ import annotations

import re
from collections.abc import Callable

from structgen.parsing.tolerant import bare, costs, strings
from structgen.parsing.tolerant.after_value import read_after_value
from structgen.parsing.tolerant.calls import CALL, open_call
from structgen.parsing.tolerant.closing import end_text, read_closing
from structgen.parsing.tolerant.escapes import read_escapes
from structgen.parsing.tolerant.keys import read_colon, read_key
from structgen.parsing.tolerant.numbers import read_number
from structgen.parsing.tolerant.patterns import ELLIPSIS, indent_at
from structgen.parsing.tolerant.quotes import QUOTES
from structgen.parsing.tolerant.readings import AFTER, BARE, COLON, ITEM, KEY, STRING, VALUE, Reading
from structgen.parsing.tolerant.scan import TOKEN_STARTS, Scan

_SPECIAL_TOKEN = re.compile(r"<[|｜][^|｜<>\n]{1,60}[|｜]>|</s>")
_PREFIX = re.compile(r"u(?=[\"'])|[bBrRuUfF]{1,2}(?=(?:\"[^\"\n]*\"|'[^'\n]*')\s*[,\]})])")
"""Before a string in Python."""
_ITEM = (
    r"(?:\"[^\"\\\n]{0,200}+\"|'[^'\\\n]{0,200}+'|-?\d[\d.eE+-]{0,30}+|True|False|None|true|false|null)\s*+"
)
TUPLE = re.compile(rf"\(\s*+(?:(?:{_ITEM},\s*+)++(?:{_ITEM})?+)?+\)(?=\s*(?:[,\]}}]|\Z))")
"""A tuple of Python, not one value in parentheses."""
_SET = re.compile(rf"\{{\s*+{_ITEM}(?:,?\s*+\}}|(?:,\s*+{_ITEM})++,?\s*+[\}}\]])")
"""A set of Python, or a list whose first bracket is of another kind."""
_ESCAPED_QUOTES = re.compile(r'\\+"((?:[^"\\\n]|\\[^"\n])*)\\*"')
"""A string whose quotes have backslashes before them."""


def step(scan: Scan, reading: Reading) -> None:
    """Take one step."""
    phase = reading.phase
    if phase == STRING:
        strings.read_on(scan, reading)
        return
    if phase == BARE:
        bare.read_on(scan, reading)
        return
    c = scan.text[reading.at : reading.at + 1]
    if c not in TOKEN_STARTS:
        c = scan.skip_space(reading)
        if not c:
            _end(scan, reading)
            return
        if c == "<" and phase != VALUE and (token := _SPECIAL_TOKEN.match(scan.text, reading.at)):
            scan.drop(reading, token.end(), costs.SPECIAL_TOKEN)
            return
    _STEPS[phase](scan, reading, c)


def _end(scan: Scan, reading: Reading) -> None:
    if reading.frame is None:
        reading.cost = costs.UNREAD
    else:
        end_text(scan, reading)


def _item(scan: Scan, reading: Reading, c: str) -> None:
    if c == "]" or c in "})":
        read_closing(scan, reading, c)
    elif c in ",，":
        scan.replace(reading, "comma", reading.at + 1, "", costs.SPARE_COMMA)
    elif c in ".…" and (ellipsis := ELLIPSIS.match(scan.text, reading.at)):
        scan.replace(reading, "ellipsis", ellipsis.end(), "", costs.ELLIPSIS)
    elif c == ":":
        scan.drop(reading, reading.at + 1, costs.STRAY_MARK)
    else:
        _note_indent(scan, reading)
        if c.isdigit():
            bare.fork_stray(scan, reading)
        read_value(scan, reading, c)


def _note_indent(scan: Scan, reading: Reading) -> None:
    frame = reading.frame
    if frame is not None and frame.indent is None:
        frame.indent = indent_at(scan.text, reading.at)


def _value(scan: Scan, reading: Reading, c: str) -> None:
    if c == '"':
        strings.read_string(scan, reading, c)
    elif reading.frame is None:
        read_value(scan, reading, c)
    elif c in ",}，]":
        scan.fix(reading, "missing-value", reading.at, "null", costs.MISSING_VALUE)
        scan.put(reading, None, reading.at)
    elif c in ":：":
        scan.replace(reading, "colon", reading.at + 1, "", costs.SPARE_COLON)
    elif c in ".…" and scan.text.startswith(("...", "…"), reading.at):
        end = reading.at + (3 if c == "." else 1)
        scan.fix(reading, "ellipsis", end, "null", costs.MISSING_VALUE)
        scan.put(reading, None, end)
    else:
        read_value(scan, reading, c)


def read_value(scan: Scan, reading: Reading, c: str) -> None:
    """Read the value that begins with `c`, the next character; only open it if it is a container."""
    text, at = scan.text, reading.at
    if c == "{" and (items := _SET.match(text, at)):
        scan.fix(reading, "bracket", at + 1, "[", costs.CALL)
        scan.open(reading, items[0][-1], at + 1, False)
    elif c == "{":
        scan.open(reading, "}", at + 1, True)
    elif c == "[":
        scan.open(reading, "]", at + 1, False)
    elif c in QUOTES:
        strings.read_string(scan, reading, c)
    elif (c.isdigit() or c in "+-.−–") and read_number(scan, reading):
        pass
    elif c in "bBrRuUfF" and (prefix := _PREFIX.match(text, at)):
        _read_prefixed(scan, reading, prefix)
    elif scan.has_parenthesis and (c in "_$" or c.isalpha()) and (call := CALL.match(text, at)):
        open_call(scan, reading, call)
    elif c == "(" and TUPLE.match(text, at):
        scan.fix(reading, "tuple", at + 1, "[", costs.CALL)
        scan.open(reading, ")", at + 1, is_object=False)
    elif c == "\\" and (escaped := _ESCAPED_QUOTES.match(text, at)):
        strings.replace_by_string(
            scan, reading, escaped.end(), read_escapes(escaped[1]).value, costs.STRAY_QUOTE
        )
    elif c in "}])":
        reading.cost = costs.UNREAD
    else:
        bare.read_bare(scan, reading)


_STEPS: dict[int, Callable[[Scan, Reading, str], None]] = {
    AFTER: read_after_value, KEY: read_key, COLON: read_colon, ITEM: _item, VALUE: _value,
}  # fmt: skip
"""What reads the next character, by the phase."""


def _read_prefixed(scan: Scan, reading: Reading, prefix: re.Match[str]) -> None:
    scan.replace(reading, "quotes", prefix.end(), "", costs.LITERAL)
    text, at = scan.text, reading.at
    if "r" in prefix[0].lower():
        end = text.index(text[at], at + 1)
        strings.replace_by_string(scan, reading, end + 1, text[at + 1 : end])
    else:
        strings.read_string(scan, reading, text[at])
