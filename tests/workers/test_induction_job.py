"""Rows are induced in a worker process, which a hostile text cannot hold for long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from structgen.evidence.source import Source
from structgen.longdoc.induction.induction_task import InductionTask
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema
from structgen.workers import WorkerLimits, WorkerPool

ITEM = {"type": "object", "properties": {"name": {"type": "string"}, "amount": {"type": "number"}}}
SCHEMA = Schema.parse({"type": "object", "properties": {"rows": {"type": "array", "items": ITEM}}})


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(WorkerLimits(max_cpu_seconds=1))
    await pool.start()
    yield pool
    await pool.close()


def task(text: str, items: list[dict[str, Any]]) -> InductionTask:
    return InductionTask({"rows": items}, Source(text), ListRows("/rows"), items, None)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("number", [20, 400], ids=["short", "long"])
async def test_the_rows_are_those_of_the_library(pool: WorkerPool, number: int) -> None:
    text = "\n".join(f"the part bolt {n} costs {n}.25 now" for n in range(number))
    given = task(text, [{"name": f"bolt {n}", "amount": n + 0.25} for n in range(number) if n % 10 != 5])
    induced, here = await pool.induce(SCHEMA, given), given.rows(SCHEMA)
    assert induced is not None
    assert here is not None
    assert [row for run in induced.rows.runs for row in run.rows] == [
        row for run in here.rows.runs for row in run.rows
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_search_beyond_the_limits_finds_no_rows_and_ends(pool: WorkerPool) -> None:
    text = "- " * 400_000
    items = [{"name": f"- {'- ' * (n % 50)}", "amount": n} for n in range(4_000)]
    assert await pool.induce(SCHEMA, task(text, items)) is None
    short = task("bolt 1", [{"name": "bolt", "amount": 1}])
    await pool.induce(SCHEMA, short)
    assert len(pool.processes.alive) <= 4
