"""Queues are short and shared by callers; what a job took decides where the next one like it runs."""

import asyncio

import pytest

from structgen.errors import Overloaded
from structgen.workers import costs
from structgen.workers.costs import Costs
from structgen.workers.lanes import CALLER, Lane


async def waiting(lane: Lane, callers: str) -> tuple[list[str], list[asyncio.Task[None]]]:
    """One job for each letter, which names its caller and number; the order in which they got the place."""
    served: list[str] = []

    async def one(caller: str, number: int) -> None:
        CALLER.set(caller)
        await lane.enter()
        served.append(f"{caller}{number}")
        lane.leave()

    tasks = []
    for number, caller in enumerate(callers):
        tasks.append(asyncio.create_task(one(caller, number)))
        await asyncio.sleep(0)
    return served, tasks


async def test_callers_take_turns_however_many_jobs_they_have() -> None:
    """A caller's own jobs keep their order."""
    lane = Lane("test", 1, 16)
    assert lane.try_enter()
    served, tasks = await waiting(lane, "aaaabcb")
    lane.leave()
    await asyncio.gather(*tasks)
    assert served == ["a0", "b4", "c5", "a1", "b6", "a2", "a3"]


async def test_a_full_queue_takes_from_whoever_has_most_in_it() -> None:
    """Its last job is refused for a newcomer's first; who has as much as anybody is refused."""
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
async def test_a_job_that_leaves_loses_no_place(leaving: str) -> None:
    """Neither in the queue nor when its turn has just come."""
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


def test_the_dearest_job_of_its_kind_counts_until_it_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cheap one later does not make the kind cheap, but time does."""
    known = Costs()
    assert known.of("a") == "unknown"
    known.measured("a", 0.001)
    assert known.of("a") == "cheap"
    known.measured("a", 2.0)
    known.measured("a", 0.001)
    assert (known.of("a"), known.of("b")) == ("costly", "unknown")
    monkeypatch.setattr(costs, "EXPIRES", -1.0)
    assert known.of("a") == "unknown"


def test_costs_are_kept_of_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ones measured longest ago are forgotten first."""
    monkeypatch.setattr(costs, "KEPT", 2)
    known = Costs()
    for key in ("a", "b", "c"):
        known.measured(key, 0.001)
    assert [known.of(key) for key in ("a", "b", "c")] == ["unknown", "cheap", "cheap"]
