"""Read JSON Lines and log lines: one object or array on each line, perhaps after a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from structgen.parsing.extraction.bracket_pairs import missing_brackets
from structgen.parsing.extraction.combining import combined
from structgen.parsing.extraction.valid_value import valid_value
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

    Half of the lines at least hold valid JSON; a faulty one is repaired alone, so that it spoils no other.
    """
    rows: list[_Row] = []
    for row in _rows(text, start, end):
        if row is None:
            return None
        rows.append(row)
    if len(rows) < 2:
        return None
    values = [_valid(text[row.at : row.end]) for row in rows]
    valid = len(rows) - values.count(None)
    labelled = any(row.at > row.start for row in rows)
    if not valid or 2 * valid < len(rows) or (valid == len(rows) and not labelled):
        return None
    if not _labels_agree(text, rows):
        return None
    try:
        results = [
            _read(text, row, value, is_last=row is rows[-1]) for row, value in zip(rows, values, strict=True)
        ]
    except ParseError:
        return None
    return combined(results, _between(text, results, start, end))


def _rows(text: str, start: int, end: int) -> Iterator[_Row | None]:
    """Yield the lines with an object or array; None where a value spans several lines."""
    at, pending = start, False
    opening = ""
    while at < end:
        line_end = text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end
        row = _row(text, at, line_end)
        line_start, at = at, line_end + 1
        if row is None:
            line = text[line_start:line_end].strip()
            if line and (pending or (_STRUCTURAL.search(line) and not line.endswith(_DONE))):
                yield None
                return
            continue
        c = text[row.at]
        if opening and c != opening:
            yield None
            return
        opening = c
        pending = text[row.end - 1] not in "}]"
        yield row


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


def _valid(content: str) -> ParseResult | None:
    """Return the result of a content that is valid JSON and nothing else."""
    if content[-1] not in "}]":
        return None
    result = valid_value(content, 0)
    return result if result is not None and result.end == len(content) else None


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


def _read(text: str, row: _Row, valid: ParseResult | None, *, is_last: bool) -> ParseResult:
    """Read the value of a line. Only the last line may be cut: another one lacks brackets at its end."""
    content = text[row.at : row.end]
    result = valid or _parse_unclosed(content, is_last=is_last)
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
        with suppress(ParseError):
            cut = TolerantParser(content, strict=True).parse()
            return cut if cut.end == length else None
        return None
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


def _between(text: str, results: list[ParseResult], start: int, end: int) -> Iterator[Fix]:
    """Yield the fixes for separators and labels between, before and after the values."""
    edges = [start, *(edge for result in results for edge in (result.start, result.end)), end]
    for before, after in zip(edges[::2], edges[1::2], strict=True):
        gap = text[before:after]
        if gap.strip(" \t\r\n"):
            yield Fix("prose" if gap.strip(" \t\r\n,;") else "comma", before, after)
