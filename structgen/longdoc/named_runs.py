"""Runs that could be rows of several lists: the heading above says which."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence

from structgen.longdoc.layout.headings import Marked, enclosing, heading_above
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.list_matching import Matcher
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.side_cells import list_name


def give_named_owners(
    matcher: Matcher,
    runs: Sequence[LineRun],
    specs: Sequence[ListSpec],
    marked: Marked,
    apart: Collection[int],
) -> None:
    """Give each run that fits several lists the one list that the heading above it names, if it names one."""
    if len(specs) < 2:
        return
    stops = sorted(run.stop for run in runs)
    for run in runs:
        if run.owner or run.sides or not run.starts:
            continue
        fitting = [spec for spec in specs if matcher.columns_match(run, spec).is_sure]
        if len(fitting) > 1:
            before = bisect_right(stops, run.first)
            floor = stops[before - 1] if before else 0
            run.owner = _named(fitting, _titles(matcher, run, floor, marked, apart))


def _titles(
    matcher: Matcher, run: LineRun, floor: int, marked: Marked, apart: Collection[int]
) -> Iterator[str]:
    """Yield the titles of a table and the headings above a run, the nearest first.

    `floor` is the end of the rows before.
    """
    if run.header:
        yield " ".join(run.titles)
    near = heading_above(matcher.lines, run.first, floor, apart)
    if near is not None:
        yield matcher.lines[near]
    for line in reversed(enclosing(marked, run.first)):
        if line != near:
            yield matcher.lines[line]


def _named(fitting: Sequence[ListSpec], titles: Iterator[str]) -> str:
    """Return the pointer of the list that the nearest heading with a list's name names; empty for several."""
    shared = frozenset.intersection(*map(list_name, fitting))
    for title in titles:
        words = title_words(title) - shared
        named = [spec.pointer for spec in fitting if list_name(spec) & words]
        if named:
            return named[0] if len(named) == 1 else ""
    return ""
