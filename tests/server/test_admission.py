"""Admission to the engine: order, fairness, and refusals."""

import asyncio

import pytest

from structgen.errors import Overloaded
from structgen.server.admission import Admission
from structgen.server.metrics import Metrics
from structgen.workers import CURRENT_CALLER


def admission(longest: int = 8) -> Admission:
    return Admission(1, longest, Metrics())


async def queued(gate: Admission, priorities: list[int]) -> tuple[list[int], list[asyncio.Task[None]]]:
    """Queue requests of these priorities behind a running one, and return the order of their admission."""
    served: list[int] = []

    async def one(number: int, priority: int) -> None:
        async with gate.place(priority):
            served.append(number)

    tasks = []
    for number, priority in enumerate(priorities):
        tasks.append(asyncio.create_task(one(number, priority)))
        await asyncio.sleep(0)
    return served, tasks


async def test_lower_priorities_go_first_and_alike_ones_in_order() -> None:
    """Requests of equal priority are admitted in the order of their arrival."""
    gate = admission()
    async with gate.place():
        served, tasks = await queued(gate, [0, 5, -1, 0])
    await asyncio.gather(*tasks)
    assert served == [2, 0, 3, 1]


async def test_callers_take_turns_however_many_requests_they_have() -> None:
    """Callers take turns; in a full queue, the caller with most requests makes room."""
    gate = admission(longest=4)
    served: list[str] = []

    async def one(caller: str, number: int) -> None:
        CURRENT_CALLER.set(caller)
        async with gate.place():
            served.append(f"{caller}{number}")

    async with gate.place():
        tasks = []
        for number, caller in enumerate("aaaabb"):
            tasks.append(asyncio.create_task(one(caller, number)))
            await asyncio.sleep(0)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert served == ["a0", "b4", "a1", "b5"]
    assert [type(outcome) for outcome in outcomes[2:4]] == [Overloaded, Overloaded]


async def test_who_wants_several_places_is_passed_for_a_while_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Smaller requests overtake one that needs several slots for a bounded time; it gets at most all slots."""
    gate = Admission(3, 8, Metrics())
    served: list[str] = []

    async def one(name: str, wanted: int) -> None:
        async with gate.place(0, wanted):
            served.append(name)

    async with gate.place(0, 2):
        wide, narrow = asyncio.create_task(one("wide", 9)), asyncio.create_task(one("narrow", 1))
        await narrow
        assert served == ["narrow"]
        monkeypatch.setattr("structgen.server.admission.MAX_OVERTAKEN", 0.0)
        late = asyncio.create_task(one("late", 1))
        for _ in range(5):
            await asyncio.sleep(0)
        assert served == ["narrow"]
    await asyncio.gather(wide, late)
    assert served == ["narrow", "wide", "late"]
    async with gate.place(0, 3):
        pass


@pytest.mark.parametrize("wanted", [(1, 1), (3, 1), (1, 3)])
async def test_those_who_leave_at_once_lose_no_place(wanted: tuple[int, int]) -> None:
    """Requests whose deadlines pass in one turn of the event loop return their slots."""
    gate = Admission(3, 8, Metrics())

    async def one(places: int) -> None:
        async with gate.place(0, places):
            pass

    async with gate.place(0, 3):
        tasks = [asyncio.create_task(one(places)) for places in wanted]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(f, asyncio.CancelledError) for f in found)
    async with asyncio.timeout(1), gate.place(0, 3):
        pass


async def test_a_full_queue_is_no_reason_where_a_place_is_free() -> None:
    """A request that fits the free slots is admitted although the queue is full of larger ones."""
    gate = Admission(4, 1, Metrics())
    async with gate.place():
        wide = asyncio.create_task(gate.place(0, 4).__aenter__())
        await asyncio.sleep(0)
        async with gate.place():
            pass
        wide.cancel()
        await asyncio.gather(wide, return_exceptions=True)


async def test_beyond_the_queue_is_told_when_to_come_again() -> None:
    """A request beyond the queue is refused at once, with the seconds until a retry."""
    gate = admission(longest=1)
    async with gate.place():
        _, tasks = await queued(gate, [0])
        with pytest.raises(Overloaded) as caught:
            async with gate.place():
                pass
        assert caught.value.retry_after > 1
    await asyncio.gather(*tasks)


async def test_who_leaves_the_queue_loses_no_place() -> None:
    """A request that is cancelled in the queue, or as its turn comes, holds no slot."""
    gate = admission()
    async with gate.place():
        served, (first, second, third) = await queued(gate, [0, 0, 0])
        second.cancel()
        await asyncio.sleep(0)
    first.cancel()  # its turn has come, and it has not run yet
    await asyncio.gather(first, second, third, return_exceptions=True)
    assert served == [2]
    async with asyncio.timeout(1), gate.place():
        pass
