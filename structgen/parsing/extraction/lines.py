"""Read JSON Lines and log lines: one object or array on each line, perhaps after a label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from structgen.parsing.extraction.bracket_pairs import missing_brackets
from structgen.parsing.extraction.combining import combined
from structgen.parsing.extraction.separators import separator_fixes, separators_end
from structgen.parsing.extraction.unambiguous import read_unambiguous
from structgen.parsing.extraction.valid_value import valid_range, valid_value
from structgen.parsing.tolerant.parse_result import Fix, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

_MAX_LABEL = 120
_BRACKETED_LABEL = re.compile(r"(?:\[[^\[\]{}\"'\n,]{1,60}\]\s*){1,4}(?=[^\[\]\s,])")
_IS_LABEL = re.compile(
    r"\d|\[|\b(?:trace|debug|info|notice|warn(?:ing)?|error|critical|fatal)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_STRUCTURAL = re.compile(r"[{}\[\]\"]")
_DONE = "[DONE]"
_SEPARATORS = " \t\r,;"


class _Row(NamedTuple):
    """A line: its label from `start`, and its content from `at` to `end`."""

    start: int
    at: int
    end: int


def parse_lines(text: str, start: int, end: int) -> ParseResult | None:
    """Return the objects or arrays on the lines of a range as one list; None where they are not one a line.

    Half of the lines at least hold valid JSON, or every faulty one lacks no more than brackets at its end. A
    faulty line is repaired alone, so that it spoils no other.
    """
    rows = _rows(text, start, end)
    if rows is None or len(rows) < 2:
        return None
    values = [_valid(text, row) for row in rows]
    valid = [value for value in values if value is not None]
    if 2 * len(valid) < len(rows) and not all(
        value is not None or _lacks_brackets(text, row) for row, value in zip(rows, values, strict=True)
    ):
        return None
    if len(valid) == len(rows) and all(row.at == row.start for row in rows):
        return _separated(text, valid, start, end)
    if not _labels_agree(text, rows):
        return None
    try:
        results = [
            value or _read(text, row, is_last=row is rows[-1])
            for row, value in zip(rows, values, strict=True)
        ]
    except ParseError:
        return None
    return combined(results, _between(text, results, start, end))


def _rows(text: str, start: int, end: int) -> list[_Row] | None:
    """Return the lines with an object or array; None where a value spans several lines."""
    rows: list[_Row] = []
    at, pending = start, False
    opening = ""
    while at < end:
        line_end = text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end
        row = _row(text, at, line_end) if at < line_end else None
        line_start, at = at, line_end + 1
        if row is None:
            line = text[line_start:line_end].strip()
            if line and (pending or (_STRUCTURAL.search(line) and not line.endswith(_DONE))):
                return None
            continue
        c = text[row.at]
        if opening and c != opening:
            return None
        opening = c
        pending = text[row.end - 1] not in "}]"
        rows.append(row)
    return rows


def _row(text: str, start: int, end: int) -> _Row | None:
    """Return the object or array of a line, after white space and a label; None where there is none."""
    line = text[start:end]
    start = end - len(line.lstrip())
    at = start
    if text[at : at + 1] != "{":
        if text[at : at + 1] == "[":
            if bracketed := _BRACKETED_LABEL.match(text, start, end):
                at = bracketed.end()
        else:
            at = text.find("{", start, min(end, start + _MAX_LABEL))
        if at < 0 or text[at : at + 1] not in ("{", "["):
            at = text.find("{", start, min(end, start + _MAX_LABEL))
        if at < 0:
            return None
    content = text[at:end].rstrip(_SEPARATORS)
    return _Row(start, at, at + len(content)) if content else None


def _separated(text: str, results: Sequence[ParseResult], start: int, end: int) -> ParseResult | None:
    """Return the values of valid lines as one list; None where more than separators stands between them."""
    fixes: list[Fix] = []
    for before, after in _gaps(results, start, end):
        if separators_end(text, before, after) != after:
            return None
        fixes += separator_fixes(text, before, after)
    return combined(results, fixes)


def _valid(text: str, row: _Row) -> ParseResult | None:
    """Return the value of a line that is valid JSON; None for any other line."""
    return valid_range(text, row.at, row.end) if text[row.end - 1] in "}]" else None


def _lacks_brackets(text: str, row: _Row) -> bool:
    """Whether a line is valid JSON but for brackets at its end, the first of them that of an object.

    The line behind one that ends within a list may be an item of that list.
    """
    content = text[row.at : row.end]
    brackets = missing_brackets(content)
    closed = content + brackets
    return brackets[:1] == "}" and valid_range(closed, 0, len(closed)) is not None


def _labels_agree(text: str, rows: list[_Row]) -> bool:
    """Whether the labels are those of a log: the same words, or one pattern with a time or level."""
    labels = {text[row.start : row.at] for row in rows}
    if labels == {""}:
        return True
    if any(_STRUCTURAL.search(label.replace("[", "").replace("]", "")) for label in labels):
        return False
    patterns = {_WORD.sub("w", label) for label in labels}
    return len(patterns) == 1 and (len(labels) == 1 or all(_is_log_label(label) for label in labels))


def _is_log_label(label: str) -> bool:
    return _IS_LABEL.search(label) is not None and label.count(" ") < 12


def _read(text: str, row: _Row, *, is_last: bool) -> ParseResult:
    """Repair the value of a line. Only the last line may be cut: another one lacks brackets at its end."""
    content = text[row.at : row.end]
    result = _parse_unclosed(content, is_last=is_last)
    if result is None:
        result = TolerantParser(content).parse()
        if result.cut_at is not None and not is_last:
            raise ParseError("a line that was cut within a value", row.end)
    fixes = result.fixes
    if result.end < len(content):
        rest = content[result.end :].strip("]}) \t")
        if _STRUCTURAL.search(rest):
            raise ParseError("text after the value of a line", row.at + result.end)
        fixes = (*fixes, Fix("prose" if rest else "bracket", result.end, len(content)))
    return result._replace(end=len(content), fixes=fixes).shifted(row.at)


def _parse_unclosed(content: str, *, is_last: bool) -> ParseResult | None:
    """Read a line that only lacks brackets at its end, or that was cut; None for another fault."""
    length = len(content)
    if is_last:
        return read_unambiguous(content)
    brackets = missing_brackets(content)
    if not brackets:
        return None
    closed = valid_value(content + brackets, 0)
    if closed is None:
        with suppress(ParseError):
            closed = TolerantParser(content + brackets).parse()
    if closed is None or closed.cut_at is not None or closed.end != length + len(brackets):
        return None
    fixes = [fix._replace(start=min(fix.start, length), end=min(fix.end, length)) for fix in closed.fixes]
    return closed._replace(end=length, fixes=(*fixes, Fix("bracket", length, length, brackets)))


def _between(text: str, results: Sequence[ParseResult], start: int, end: int) -> Iterator[Fix]:
    """Yield the fixes for separators and labels between, before and after the values."""
    for before, after in _gaps(results, start, end):
        gap = text[before:after]
        if gap.strip(" \t\r\n"):
            yield Fix("prose" if gap.strip(" \t\r\n,;") else "comma", before, after)


def _gaps(results: Sequence[ParseResult], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges before, between and after the values."""
    for result in results:
        yield start, result.start
        start = result.end
    yield start, end
