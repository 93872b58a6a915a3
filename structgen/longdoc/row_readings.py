"""Whether the rows of a run can be read in another way: several rows on a line, several lines, or columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from structgen.longdoc.layout.anchors import bullet_of, label_of, number_of, values_of
from structgen.longdoc.layout.cells import LONGEST, CellKind, cell_kind
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import RowNeeds

SAMPLE = 40
"""Rows that are looked at."""
MANY_CELLS = 40
MAX_PERIOD = 12
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[ \u00a0\u3000]{2,}|\t[ \t]*|\s*[|│┃║]\s*")


def sample(run: LineRun, size: int = SAMPLE) -> Iterator[tuple[int, int]]:
    """Yield rows of a run, evenly, as ranges of lines."""
    step = max(1, len(run.starts) // size)
    return zip(run.starts[::step], run.stops[::step], strict=True)


def pieces(text: str) -> list[str]:
    """Return the texts of a line between wide gaps, tabs or bars."""
    return [piece for piece in _GAP.split(text[:LONGEST]) if piece.strip()][:MANY_CELLS]


def share_of_rows(lines: Lines, run: LineRun, needs: RowNeeds) -> float:
    """Return the share of the rows that have what the schema asks of each."""
    mark = run.separator if run.separator in {";", ",", "&"} else None
    held = [
        needs.hold(
            text.replace(mark, f" {mark} ") if mark else text,
            without_dates=bool(run.kind == "day" or run.header),
        )
        for first, stop in sample(run)
        for text in [_text(lines, first, stop)]
    ]
    return sum(held) / max(1, len(held))


def share_of_several(lines: Lines, run: LineRun, needs: RowNeeds) -> float:
    """Return the share of the rows that have all that two rows need, beside or below each other."""
    several = [
        _side_by_side(lines, first, stop, needs, run.kind)
        or _below_each_other(lines, first, stop, run, needs)
        for first, stop in sample(run)
    ]
    return sum(several) / max(1, len(several))


def _text(lines: Lines, first: int, stop: int) -> str:
    return lines.source[lines.starts[first] : lines.ends[stop - 1]][:LONGEST]


def _side_by_side(lines: Lines, first: int, stop: int, needs: RowNeeds, kind: str) -> bool:
    """Return whether the left part of a row has all that a row needs, and the right part too."""
    left, right = [], []
    for text in lines.texts(first, min(stop, first + MANY_CELLS)):
        parts = pieces(text)
        labels = Counter(filter(None, map(label_of, parts)))
        if labels and max(labels.values()) > 1:
            return True
        if len(parts) < 2 or kind == "label":
            continue
        if not needs.values:
            if len({_beginning(part) for part in parts} - {None}) == 1 and all(map(_beginning, parts)):
                return True
            continue
        if stop == first + 1:
            return any(_both_hold(needs, parts[:cut], parts[cut:]) for cut in range(1, len(parts)))
        if len(parts) % 2 == 0:
            left += parts[: len(parts) // 2]
            right += parts[len(parts) // 2 :]
    return bool(left) and _both_hold(needs, left, right)


def _both_hold(needs: RowNeeds, left: Sequence[str], right: Sequence[str]) -> bool:
    one, other = "  ".join(left), "  ".join(right)
    return bool(values_of(one)[0]) == bool(values_of(other)[0]) and needs.hold(one) and needs.hold(other)


def _beginning(part: str) -> str | None:
    return bullet_of(part) or ("1" if number_of(part) is not None else None)


def _below_each_other(lines: Lines, first: int, stop: int, run: LineRun, needs: RowNeeds) -> bool:
    """Return whether two lines of a row have all that a row needs, but for a date that may stand above."""
    if stop - first < 2 or run.kind in {"label", "tag"} or not needs.values:
        return False
    depth = max(lines.indents[at] for at in range(first, min(stop, first + MANY_CELLS)))
    below = [at for at in range(first, min(stop, first + MANY_CELLS)) if lines.indents[at] == depth]
    # what codes and times begin with is no title
    dated, titles = not needs.numbers, {word for word in run.titles if len(word) > 1 and not word.isdecimal()}
    held = sum(
        needs.hold(lines[at], without_dates=not dated)
        and label_of(lines[at]) is None
        and not title_words(lines[at].split()[0]) & titles
        for at in below
        if lines[at]
    )
    return held > 1


def is_dated_at_times(lines: Lines, run: LineRun, needs: RowNeeds) -> bool:
    """Return whether some rows have a date, and others a time alone: these tell when something was said."""
    if not needs.dates or run.kind == "day":
        return False
    found = [values_of(_text(lines, first, stop))[:2] for first, stop in sample(run)]
    return any(dates for dates, _ in found) and any(times and not dates for dates, times in found)


def is_periodic(lines: Lines, run: LineRun) -> bool:
    """Return whether the first words of the rows come again in order: they are the labels of fields."""
    words = (_WORD.search(lines[first]) for first in run.starts[:SAMPLE])
    firsts = [word.group() if word else "" for word in words]
    if len(set(firsts)) < 2:
        return False
    periods = range(2, min(MAX_PERIOD, len(firsts) // 2) + 1)
    return any(firsts[period:] == firsts[:-period] for period in periods)


def is_crosswise(lines: Lines, run: LineRun, spec: ListSpec) -> bool:
    """Return whether the records are the columns: each line has a field's name, or values of one kind."""
    rows = [pieces_of_row(lines, run, first, stop) for first, stop in sample(run)]
    if run.kind == "label":
        return _has_labelled_columns(lines, run)
    if run.kind != "table" or len(run.starts) > 4 * len(spec.fields) or not rows:
        return False
    if run.header:
        rows = [pieces_of_row(lines, run, *run.header), *rows]
    return _names_fields(rows, spec) or _is_even_along_lines(rows)


def pieces_of_row(lines: Lines, run: LineRun, first: int, stop: int) -> list[str]:
    """Return the cells of the first line of a row."""
    text = lines[first]
    for mark in (";", ","):
        if run.separator == mark:
            return text.split(mark)[:MANY_CELLS]
    return pieces(text)


def _has_labelled_columns(lines: Lines, run: LineRun) -> bool:
    """Return whether most labels of a row have several values beside each other."""
    labelled = several = 0
    for first, stop in sample(run, 8):
        for text in lines.texts(first, min(stop, first + MANY_CELLS)):
            parts = [part for part in pieces(text) if part.strip(" :：")]
            if not parts or label_of(text) is None:
                continue
            labelled += 1
            values = len(parts) - parts[0].rstrip().endswith((":", "："))
            several += values > 1 and not any(map(label_of, parts[1:]))
    return labelled > 1 and several > 0.6 * labelled


def _names_fields(rows: Sequence[Sequence[str]], spec: ListSpec) -> bool:
    firsts = [title_words(row[0]) for row in rows if len(row) > 1 and len(row[0]) <= 40]
    named = sum(any(_is_name(words, title_words(field.name)) for words in firsts) for field in spec.fields)
    lines_named = sum(any(_is_name(words, title_words(f.name)) for f in spec.fields) for words in firsts)
    return named >= 2 and 2 * named >= len(spec.fields) and 2 * lines_named >= len(rows)


def _is_name(words: frozenset[str], name: frozenset[str]) -> bool:
    return bool(words & name) and 2 * len(words & name) >= len(words | name)


def _is_even_along_lines(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether each line has values of one kind after its first cell, and lines differ, not columns."""
    width = min(map(len, rows)) - 1
    if len(rows) < 2 or width < 2:
        return False
    kinds = [[_plain(cell_kind(cell.strip()[:100])) for cell in row[1:]] for row in rows]
    along = [set(line) - {"empty"} for line in kinds]
    if not all(len(line) == 1 for line in along) or len(set().union(*along)) < 2:
        return False
    return all(cell_kind(row[0].strip()[:100]) == "words" for row in rows)


def _plain(kind: CellKind) -> CellKind:
    return "words" if kind == "code" else kind
