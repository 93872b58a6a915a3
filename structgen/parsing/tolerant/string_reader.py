"""Read strings of a malformed text: between quotes, triple quotes or fences, raw, and concatenated."""

from __future__ import annotations

import re
import textwrap

from structgen import json_text
from structgen.parsing.tolerant.containers import ContainerStack
from structgen.parsing.tolerant.context import KEY, QUOTES
from structgen.parsing.tolerant.escapes import decode_escapes
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.scanner import SPACE, Scanner
from structgen.parsing.tolerant.string_ends import StringEndFinder, StringSpan

FENCE = re.compile(r"```[^\n`\"]*\n?")
_SPECIAL = re.compile(r'[\\"\x00-\x1f]')
_JSON_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt])*+"')
_PLUS = re.compile(r"\s*\+\s*")
_SWALLOWED_MEMBER = re.compile(r"""(?<!\\)"\s*[,;]\s*["']?[\w $-]{0,40}["']?\s*[:=]""")
"""A quote, and what may be the next member, within a string."""
_DOUBLED_QUOTES = re.compile(r'"{1,2}([^"\\\n:,]{1,100})"{1,2}(?=\s*[:：])')
_TRIPLE = '"""'


class StringReader:
    """Read the string at the scanner's position."""

    __slots__ = ("_containers", "_ends", "_scanner")

    def __init__(self, scanner: Scanner, containers: ContainerStack) -> None:
        self._scanner, self._containers = scanner, containers
        self._ends = StringEndFinder(scanner.text, strict=scanner.strict)

    def read(self, quote: str) -> None:
        """Read the value that `quote`, the next character, opens. A fence around JSON is only skipped."""
        scanner, containers = self._scanner, self._containers
        text, at = scanner.text, scanner.at
        if quote == '"' and text.startswith(_TRIPLE, at) and (stop := text.find(_TRIPLE, at + 3)) >= 0:
            self._read_triple_quoted(stop)
        elif quote == "`" and text.startswith("```", at):
            self._read_fenced()
        else:
            span = self._ends.find(at + 1, quote, containers.context)
            value = self._decode(span, quote)
            if span.cut:
                containers.mark_cut()
            containers.put(self._concatenated(value))

    def read_key(self, quote: str) -> str | None:
        """Read the key that `quote` opens, and return it; None where the text was cut within it."""
        scanner = self._scanner
        doubled = _DOUBLED_QUOTES.match(scanner.text, scanner.at)
        if doubled and doubled[0].count('"') > 2:
            scanner.replace("quotes", doubled.end(), json_text.dumps(doubled[1]))
            return doubled[1]
        span = self._ends.find(scanner.at + 1, quote, KEY)
        return None if span.cut else self._decode(span, quote)

    def read_raw(self) -> None:
        """Read a string in which a backslash stands for itself."""
        text, start = self._scanner.text, self._scanner.at + 1
        end = text.index(text[start - 1], start)
        self._replace_by_string(end + 1, text[start:end])

    def _replace_by_string(self, end: int, value: str) -> None:
        self._scanner.replace("quotes", end, json_text.dumps(value))
        self._containers.put(value)

    def _decode(self, span: StringSpan, quote: str) -> str:
        """Return the string of a span, and move to the span's end."""
        scanner = self._scanner
        raw = scanner.text[span.start : span.stop]
        json_quotes = span.closed and quote == '"' and scanner.text[span.end - 1] == '"'
        if json_quotes and not _SPECIAL.search(raw):
            scanner.at = span.end
            return raw
        value = decode_escapes(raw, span.start, span.cut)
        if json_quotes and _is_json_string(scanner.text[span.start - 1 : span.end]):
            scanner.at = span.end
        else:
            kind = _fix_kind(span, quote, raw, value, json_quotes)
            scanner.replace(kind, span.end, json_text.dumps(value))
        return value

    def _concatenated(self, value: str) -> str:
        """Append the strings that `+` adds: `"a" + "b"`."""
        scanner = self._scanner
        while (plus := _PLUS.match(scanner.text, scanner.at)) and (
            scanner.text[plus.end() : plus.end() + 1] or "x"
        ) in QUOTES:
            scanner.replace("concatenation", plus.end())
            quote = scanner.peek()
            span = self._ends.find(scanner.at + 1, quote, self._containers.context)
            value += self._decode(span, quote)
        return value

    def _read_triple_quoted(self, stop: int) -> None:
        value = self._scanner.text[self._scanner.at + 3 : stop]
        if "\n" in value:
            value = textwrap.dedent(value.strip("\n")).strip("\n").rstrip()
        self._replace_by_string(stop + 3, value)

    def _read_fenced(self) -> None:
        """Skip a fence that opens a block of JSON; take other fenced text as a string."""
        scanner = self._scanner
        text = scanner.text
        fence = FENCE.match(text, scanner.at)
        inside = fence.end() if fence else scanner.at + 3
        after = SPACE.match(text, inside)
        first = text[after.end() : after.end() + 1] if after else ""
        if first in ("{", "[") and "json" in text[scanner.at : inside]:
            scanner.replace("fence", inside)
            return
        stop = text.find("```", inside)
        end = stop + 3 if stop >= 0 else len(text)
        self._replace_by_string(end, textwrap.dedent(text[inside : stop if stop >= 0 else end].rstrip()))


def _fix_kind(span: StringSpan, quote: str, raw: str, value: str, json_quotes: bool) -> FixKind:
    if span.cut:
        return "cut"
    if not span.closed:
        return "unquoted-end"
    if "\ufffd" in value and "\ufffd" not in raw:  # an unpaired surrogate was lost
        return "encoding"
    if quote not in "'`" and _SWALLOWED_MEMBER.search(raw):
        return "unquoted-end"
    return "escape" if json_quotes else "quotes"


def _is_json_string(literal: str) -> bool:
    if "\\u" not in literal:
        return _JSON_STRING.fullmatch(literal) is not None
    try:
        return isinstance(json_text.loads(literal), str)
    except json_text.JsonError:
        return False
