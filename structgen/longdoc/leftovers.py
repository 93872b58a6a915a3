"""Lines beside the rows of a list that may be rows as well, or that say that rows are left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from structgen.longdoc.layout.anchors import label_of, values_of
from structgen.longdoc.layout.dated_blocks import is_date_alone
from structgen.longdoc.layout.headings import heading_form
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.stated_counts import leaves_out, stated_count
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import RowNeeds, field_kind

MAX_LENGTH = 400
PROSE_WORDS = 6
SAMPLE = 40
_CODE = re.compile(r"\b(?=[^\W\d_]*\d)(?=\d*[^\W\d_])[^\W_]+(?:-[^\W_]+)*\b|\b[A-Z]+-\d+\b")
_DECIMAL = re.compile(r"\d[.,]\d\d?(?!\d|[.,/]\d)")
NEAR = 3
"""Lines above a run that may be its heading."""


def has_leftovers(
    lines: Lines,
    spec: ListSpec,
    own: Sequence[LineRun],
    others: Sequence[LineRun],
    furniture: Collection[int],
    adds_up: bool = False,
) -> bool:
    """Return whether a line outside of all rows may be a row, or says that rows are left out.

    A single line above the header of rows that are one blank apart, such as a telephone number, is no row.
    Where the rows add up to a total (`adds_up`), no single line is.
    """
    kinds = Counter(field_kind(field) for field in spec.fields)
    needs, whole = (kinds["date"], kinds["number"]), RowNeeds.of(spec)
    names = title_words(" ".join(map(str, spec.path[-1:])))
    near = {at for run in (*own, *others) for at in range(max(0, run.first - NEAR), _first_row(run))}
    skipped = {at for run in own for at in run.skipped}
    dated = any(run.kind == "day" for run in own)
    labels = {title for run in own if run.kind == "label" for title in run.titles}
    told = any(run.kind not in {"table", "label"} and _tells(lines, run) for run in own)
    marks = _marks_of(lines, own)
    taken, inside = bytearray(len(lines)), bytearray(len(lines))
    for run in own:
        inside[run.first : run.stop] = b"\x01" * (run.stop - run.first)
    for run in (*own, *others):
        for start, stop in zip(run.starts, run.stops, strict=True):
            taken[start:stop] = b"\x01" * (stop - start)
        if run.header:
            taken[run.header[0] : run.header[1]] = b"\x01" * (run.header[1] - run.header[0])
    head = own[0].first if own and own[0].header and own[0].kind in {"blanks", "cells"} else 0
    before = False
    at = taken.find(0)
    while at >= 0:
        form = heading_form(lines, at) if at in near else None
        is_exempt = at in furniture or (form is not None and not (form == "1." and whole.hold(lines[at])))
        is_exempt = is_exempt or (at in skipped and lines[at].count(" ") < 2)
        is_exempt = is_exempt or (dated and is_date_alone(lines[at]))
        may_be_row = not is_exempt and (
            (inside[at] and bool(whole.values) and whole.hold(lines[at]) and not _is_known(lines[at]))
            or (_may_be_row(lines[at], needs) and stated_count(lines[at], names) is None)
        )
        if may_be_row and (before or not (adds_up or at < head) or leaves_out(lines[at])):
            return True
        if labels and not is_exempt and label_of(lines[at]) in labels:
            return True
        is_told = not is_exempt and _is_sentence(lines[at]) and whole.values and whole.hold(lines[at])
        if is_told and (told or (marks and marks <= _marks(lines[at]))):
            return True
        before = may_be_row
        at = taken.find(0, at + 1)
    return False


def _marks_of(lines: Lines, own: Sequence[LineRun]) -> set[str]:
    """Return what tells all rows from prose: codes, numbers with decimals."""
    rows = [pair for run in own for pair in zip(run.starts[:SAMPLE], run.stops[:SAMPLE], strict=True)]
    found = [_marks(" ".join(lines.texts(start, min(stop, start + SAMPLE)))) for start, stop in rows]
    return set.intersection(*found) if found else set()


def _marks(text: str) -> set[str]:
    marks = {"code"} if _CODE.search(text) else set[str]()
    return marks | {"decimal"} if _DECIMAL.search(text) else marks


def _tells(lines: Lines, run: LineRun) -> bool:
    """Return whether the rows of a run are sentences."""
    return bool(run.starts) and all(_is_sentence(lines[stop - 1]) for stop in run.stops[:SAMPLE])


def _is_sentence(text: str) -> bool:
    is_whole = len(text) <= MAX_LENGTH and text.endswith((".", "!", "?", "。"))
    return is_whole and text.count(" ") >= PROSE_WORDS - 1


def _is_known(text: str) -> bool:
    return is_summary(text) or is_note(text) or text.endswith((".", ":"))


def _may_be_row(text: str, needs: tuple[int, int]) -> bool:
    if len(text) > MAX_LENGTH or is_rule(text):
        return False
    if leaves_out(text):
        return True
    if not any(needs) or is_summary(text) or is_note(text) or label_of(text) is not None:
        return False
    if not needs[0] and text.endswith((".", "!", "?", ":")) and text.count(" ") >= PROSE_WORDS:
        return False
    dates, times, numbers = values_of(text)
    return (dates >= needs[0] or (not dates and times >= needs[0] > 0)) and numbers >= needs[1]


def _first_row(run: LineRun) -> int:
    return run.starts[0] if run.starts else run.stop
