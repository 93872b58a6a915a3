"""The rows that a list is checked against: the counted ones, or those that its items show."""

from __future__ import annotations

import asyncio
from typing import Any

from structgen.evidence.source import Source
from structgen.longdoc.induction.induction_task import InductionTask
from structgen.longdoc.rows import ListRows
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.places import list_at
from structgen.strategies.segmented.segment_tasks import list_derivations


async def led_by_items(rows: ListRows, data: Any, asking: Asking, at_once: int) -> ListCheck:
    """Return the check of a list: where the count is not certain, by the rows that its items show."""
    items = list_at(data, rows.pointer)
    if rows.runs or items:
        await asking.tasks.prepare(*list_derivations(rows.pointer))
    if rows.certain or not items:
        return ListCheck(rows, items, asking.document, at_once)
    source = asking.task.source or Source(asking.document)
    item_schema = await asyncio.to_thread(asking.tasks.item_schema, rows.pointer)
    task = InductionTask(data, source, rows, items, item_schema)
    induced = await asking.collaborators.inducer(asking.task.schema, task)
    return ListCheck(induced.rows if induced else rows, items, asking.document, at_once, induced)
