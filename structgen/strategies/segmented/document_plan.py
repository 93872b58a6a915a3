"""The plan of one document: which lists have certain rows, and what the other text is read for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge as merge_sorted

from structgen.evidence.source import Source
from structgen.longdoc.cutting import Cutter
from structgen.longdoc.lists import ListSpec, list_specs, object_lists
from structgen.longdoc.planning import hidden_rows, row_segments, spans_without
from structgen.longdoc.rows import ListRows
from structgen.longdoc.segments import Segment
from structgen.schema import Schema
from structgen.strategies.segmented.budget import ReadingBudget
from structgen.strategies.segmented.segment_tasks import SegmentTasks, frame_derivation, list_derivations
from structgen.strategies.task import Task
from structgen.types import Span

_BARE = {"$schema", "$id", "$defs", "title", "description", "type", "properties", "required"} | {
    "additionalProperties"
}
"""Keywords of an object without members of its own."""


@dataclass(frozen=True)
class DocumentPlan:
    """The segments of a document: of its frame first, then of the rows of each list."""

    frame: tuple[Segment, ...]
    frame_schema: Schema | None
    """The schema of each segment of the frame; None where the lists are all there is."""
    lists: tuple[tuple[ListRows, int], ...]
    """The lists with certain rows, and the number of rows that the model reads at once."""
    open_lists: tuple[ListRows, ...]
    """The lists whose rows are estimates: the frame's segments have their items."""
    budget: ReadingBudget
    sections: Mapping[str, Schema]
    """Schemas of items that have lists of their own and are read as documents, by their lists' pointers."""

    def row_segments(self, rows: ListRows, at_once: int) -> Iterator[Segment]:
        """Yield the segments of a list's rows."""
        yield from row_segments(rows, replace(self.budget.segment, rows=at_once))


async def plan_document(
    source: Source, counts: Mapping[str, ListRows], budget: ReadingBudget, tasks: SegmentTasks
) -> DocumentPlan:
    """Plan the segments of a document."""
    task = tasks.task
    certain: list[tuple[ListRows, int]] = []
    estimated = []
    sections: dict[str, Schema] = {}
    for spec in list_specs(task.schema):
        rows = counts.get(spec.pointer, ListRows(spec.pointer))
        if rows.certain and rows.runs:
            await tasks.prepare(*list_derivations(spec.pointer))
        if rows.certain and rows.runs and tasks.list_schema(spec.pointer, None) is not None:
            item_schema = tasks.item_schema(spec.pointer)
            if item_schema is not None and item_schema.memoised(object_lists):
                sections[spec.pointer] = item_schema
                certain.append((rows, 1))
            else:
                certain.append((rows, _at_once(task, spec, rows, budget)))
        else:
            estimated.append(rows)
    closed = [rows.pointer for rows, _ in certain]
    await tasks.prepare(frame_derivation(closed, part=False))
    schema = tasks.frame_schema(closed, part=False)
    if schema is None and "" not in closed:  # what is left has no schema of its own
        estimated, certain, closed = [*estimated, *(rows for rows, _ in certain)], [], []
        schema = task.schema
    frame: tuple[Segment, ...] = ()
    if schema is not None and not _is_bare(schema):
        lists = [rows for rows, _ in certain]
        frame = await asyncio.to_thread(tuple, _frame(source, lists, estimated, budget))
    if len(frame) > 1:
        await tasks.prepare(frame_derivation(closed, part=True))
        schema = tasks.frame_schema(closed, part=True)
    return DocumentPlan(frame, schema, tuple(certain), tuple(estimated), budget, sections)


def _is_bare(schema: Schema) -> bool:
    """Return whether a schema is that of an object of which it names no member."""
    definition = schema.definition
    return isinstance(definition, dict) and not definition.get("properties") and definition.keys() <= _BARE


def _at_once(task: Task, spec: ListSpec, rows: ListRows, budget: ReadingBudget) -> int:
    names = [field.name for field in spec.fields]
    return budget.for_answer(task.sampling.answer_tokens, rows, names).rows


def _frame(
    source: Source, certain: Sequence[ListRows], estimated: Sequence[ListRows], budget: ReadingBudget
) -> Iterator[Segment]:
    """Yield the segments of the text without the rows of certain lists, but the first few of each run."""
    hidden = merge_sorted(*(hidden_rows(rows) for rows in certain), key=lambda span: span.start)
    spans = list(spans_without(source.text, hidden))
    if sum(span.end - span.start for span in spans) > budget.segment.characters:
        skipped = sorted((span for rows in certain for span in _between_rows(rows)), key=lambda s: s.start)
        hidden = merge_sorted(*(hidden_rows(rows) for rows in certain), skipped, key=lambda span: span.start)
        spans = list(spans_without(source.text, hidden))
    runs = [run for rows in estimated for run in rows.runs]
    yield from Cutter(source, spans, budget.segment, runs).segments()


def _between_rows(rows: ListRows) -> Iterator[Span]:
    """Yield the lines that are no rows after the first row and before the last one."""
    first, last = rows.runs[0].rows[0].start, rows.runs[-1].rows[-1].end
    for span in rows.skipped:
        if first < span.start < last:
            yield span
