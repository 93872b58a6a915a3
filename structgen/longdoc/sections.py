"""Sections whose items hold lists of their own: each heading with the rows below it is one row."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise

from structgen.longdoc.layout.headings import coarse_form, heading_form, is_fact
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines

NEAR = 8
"""Lines above the first rows among which the first heading is looked for."""
_CONTINUED = re.compile(
    r"\bcontinued\W*$|[(\[,–—-]\s*(?:cont(?:['’]?d)?|forts(?:etzung)?|suite|continuación|vervolg)\W*$|続き\W*$|续\W*$",
    re.IGNORECASE | re.MULTILINE,
)
Gap = list[tuple[int, str]]
"""The headings between two rows, with their forms."""


def sections(lines: Lines, inner: Sequence[LineRun], apart: Collection[int]) -> LineRun | None:
    """Return the sections that the runs of the inner list stand in; None where no headings part them.

    Their quality is 1 only if all headings between the rows are of one form, or else one for each row, and
    no other heading of that form shows a section without rows.
    """
    gaps = _comparable([gap for gap in _gaps(lines, inner, apart) if gap])
    rows = sum(len(run.starts) for run in inner)
    if not gaps or rows == 0:
        return None
    form = _form(gaps, rows)
    heads = [[line for line, each in gap if each == form] for gap in gaps]
    if all(len(gap) <= 1 for gap in heads[1:]):  # of several above the first rows, the others are titles
        heads[0] = heads[0][-1:]
    ordered = [line for gap in heads for line in gap]
    result = LineRun("entries", ordered[0], len(lines), kind="section")
    for start, stop in pairwise([*ordered, section_end(lines, inner, ordered[-1])]):
        result.add(start, max(stop, start + 1))
    result.stop = result.stops[-1]
    others = Counter(each for gap in gaps[1:] for _, each in gap if each != form)
    plain = all(len(gap) <= 1 for gap in heads) and all(count >= rows - 1 for count in others.values())
    first = min(run.starts[0] for run in inner if run.starts)
    last = max(run.stops[-1] for run in inner if run.starts)
    plain = plain and ordered != [0]  # the only heading is the title of the text
    plain = plain and not has_empty(lines, ordered, form, last, apart)
    plain = plain and not may_go_on([lines[at] for at in ordered])
    result.quality = 1.0 if plain and ordered[0] < first else 0.5
    return result


def may_go_on(heads: Sequence[str]) -> bool:
    """Return whether a head may go on with the group before: it says so, or is the same among others."""
    is_repeated = any(one == other for one, other in pairwise(heads))
    return (is_repeated and len(set(heads)) > 1) or any(map(_CONTINUED.search, heads))


def has_empty(lines: Lines, heads: Sequence[int], form: str, stop: int, apart: Collection[int]) -> bool:
    """Return whether headings like those of sections stand above the first one, or below the last rows.

    The first line of a text is its title. Plain headings are looked for near the sections alone.
    """
    forms = {heading_form(lines, head, apart) for head in heads}

    def is_like(line: int) -> bool:
        own = heading_form(lines, line, apart)
        if own is None or is_fact(lines, line):
            return False
        return own in forms or (form == "plain" == coarse_form(own))

    above = max(1, heads[0] - NEAR) if form == "plain" else 1
    below = min(len(lines), stop + NEAR) if form == "plain" else len(lines)
    return any(map(is_like, range(above, heads[0]))) or any(map(is_like, range(stop, below)))


def _gaps(lines: Lines, inner: Sequence[LineRun], apart: Collection[int]) -> list[Gap]:
    """Return the headings above the first row, and those between each row and the next one."""
    covered = bytearray(len(lines))
    starts = []
    for run in inner:
        for start, stop in zip(run.starts, run.stops, strict=True):
            covered[start:stop] = b"\x01" * (stop - start)
            starts.append(start)
        if run.header:
            covered[run.header[0] : run.header[1]] = b"\x01" * (run.header[1] - run.header[0])
    starts.sort()
    gaps: list[Gap] = []
    floor = max(0, starts[0] - NEAR) if starts else 0
    for start in starts:
        headings = [
            (at, form)
            for at in range(floor, start)
            if not covered[at]
            and (form := heading_form(lines, at, apart)) is not None
            and not is_fact(lines, at)
        ]
        gaps.append(headings)
        floor = start + 1
    return gaps


def _comparable(gaps: list[Gap]) -> list[Gap]:
    """Return the headings with forms without words, but for one repeated, as in `Part 1`, `Part 2`."""
    usual = Counter(form for gap in gaps for _, form in gap)
    return [
        [(at, form if usual[form] > 1 and form.endswith(" 1") else coarse_form(form)) for at, form in gap]
        for gap in gaps
    ]


def _form(gaps: Sequence[Gap], rows: int) -> str:
    """Return the form of the sections' headings: the last one above the first rows that not each row has."""
    counts: dict[str, int] = defaultdict(int)
    for gap in gaps:
        for form in {form for _, form in gap}:
            counts[form] += 1
    forms = [form for _, form in gaps[0]]
    fewer = [form for form in forms if counts[form] < rows] or forms
    most = max(counts[form] for form in fewer)
    return next(form for form in reversed(fewer) if counts[form] == most)


def section_end(lines: Lines, inner: Sequence[LineRun], last: int) -> int:
    """Return the line after the last section: its last run, or its heading's paragraph."""
    stop = max(inner[-1].stop, last + 1)
    while stop < len(lines) and not lines.is_apart(stop):
        stop += 1
    return stop
