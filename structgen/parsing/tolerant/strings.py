"""Read strings: every quote may end one, be part of it, or be missing."""

from __future__ import annotations

import re
import textwrap

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.patterns import FENCE
from structgen.parsing.tolerant.quotes import QUOTES, closing_quotes
from structgen.parsing.tolerant.readings import ITEM, KEY, STRING, VALUE, Reading
from structgen.parsing.tolerant.scan import Scan
from structgen.parsing.tolerant.string_end import end_string
from structgen.parsing.tolerant.string_forks import (
    KEY_END,
    end_missing,
    fork_comma_in_quotes,
    fork_embedded,
    fork_inner_quote,
    fork_missing_at_end,
    fork_missing_quote,
    fork_other_quote,
    is_clean,
)

_TRIPLE = '"""'
_QUOTATION = 0.4
"""How much more it costs to keep the inner pair of doubled quotes."""
_DOUBLED = re.compile(r'""([^"\\\n,:{}\[\]][^"\\\n]*)"{1,2}(?=\s*[,}\]])')
"""A string whose opening quote is written twice."""
_TO_QUOTE = {
    quote: re.compile(
        rf"(?:[^\\{re.escape(closing_quotes(quote))}]++|\\.)*+[{re.escape(closing_quotes(quote))}]",
        re.DOTALL,
    )
    for quote in QUOTES
}
"""By the opening quote: a text up to the next quote that may be the closing one."""
_MAX_INNER_QUOTES = 100


def read_string(scan: Scan, reading: Reading, quote: str) -> None:
    """Begin to read the string that `quote`, the next character, opens."""
    text, at = scan.text, reading.at
    if reading.phase != KEY:
        if quote == '"' and text.startswith('""', at):
            if text.startswith(_TRIPLE, at) and (stop := text.find(_TRIPLE, at + 3)) >= 0:
                _read_triple_quoted(scan, reading, stop)
                return
            if doubled := _DOUBLED.match(text, at):
                closed = doubled[0].endswith('""')  # else the first quote may be part of the string
                kind: FixKind = "quotes" if closed else "unquoted-end"
                if closed and " " in doubled[1]:  # perhaps a quotation whose quotes lack their backslashes
                    other = scan.fork(reading, 0.0)
                    quotation = f'"{doubled[1]}"'
                    replace_by_string(
                        scan, other, doubled.end(), quotation, costs.STRAY_QUOTE + _QUOTATION, kind
                    )
                replace_by_string(scan, reading, doubled.end(), doubled[1], costs.STRAY_QUOTE, kind)
                return
        elif quote == "`" and text.startswith("```", at):
            _read_fenced(scan, reading)
            return
    reading.start, reading.quote, reading.inner_open, reading.back = at + 1, quote, False, reading.phase
    reading.quotes = 0
    reading.phase, reading.at = STRING, at + 1
    read_on(scan, reading)


def read_on(scan: Scan, reading: Reading) -> None:
    """Read to the next quote of the open string, and end the string there, or fork."""
    text = scan.text
    match = _TO_QUOTE[reading.quote].match(text, reading.at)
    if match is None:
        if reading.at == reading.start:
            fork_other_quote(scan, reading, scan.end)
        _end_without_quote(scan, reading)
        return
    at = match.end() - 1
    if not reading.inner_open and is_clean(scan, reading, at):
        end_string(scan, reading, at, at + 1)
        return
    first = reading.at == reading.start
    if reading.quotes < _MAX_INNER_QUOTES:
        fork_inner_quote(scan, reading, at)
    fork_missing_quote(scan, reading, at)
    if first:
        fork_other_quote(scan, reading, at)
    if first and text[reading.start] in "{[":
        fork_embedded(scan, reading)
    if reading.inner_open:
        reading.cost += costs.UNPAIRED_INNER_QUOTE
    if reading.frame is None:
        reading.cost += costs.TEXT_AFTER_STRING
    elif text[at + 1 : at + 2].isalnum():
        reading.cost += costs.WORD_AT_QUOTE
    if text[at - 1] == "," and at - 1 > reading.start and reading.back in (VALUE, ITEM):
        fork_comma_in_quotes(scan, reading, at)
    end_string(scan, reading, at, at + 1)


def _end_without_quote(scan: Scan, reading: Reading) -> None:
    """End a string that no quote closes: the text was cut, or the quote is missing."""
    text, start = scan.text, reading.start
    if reading.back == KEY:
        if end := KEY_END.match(text, start):
            end_missing(scan, reading, end.end())
        if reading.at > start or text[-20:].rstrip()[-1:] in ("}", "]"):
            reading.cost += costs.SWALLOWED_BRACKETS
        end_text_in_key(scan, reading)
        return
    if reading.frame is not None:
        fork_missing_at_end(scan, reading, reading.frame)
    backslash = text.endswith("\\") and not text.endswith("\\\\")
    end_string(scan, reading, scan.end - backslash, scan.end, closed=False, cut=True)


def end_text_in_key(scan: Scan, reading: Reading) -> None:
    """Go to the end of the text, which cuts a key: the key is left out."""
    reading.phase, reading.key = KEY, None
    reading.key_at = reading.start - 1
    reading.at = scan.end


def _read_triple_quoted(scan: Scan, reading: Reading, stop: int) -> None:
    value = scan.text[reading.at + 3 : stop]
    if "\n" in value:
        value = textwrap.dedent(value.strip("\n")).strip("\n").rstrip()
    replace_by_string(scan, reading, stop + 3, value)


def replace_by_string(
    scan: Scan,
    reading: Reading,
    end: int,
    value: str,
    cost: float = costs.CALL,
    kind: FixKind = "quotes",
) -> None:
    """Put a string in place of the characters up to `end`."""
    opening = reading.at
    scan.put_replaced(reading, kind, end, value, cost)
    reading.key, reading.key_at = value, opening


def _read_fenced(scan: Scan, reading: Reading) -> None:
    """Skip a fence that opens a block of JSON; take other fenced text as a string."""
    text = scan.text
    fence = FENCE.match(text, reading.at)
    inside = fence.end() if fence else reading.at + 3
    first = text[inside : inside + 100].lstrip()[:1]
    if first in ("{", "[") and "json" in text[reading.at : inside]:
        scan.replace(reading, "fence", inside, "", costs.FENCE)
        return
    stop = text.find("```", inside)
    end = stop + 3 if stop >= 0 else scan.end
    content = text[inside : stop if stop >= 0 else end]
    replace_by_string(scan, reading, end, textwrap.dedent(content.rstrip()), costs.FENCE)
