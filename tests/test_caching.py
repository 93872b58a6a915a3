"""The asynchronous cache: single flight, least recently used first out, errors kept for their lifetime."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from math import inf
from typing import Any

import pytest

from structgen.caching import SingleFlightCache


class Counted:
    """Computations that count their calls, wait for `gate` and return or raise their outcome."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.cancelled = 0

    def __call__(self, outcome: Any) -> Callable[[], Coroutine[Any, Any, Any]]:
        async def compute() -> Any:
            self.calls.append(outcome)
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return compute


async def test_concurrent_calls_share_one_computation() -> None:
    """Five calls at once compute once, and a later call finds the value."""
    cache, counted = SingleFlightCache[str, int](4), Counted()
    assert await asyncio.gather(*(cache.get("a", counted(1)) for _ in range(5))) == [1] * 5
    assert await cache.get("a", counted(2)) == 1
    assert counted.calls == [1]


async def test_the_least_recently_used_entry_leaves_first() -> None:
    """A hit makes an entry recent."""
    cache, counted = SingleFlightCache[str, str](2), Counted()
    for key in ("a", "b", "a", "c"):
        await cache.get(key, counted(key))
    assert ["a" in cache, "b" in cache, "c" in cache, len(cache)] == [True, False, True, 2]


async def test_entries_leave_by_size() -> None:
    """A large value takes the room of several, and one beyond the whole room is not kept."""
    cache, counted = SingleFlightCache[str, str](10, size_of=len), Counted()
    for value in ("xxxx", "yyyy", "zzzzzz"):
        await cache.get(value, counted(value))
    assert (cache.size, "xxxx" in cache, "yyyy" in cache) == (10, False, True)
    assert await cache.get("large", counted("l" * 11)) == "l" * 11
    assert "large" not in cache


@pytest.mark.parametrize(
    ("lifetime", "calls"),
    [
        pytest.param(0.0, 2, id="dropped"),
        pytest.param(inf, 1, id="kept"),
        pytest.param(0.03, 1, id="briefly"),
    ],
)
async def test_an_error_is_kept_for_its_lifetime(lifetime: float, calls: int) -> None:
    """A kept error is raised again without another computation."""
    cache, counted = SingleFlightCache[str, int](4, error_lifetime=lambda _: lifetime), Counted()
    for _ in range(2):
        with pytest.raises(KeyError):
            await cache.get("a", counted(KeyError("refused")))
    assert len(counted.calls) == calls
    if 0 < lifetime < inf:
        await asyncio.sleep(2 * lifetime)
        assert await cache.get("a", counted(1)) == 1


async def test_a_kept_error_does_not_grow() -> None:
    """Each raise of a kept error starts a new traceback."""
    cache, counted = SingleFlightCache[str, int](4, error_lifetime=lambda _: inf), Counted()
    depths = []
    for _ in range(3):
        with pytest.raises(KeyError) as raised:
            await cache.get("a", counted(KeyError("refused")))
        depths.append(len(raised.traceback))
    assert depths[1] == depths[2]


@pytest.mark.parametrize("cancel_abandoned", [False, True], ids=["goes-on", "ends"])
async def test_an_abandoned_computation(cancel_abandoned: bool) -> None:
    """It goes on and its value is kept, or it ends with its last caller."""
    cache = SingleFlightCache[str, int](4, cancel_abandoned=cancel_abandoned)
    counted = Counted()
    counted.gate.clear()
    calls = [asyncio.create_task(cache.get("a", counted(1))) for _ in range(2)]
    await asyncio.sleep(0.01)
    calls[0].cancel()
    await asyncio.sleep(0.01)
    assert (counted.cancelled, len(cache)) == (0, 1)
    calls[1].cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    counted.gate.set()
    await asyncio.sleep(0.01)
    assert (counted.cancelled, "a" in cache) == (int(cancel_abandoned), not cancel_abandoned)


async def test_a_call_after_clear_computes_again() -> None:
    """The outcome of a computation from before `clear` is not kept."""
    cache, counted = SingleFlightCache[str, int](4), Counted()
    counted.gate.clear()
    call = asyncio.create_task(cache.get("a", counted(1)))
    await asyncio.sleep(0.01)
    cache.clear()
    counted.gate.set()
    assert (await call, len(cache)) == (1, 0)
