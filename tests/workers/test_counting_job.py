"""Counting the rows of a document in a worker process: its time grows with the document."""

from __future__ import annotations

from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.workers.limits import CHARACTERS_A_SECOND, WorkerLimits
from structgen.workers.pool import WorkerPool

ROW = {
    "type": "object",
    "properties": {"date": {"type": "string"}, "text": {"type": "string"}, "amount": {"type": "number"}},
    "required": ["date", "text", "amount"],
}


def test_a_longer_text_may_take_more_processor_time() -> None:
    limits = WorkerLimits(max_cpu_seconds=4, max_seconds=30)
    assert limits.for_text(CHARACTERS_A_SECOND - 1) == limits
    longer = limits.for_text(10 * CHARACTERS_A_SECOND)
    assert (longer.max_cpu_seconds, longer.max_seconds) == (14, 50)


async def test_many_rows_are_counted_beyond_the_time_of_a_short_text() -> None:
    rows = "".join(f"2024-05-{day % 28 + 1:02};payment of invoice {day};{day}.50\n" for day in range(20_000))
    schema = Schema.parse({"type": "array", "items": ROW})
    pool = WorkerPool(WorkerLimits(max_cpu_seconds=1), size=1)
    await pool.start()
    try:
        counted = await pool.count(Source("date;text;amount\n" + rows), schema)
    finally:
        await pool.close()
    assert counted[""].expected == 20_000
