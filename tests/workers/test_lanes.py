"""Lanes have short queues that callers share fairly."""

import asyncio

import pytest

from structgen.errors import Overloaded
from structgen.workers.lanes import CURRENT_CALLER, Lane


async def waiting(lane: Lane, callers: str) -> tuple[list[str], list[asyncio.Task[None]]]:
    """Queue one job for each letter, the caller; return the jobs in the order in which they get the slot."""
    served: list[str] = []

    async def one(caller: str, number: int) -> None:
        CURRENT_CALLER.set(caller)
        await lane.enter()
        served.append(f"{caller}{number}")
        lane.leave()

    tasks = []
    for number, caller in enumerate(callers):
        tasks.append(asyncio.create_task(one(caller, number)))
        await asyncio.sleep(0)
    return served, tasks


async def test_callers_take_turns_however_many_jobs_they_have() -> None:
    """Callers alternate, and the jobs of one caller keep their order."""
    lane = Lane("test", 1, 16)
    assert lane.try_enter()
    served, tasks = await waiting(lane, "aaaabcb")
    lane.leave()
    await asyncio.gather(*tasks)
    assert served == ["a0", "b4", "c5", "a1", "b6", "a2", "a3"]


async def test_a_full_queue_refuses_the_last_job_of_the_busiest_caller() -> None:
    """A newcomer takes the place of that job; a caller with as many jobs as the others is refused itself."""
    lane = Lane("test", 1, 3)
    assert lane.try_enter()
    served, tasks = await waiting(lane, "aaabb")
    lane.leave()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        type(None),
        Overloaded,
        type(None),
        Overloaded,
    ]
    assert served == ["a0", "b3", "a1"]


@pytest.mark.parametrize("leaving", ["queued", "just called"])
async def test_a_cancelled_job_gives_its_slot_back(leaving: str) -> None:
    """The lane loses no slot if the job is cancelled in the queue or just as its turn comes."""
    lane = Lane("test", 1, 8)
    assert lane.try_enter()
    served, tasks = await waiting(lane, "abc")
    if leaving == "just called":
        lane.leave()
    tasks[0].cancel()
    if leaving == "queued":
        await asyncio.sleep(0)
        lane.leave()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert served == ["b1", "c2"]
    assert (lane.free, lane.waiting) == (1, 0)
