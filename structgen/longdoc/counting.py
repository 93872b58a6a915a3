"""Counts the rows that a text has for each list of a schema, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from structgen.evidence.source import Source
from structgen.longdoc.day_runs import days
from structgen.longdoc.field_titles import list_words
from structgen.longdoc.headed_rows import under_headings
from structgen.longdoc.layout.amounts import first_of_sum
from structgen.longdoc.layout.blank_tables import blank_tables
from structgen.longdoc.layout.cell_tables import cell_tables
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
from structgen.longdoc.leaf_lists import leaf_lists
from structgen.longdoc.leftovers import has_leftovers
from structgen.longdoc.list_matching import WEAK, Matcher
from structgen.longdoc.lists import ListSpec, list_specs, nested_specs
from structgen.longdoc.named_runs import give_named_owners
from structgen.longdoc.plain_lists.counting import PlainLists
from structgen.longdoc.row_groups import Groups, LeafRows, groups_of, leaf_rows
from structgen.longdoc.row_lacks import lacks_values, without_foot
from structgen.longdoc.rows import InnerRows, ListRows, RowRun, Rows
from structgen.longdoc.run_choice import MIN_QUALITY, Choice, apart, choose
from structgen.longdoc.run_edges import ends_with_charge, has_open_edges
from structgen.longdoc.run_parts import are_parts
from structgen.longdoc.sections import sections
from structgen.longdoc.side_columns import side_columns
from structgen.longdoc.two_sides import two_sides
from structgen.schema import Schema
from structgen.schema.traversal import pointer
from structgen.types import Span


def count_rows(source: Source, schema: Schema, start: int = 0, end: int | None = None) -> dict[str, ListRows]:
    """Return the rows of a range of the text by the pointer of their list, in document order."""
    specs = list_specs(schema)
    if not specs:
        return {}
    lines = Lines(source, start, len(source.text) if end is None else end)
    objects = [spec for spec in specs if not spec.is_plain]
    plain = [spec for spec in specs if spec.is_plain]
    pages = furniture(lines)
    of_objects = _Text(lines, schema, objects, pages) if objects else None
    of_values = PlainLists(lines, pages, plain) if plain else None
    counters = {True: of_values, False: of_objects}
    counted = ((spec, counters[spec.is_plain]) for spec in specs)
    return {spec.pointer: counter.list_rows(spec) for spec, counter in counted if counter is not None}


class _Text:
    """The lines of a text with the runs that may be rows of the lists of objects of a schema."""

    def __init__(
        self, lines: Lines, schema: Schema, specs: Sequence[ListSpec], pages: frozenset[int]
    ) -> None:
        self.lines, self.specs = lines, specs
        self.nested = {spec.pointer: nested_specs(spec, schema) for spec in specs}
        self.leaves = {spec.pointer: leaf_lists(spec, schema) for spec in specs}
        every = [*specs, *(inner for spec in specs for inner in self.nested[spec.pointer])]
        every += [leaf.whole for leaves in self.leaves.values() for leaf in leaves]
        words = frozenset().union(*map(list_words, every))
        self.furniture = pages
        self.matcher = Matcher(lines)
        runs = [
            *ruled_tables(lines, self.furniture),
            *tables(lines, self.furniture, words),
            *entries(lines, self.furniture),
            *dated_blocks(lines, self.furniture),
            *blank_tables(lines, self.furniture, words),
            *cell_tables(lines, self.furniture, words),
        ]
        for run in runs:
            run.sides = two_sides(self.matcher, run, specs) or side_columns(self.matcher, run, specs)
        self.marked = marked_headings(lines)
        give_named_owners(self.matcher, runs, specs, self.marked, self.furniture)
        self.all_runs = runs
        self.runs = apart(self.matcher, runs, every)

    def list_rows(self, spec: ListSpec) -> ListRows:
        """Return the rows of one list."""
        leaves = [leaf_rows(self.matcher, self.all_runs, leaf) for leaf in self.leaves[spec.pointer]]
        found = [groups_of(self.lines, leaf, self.furniture) for leaf in leaves]
        rows = self._list_rows(spec, leaves, [groups for groups in found if groups])
        inner = tuple(
            self._inner_rows(leaf, groups is not None and groups.is_certain)
            for leaf, groups in zip(leaves, found, strict=True)
        )
        return replace(rows, inner=inner) if inner else rows

    def _group_rows(self, spec: ListSpec, groups: Groups) -> ListRows:
        runs = tuple(self._row_run(run, groups.is_certain, 0) for run in groups.runs)
        return ListRows(spec.pointer, runs, groups.is_certain)

    def _inner_rows(self, leaf: LeafRows, is_certain: bool) -> InnerRows:
        """Return the rows of a list inside of items: certain ones where these are certain groups of rows."""
        rows = self._rows(leaf.spec, leaf.choice)
        if is_certain:
            runs = tuple(replace(run, certain=True) for run in rows.runs)
            rows = replace(rows, runs=runs, certain=True)
        return InnerRows(tuple(map(pointer, leaf.leaf.path)), rows)

    def _list_rows(self, spec: ListSpec, leaves: Sequence[LeafRows], found: Sequence[Groups]) -> ListRows:
        if certain := next((groups for groups in found if groups.is_certain), None):
            agree = all(certain.starts >= groups.starts for groups in found)
            return self._group_rows(spec, replace(certain, is_certain=agree))
        for inner in self.nested[spec.pointer]:
            choice = choose(self.matcher, self.runs, inner, ())
            if choice.runs and all(found.is_sure for found, _ in choice.runs):
                return self._sections(spec, inner, choice, next(iter(found), None))
        choice = choose(self.matcher, self.runs, spec, [other for other in self.specs if other is not spec])
        own = {start for _, run in choice.runs for start in run.starts}
        for leaf in leaves:
            if own and 2 * sum(start in own for run in leaf.runs for start in run.starts) >= len(own):
                return self._group_rows(spec, found[0]) if found else ListRows(spec.pointer)
        return self._rows(spec, choice)

    def _sections(self, spec: ListSpec, inner: ListSpec, choice: Choice, groups: Groups | None) -> ListRows:
        own = [run for _, run in choice.runs]
        run = sections(self.lines, own, self.furniture)
        if run is None:
            return ListRows(spec.pointer) if groups is None else self._group_rows(spec, groups)
        is_alone = groups is None or groups.size == len(run.starts)
        if len(run.starts) == 1 and any(_may_have_groups(each, inner) for each in own):
            run.quality = 0.0
        certain = is_alone and choice.is_certain() and run.quality >= MIN_QUALITY
        certain = certain and not has_leftovers(self.lines, inner, own, (), self.furniture)
        return ListRows(spec.pointer, (self._row_run(run, certain, 0),), certain)

    def _rows(self, spec: ListSpec, choice: Choice) -> ListRows:
        runs = [without_foot(self.lines, run, spec) for _, run in choice.runs if run.starts]
        found = sum(len(run.starts) for run in runs)
        stated = self._stated(spec, runs)
        agrees = not stated or found in stated or sum(stated) == found
        adds_up = bool(runs) and first_of_sum(self.lines, runs) == 0
        certain = agrees and choice.is_certain(confirmed=bool(found and stated), adds_up=adds_up)
        certain = certain and (bool(stated) or are_parts(self.lines, runs, self.furniture))
        edges = {at for run in runs for at in (run.starts[0], run.starts[-1]) if run.kind != "table"}
        certain = certain and all(stated_count(self.lines[at], self._names(spec)) is None for at in edges)
        if not stated and not adds_up:
            certain = certain and not any(has_open_edges(self.lines, run, self.furniture) for run in runs)
        certain = certain and not any(ends_with_charge(self.lines, run) for run in runs)
        certain = certain and not any(lacks_values(self.lines, run, spec) for run in runs)
        certain = certain and not has_leftovers(
            self.lines, spec, runs, self._sure(spec), self.furniture, adds_up
        )
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

    @staticmethod
    def _names(spec: ListSpec) -> frozenset[str]:
        return title_words(" ".join(map(str, spec.path[-1:])))

    def _stated(self, spec: ListSpec, runs: Sequence[LineRun]) -> list[int]:
        """Return the counts that lines outside of the rows state."""
        names = self._names(spec)
        alone, counts, at = len(self.specs) == 1, list[int](), 0
        for run in [*runs, None]:
            for line in range(at, run.starts[0] if run else len(self.lines)):
                text = self.lines[line]
                count = stated_count(text, names)
                if count is not None:
                    counts.append(count)
                elif not runs and not self.nested.get(spec.pointer) and (noun := says_none(text)) is not None:
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


def _may_have_groups(run: LineRun, spec: ListSpec) -> bool:
    """Return whether rows may be several groups: with more columns than fields, or no clear beginnings."""
    if run.kind == "table":
        return len([title for title in run.titles if title_words(title)] or run.columns) > len(spec.fields)
    return run.kind in WEAK or sum(run.stops) - sum(run.starts) > len(run.starts)
