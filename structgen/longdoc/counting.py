"""Counts the rows that a text has for each list of a schema, without a model."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.evidence.source import Source
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.tables import tables
from structgen.longdoc.list_matching import match, name_words
from structgen.longdoc.lists import ListSpec, list_specs
from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.schema import Schema
from structgen.types import Span

WEIGHTS = {"table": 1.2, "entries": 1.1, "lines": 1.0}


def count_rows(source: Source, schema: Schema, start: int = 0, end: int | None = None) -> dict[str, ListRows]:
    """Return the rows of a range of the text by the pointer of their list, in document order."""
    specs = list_specs(schema)
    if not specs:
        return {}
    lines = Lines(source, start, len(source.text) if end is None else end)
    words = frozenset().union(*map(name_words, specs))
    runs = _apart(lines, list(tables(lines, frozenset(), words)))
    return {spec.pointer: _list_rows(lines, spec, runs) for spec in specs}


def _apart(lines: Lines, runs: Sequence[LineRun]) -> list[LineRun]:
    """Return the best runs that do not lie over each other, in document order."""
    taken = bytearray(len(lines))
    chosen = []
    for run in sorted(runs, key=_worth, reverse=True):
        if not any(taken[run.first : run.stop]):
            taken[run.first : run.stop] = b"\1" * (run.stop - run.first)
            chosen.append(run)
    return sorted(chosen, key=lambda run: run.first)


def _worth(run: LineRun) -> float:
    return WEIGHTS.get(run.basis, 1.0) * (len(run.starts) + 1) * run.quality


def _list_rows(lines: Lines, spec: ListSpec, runs: Sequence[LineRun]) -> ListRows:
    matches = [(match(run, spec), run) for run in runs]
    best = max((found.score for found, _ in matches), default=0.0)
    own = [(found, run) for found, run in matches if found.score >= 1 and found.score >= best - 0.1]
    certain = bool(own) and all(found.is_sure and run.quality >= 0.8 and not run.doubts for found, run in own)
    row_runs = tuple(_row_run(lines, run, certain) for _, run in own if run.starts)
    skipped = Rows((lines.starts[at], lines.ends[at]) for _, run in own for at in run.skipped)
    return ListRows(spec.pointer, row_runs, certain=certain, skipped=skipped)


def _row_run(lines: Lines, run: LineRun, certain: bool) -> RowRun:
    rows = Rows(
        (lines.starts[first], lines.ends[stop - 1]) for first, stop in zip(run.starts, run.stops, strict=True)
    )
    context: tuple[Span, ...] = ()
    if run.header:
        context = (Span(lines.starts[run.header[0]], lines.ends[run.header[1] - 1]),)
    return RowRun(rows, context, run.basis, certain)
