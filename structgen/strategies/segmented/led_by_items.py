"""The rows that a list is checked against: the counted ones, or those that its items show."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from typing import Any

from structgen.evidence.source import Source
from structgen.longdoc.induction.induced_rows import InducedRows
from structgen.longdoc.induction.induction_task import InductionTask
from structgen.longdoc.likely_rows import likely_runs
from structgen.longdoc.lists import list_specs, object_lists
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.places import list_at
from structgen.strategies.segmented.segment_tasks import list_derivations


async def led_by_items(rows: ListRows, data: Any, asking: Asking, at_once: int) -> ListCheck:
    """Return the check of a list: where the count is not certain, by the rows that its items show."""
    items = list_at(data, rows.pointer)
    if rows.runs or items:
        await asking.tasks.prepare(*list_derivations(rows.pointer))
    if rows.certain:
        return ListCheck(rows, items, asking.document, at_once)
    if not items:
        likely = await asyncio.to_thread(_likely_rows, rows, asking)
        return ListCheck(rows, items, asking.document, at_once, likely=likely)
    source = asking.task.source or Source(asking.document)
    item_schema = await asyncio.to_thread(asking.tasks.item_schema, rows.pointer)
    task = InductionTask(data, source, rows, items, item_schema)
    induced = await asking.collaborators.inducer(asking.task.schema, task)
    if induced is not None and (_are_inner(induced.rows, rows) or _are_interleaved(induced, item_schema)):
        induced = None
    return ListCheck(induced.rows if induced else rows, items, asking.document, at_once, induced)


def _are_interleaved(induced: InducedRows, item_schema: Schema | None) -> bool:
    """Return whether items with lists of their own have values between those of others: no fault there."""
    return bool(induced.homes.mixed and item_schema is not None and item_schema.memoised(object_lists))


def _are_inner(induced: ListRows, counted: ListRows) -> bool:
    """Return whether induced rows are rows of the lists inside of the items: no item is as short."""
    inner = [row for each in counted.inner for run in each.rows.runs for row in run.rows]
    if not inner:
        return False
    starts, spans = sorted(row.start for row in inner), [row for run in induced.runs for row in run.rows]
    several = sum(bisect_left(starts, span.end) - bisect_left(starts, span.start) > 1 for span in spans)
    inside = sum(bisect_left(starts, span.end) > bisect_left(starts, span.start) for span in spans)
    return inside > 0 and several == 0 and 2 * inside >= len(spans)


def _likely_rows(rows: ListRows, asking: Asking) -> list[int]:
    """Return the numbers of the estimated rows that an empty list may have left out."""
    spec = next(
        (spec for spec in asking.task.schema.memoised(list_specs) if spec.pointer == rows.pointer), None
    )
    runs = [] if spec is None else likely_runs(rows, spec, asking.document)
    numbers, start = list[int](), 0
    for run in rows.runs:
        numbers += range(start, start + len(run.rows)) if any(run is each for each in runs) else ()
        start += len(run.rows)
    return numbers
