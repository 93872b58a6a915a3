"""Counts the rows that a text has for each list of a schema, without a model."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.evidence.source import Source
from structgen.longdoc.day_runs import days
from structgen.longdoc.headed_rows import under_headings
from structgen.longdoc.layout.dated_blocks import dated_blocks
from structgen.longdoc.layout.entries import entries
from structgen.longdoc.layout.furniture import furniture
from structgen.longdoc.layout.headings import enclosing, heading_above, marked_headings
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.ruled_tables import ruled_tables
from structgen.longdoc.layout.stated_counts import is_generic, says_none, stated_count
from structgen.longdoc.layout.tables import tables
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.leftovers import has_leftovers
from structgen.longdoc.list_matching import Matcher, name_words
from structgen.longdoc.lists import ListSpec, list_specs, nested_specs
from structgen.longdoc.named_runs import give_named_owners
from structgen.longdoc.row_lacks import lacks_values, without_foot
from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.longdoc.run_choice import MIN_QUALITY, Choice, apart, choose
from structgen.longdoc.run_parts import are_parts
from structgen.longdoc.sections import sections
from structgen.longdoc.side_columns import side_columns
from structgen.longdoc.two_sides import two_sides
from structgen.schema import Schema
from structgen.types import Span


def count_rows(source: Source, schema: Schema, start: int = 0, end: int | None = None) -> dict[str, ListRows]:
    """Return the rows of a range of the text by the pointer of their list, in document order."""
    specs = list_specs(schema)
    if not specs:
        return {}
    text = _Text(Lines(source, start, len(source.text) if end is None else end), schema, specs)
    return {spec.pointer: text.list_rows(spec) for spec in specs}


class _Text:
    """The lines of a text with the runs that may be rows of the lists of a schema."""

    def __init__(self, lines: Lines, schema: Schema, specs: Sequence[ListSpec]) -> None:
        self.lines, self.specs = lines, specs
        self.nested = {spec.pointer: nested_specs(spec, schema) for spec in specs}
        every = [*specs, *(inner for spec in specs for inner in self.nested[spec.pointer])]
        words = frozenset().union(*map(name_words, every))
        self.furniture = furniture(lines)
        self.matcher = Matcher(lines)
        runs = [
            *ruled_tables(lines, self.furniture),
            *tables(lines, self.furniture, words),
            *entries(lines, self.furniture),
            *dated_blocks(lines, self.furniture),
        ]
        for run in runs:
            run.sides = two_sides(self.matcher, run, specs) or side_columns(self.matcher, run, specs)
        self.marked = marked_headings(lines)
        give_named_owners(self.matcher, runs, specs, self.marked, self.furniture)
        self.runs = apart(self.matcher, runs, every)

    def list_rows(self, spec: ListSpec) -> ListRows:
        """Return the rows of one list."""
        for inner in self.nested[spec.pointer]:
            choice = choose(self.matcher, self.runs, inner, ())
            if choice.runs and all(found.is_sure for found, _ in choice.runs):
                return self._sections(spec, inner, choice)
        choice = choose(self.matcher, self.runs, spec, [other for other in self.specs if other is not spec])
        return self._rows(spec, choice)

    def _sections(self, spec: ListSpec, inner: ListSpec, choice: Choice) -> ListRows:
        own = [run for _, run in choice.runs]
        run = sections(self.lines, own, self.furniture)
        if run is None:
            return ListRows(spec.pointer)
        certain = choice.is_certain() and run.quality >= MIN_QUALITY
        certain = certain and not has_leftovers(self.lines, inner, own, (), self.furniture)
        return ListRows(spec.pointer, (self._row_run(run, certain, 0),), certain)

    def _rows(self, spec: ListSpec, choice: Choice) -> ListRows:
        runs = [without_foot(self.lines, run, spec) for _, run in choice.runs if run.starts]
        found = sum(len(run.starts) for run in runs)
        stated = self._stated(spec, runs)
        agrees = not stated or found in stated or sum(stated) == found
        certain = agrees and choice.is_certain(confirmed=bool(found and stated))
        certain = certain and (bool(stated) or are_parts(self.lines, runs, self.furniture))
        certain = certain and not any(lacks_values(self.lines, run, spec) for run in runs)
        certain = certain and not has_leftovers(self.lines, spec, runs, self._sure(spec), self.furniture)
        if not found and stated and max(stated) == 0:
            certain = not choice.is_contested
        rows, floor = [], 0
        for run in runs:
            whole = self._row_run(run, certain, floor)
            if run.kind == "day":
                rows += days(self.lines, run, whole)
            elif certain:
                rows += under_headings(self.lines, run, whole, self.marked, self.furniture)
            else:  # of an estimated run, items of one section tell that the rows of the others count
                rows.append(whole)
            floor = run.stop
        skipped = Rows((self.lines.starts[at], self.lines.ends[at]) for run in runs for at in run.skipped)
        told = found if stated and agrees else max(stated, default=None)
        return ListRows(spec.pointer, tuple(rows), certain, told, skipped)

    def _sure(self, spec: ListSpec) -> list[LineRun]:
        """Return the runs that are certainly another list's."""
        others = [other for other in self.specs if other is not spec]
        return [run for run in self.runs if any(self.matcher.match(run, other).is_sure for other in others)]

    def _stated(self, spec: ListSpec, runs: Sequence[LineRun]) -> list[int]:
        """Return the counts that lines outside of the rows state."""
        names = title_words(" ".join(map(str, spec.path[-1:])))
        alone, counts, at = len(self.specs) == 1, [], 0
        for run in [*runs, None]:
            for line in range(at, run.starts[0] if run else len(self.lines)):
                text = self.lines[line]
                count = stated_count(text, names)
                if count is not None:
                    counts.append(count)
                elif not runs and not self.nested[spec.pointer] and (noun := says_none(text)) is not None:
                    near = title_words(" ".join(self.lines.texts(max(0, line - 2), line + 1)))
                    if (is_generic(noun) and alone) or near & names:
                        counts.append(0)
            if run:
                at = run.stops[-1]
        return counts

    def _row_run(self, run: LineRun, certain: bool, floor: int) -> RowRun:
        lines = self.lines
        whole = (
            (lines.starts[first], lines.ends[stop - 1])
            for first, stop in zip(run.starts, run.stops, strict=True)
        )
        rows = Rows(zip(run.places[::2], run.places[1::2], strict=True) if run.places else whole)
        above = enclosing(self.marked, run.first)
        near = heading_above(lines, run.first, floor, self.furniture)
        if near is not None and near not in above and run.kind != "section":
            above.append(near)
        context = [Span(lines.starts[at], lines.ends[at]) for at in above]
        header = None
        if run.header:
            header = Span(lines.starts[run.header[0]], lines.ends[run.header[1] - 1])
            context.append(header)
        return RowRun(rows, tuple(context), run.basis, certain, header if run.kind == "table" else None)
