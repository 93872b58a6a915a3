"""Chooses among runs of lines that lie over each other, and those that are rows of one list."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.list_matching import WEAK, Match, Matcher
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import RowNeeds

MIN_QUALITY = 0.8
"""The share of alike rows from which a run may be certain."""
MAX_PROVEN = 50
"""Runs that add up to a total with which others are compared."""
COLUMNS = {"table", "blanks", "cells"}
"""Rows with columns."""


@dataclass(frozen=True)
class Choice:
    """The runs of one list, and whether another run may be the list as well."""

    runs: tuple[tuple[Match, LineRun], ...] = ()
    is_contested: bool = False

    def is_certain(self, confirmed: bool = False, adds_up: bool = False) -> bool:
        """Return whether the runs are the list, and their rows are all alike.

        Where a stated number has `confirmed` the count, it is enough that the rows fit the list. Where they
        add up to a stated total (`adds_up`), none is missing or too much, and they need not be alike.
        """
        return (
            bool(self.runs)
            and not self.is_contested
            and all(
                (found.is_sure or (confirmed and found.fits))
                and (adds_up or (run.quality >= MIN_QUALITY and not run.doubts))
                for found, run in self.runs
            )
        )


def apart(matcher: Matcher, runs: Sequence[LineRun], specs: Sequence[ListSpec]) -> list[LineRun]:
    """Return the best runs that do not lie over each other, in document order."""
    taken = bytearray(len(matcher.lines))
    chosen: list[LineRun] = []
    lost: list[LineRun] = []
    proven = [run for run in runs if run.starts and any(matcher.match(run, spec).adds_up for spec in specs)]
    worth = {id(run): _worth(matcher, run, specs, _is_refuted(run, proven)) for run in runs}
    for run in sorted(runs, key=lambda run: worth[id(run)], reverse=True):
        if not any(taken[run.first : run.stop]):
            taken[run.first : run.stop] = b"\x01" * (run.stop - run.first)
            chosen.extend(run.sides or (run,))
        elif _is_headed(run) and any(matcher.columns_match(run, spec).is_sure for spec in specs):
            lost.append(run)
    chosen.sort(key=lambda run: run.first)
    for table in lost:
        _doubt_others(chosen, table)
    return chosen


def _is_headed(run: LineRun) -> bool:
    return run.kind in COLUMNS and run.header is not None and run.quality >= MIN_QUALITY


def _doubt_others(chosen: Sequence[LineRun], table: LineRun) -> None:
    """Doubt the entries among the lines of a table that has another number of rows."""
    for run in chosen[bisect_left(chosen, table.first, key=lambda run: run.stop) :]:
        if run.first >= table.stop:
            break
        if run.kind != "table" and table.first < run.stop and len(run.starts) != len(table.starts):
            run.doubts.append(table.first)


def _is_refuted(run: LineRun, proven: Sequence[LineRun]) -> bool:
    """Return whether rows that add up to a total show that lines which begin alike are other rows."""
    return run.kind not in {*COLUMNS, "label"} and any(
        other.first < run.stop and run.first < other.stop and len(other.starts) != len(run.starts)
        for other in proven[:MAX_PROVEN]
    )


def _worth(
    matcher: Matcher, run: LineRun, specs: Sequence[ListSpec], refuted: bool
) -> tuple[float, float, int]:
    if run.sides:
        return 2, 2.0 * len(run.starts), -run.first
    matches = [matcher.match(run, spec) for spec in specs] if run.starts else []
    sure = any(found.is_sure for found in matches)
    headed = run.kind in COLUMNS and any(found.fits and found.named >= found.enough for found in matches)
    weight = 0.7 if run.kind in WEAK else 1.0
    if run.kind in COLUMNS:
        weight = 2.0 if run.header else 1.2 if run.kind == "table" else 1.1
    proven = any(found.adds_up for found in matches)
    likely = any(found.is_likely for found in matches)
    return (
        max((sure + headed) * (0.4 if refuted else 1), 0.5 * likely, 0.9 * proven),
        weight * (len(run.starts) + bool(run.header)) * run.quality**2,
        -run.first,
    )


def choose(matcher: Matcher, runs: Sequence[LineRun], spec: ListSpec, others: Sequence[ListSpec]) -> Choice:
    """Return the runs that are the rows of a list: those like the one that fits it best."""
    matches = [(matcher.match(run, spec), run) for run in runs]
    own = [
        (found, run)
        for found, run in matches
        if found.score >= 1 and all(matcher.match(run, other).score < found.score for other in others)
    ]
    if not own:
        return Choice()
    best, like = max(
        own,
        key=lambda each: (
            each[0].is_sure,
            each[0].adds_up,
            each[0].score,
            len(each[1].starts),
        ),
    )
    alike = [(found, run) for found, run in own if _are_alike(run, like)]
    if best.adds_up and not best.is_sure:
        alike = [(found, run) for found, run in alike if found.adds_up]
    rest = [found for found, run in own if not _are_alike(run, like) and run.starts]
    contested = any(found.is_sure or found.score >= best.score for found in rest)
    contested = contested or any(
        found.is_sure and not run.owner and any(matcher.match(run, other).is_sure for other in others)
        for found, run in matches
        if run.starts and (found, run) not in own
    )
    if not RowNeeds.of(spec).values:
        own_runs = {id(run) for _, run in own}
        contested = contested or any(
            _looks_like(run, like) for _, run in matches if id(run) not in own_runs and not run.owner
        )
    return Choice(tuple(alike), contested)


def _looks_like(run: LineRun, like: LineRun) -> bool:
    """Return whether a table under other titles has rows like those of a list of texts alone."""
    return (
        run.kind == like.kind == "table"
        and bool(run.starts)
        and run.separator == like.separator
        and _kinds(run) == _kinds(like)
    )


def _are_alike(one: LineRun, other: LineRun) -> bool:
    if one.kind != other.kind:
        return False
    if set(one.titles) & set(other.titles) and not (one.starts and other.starts):
        return True
    if one.kind == "label":
        return len(set(one.titles) & set(other.titles)) >= 2
    return one.kind not in COLUMNS or _kinds(one) == _kinds(other)


def _kinds(run: LineRun) -> Counter[str]:
    """Return what the columns have, but for one that numbers the rows."""
    kinds = [max(column, key=column.__getitem__) for column in run.columns if column]
    if kinds and kinds[0] == "number" and (not run.titles or not title_words(run.titles[0])):
        kinds = kinds[1:]
    return Counter("words" if kind in {"code", "empty"} else kind for kind in kinds)
