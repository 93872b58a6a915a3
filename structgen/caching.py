"""Asynchronous cache: least recently used entries leave first, and equal requests share one computation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any, Generic, TypeVar

from cachetools import TLRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def never(_: Exception) -> float:
    """Keep no error: the next request computes again."""
    return 0.0


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[V]):
    """A finished computation: its value, or the error that it raised."""

    value: V | None
    error: Exception | None
    size: int
    lifetime: float
    """Seconds that the outcome is kept."""

    def result(self) -> V:
        """Return the value, or raise the error without the traceback of earlier raises."""
        if self.error is not None:
            raise self.error.with_traceback(None)
        return self.value  # type: ignore[return-value]


@dataclass(slots=True)
class _Flight(Generic[V]):
    """A computation in progress."""

    task: asyncio.Task[V]
    size: int
    waiters: int = 0


class SingleFlightCache(Generic[K, V]):
    """Least recently used cache with single flight, for the coroutines of one event loop.

    `maxsize` bounds the sum of the entries' sizes; a size is 1 unless `size_of` or the call of `get` says
    otherwise. `error_lifetime` gives the seconds for which an error is kept and raised again: 0 for not at
    all, `inf` for as long as a value. `cancel_abandoned` ends a computation when its last caller leaves;
    without it the computation goes on, and its value is kept.
    """

    def __init__(
        self,
        maxsize: int,
        *,
        size_of: Callable[[V], int] | None = None,
        error_lifetime: Callable[[Exception], float] = never,
        cancel_abandoned: bool = False,
    ) -> None:
        self._size_of, self._error_lifetime = size_of, error_lifetime
        self._cancel_abandoned = cancel_abandoned
        self._flights: dict[K, _Flight[V]] = {}
        self._outcomes: TLRUCache[K, _Outcome[V]] = TLRUCache(
            maxsize,
            ttu=lambda _, outcome, now: now + outcome.lifetime,
            getsizeof=lambda outcome: outcome.size,
        )

    def __len__(self) -> int:
        """Return the number of entries, computations in progress included."""
        return len(self._outcomes) + len(self._flights)

    def __contains__(self, key: K) -> bool:
        """Return whether the key has an entry, finished or in progress."""
        return key in self._outcomes or key in self._flights

    @property
    def size(self) -> int:
        """Sum of the entries' sizes, computations in progress included."""
        return int(self._outcomes.currsize) + sum(flight.size for flight in self._flights.values())

    async def get(self, key: K, compute: Callable[[], Coroutine[Any, Any, V]], size: int = 1) -> V:
        """Return the value of the key; `compute` makes it where no entry has it and no other call does.

        `size` is the size of the entry during the computation, that of a kept error, and that of the value
        where the cache has no `size_of`.
        """
        outcome = self._outcomes.get(key)
        if outcome is not None:
            return outcome.result()
        flight = self._flights.get(key)
        if flight is None or flight.task.get_loop() is not asyncio.get_running_loop():
            flight = self._start(key, compute, size)
        flight.waiters += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiters -= 1
            if self._cancel_abandoned and not flight.waiters and not flight.task.done():
                self._remove(key, flight)
                flight.task.cancel()

    def clear(self) -> None:
        """Drop all entries. Computations in progress go on for the callers that wait for them."""
        self._outcomes.clear()
        self._flights.clear()

    def _start(self, key: K, compute: Callable[[], Coroutine[Any, Any, V]], size: int) -> _Flight[V]:
        flight = self._flights[key] = _Flight(asyncio.create_task(compute()), size)
        flight.task.add_done_callback(partial(self._settle, key, flight))
        return flight

    def _remove(self, key: K, flight: _Flight[V]) -> bool:
        """Remove the flight; return whether it was still the key's one."""
        if self._flights.get(key) is not flight:
            return False
        del self._flights[key]
        return True

    def _settle(self, key: K, flight: _Flight[V], task: asyncio.Task[V]) -> None:
        """Keep the outcome of a computation that has ended."""
        error = None if task.cancelled() else task.exception()
        if not self._remove(key, flight) or task.cancelled():
            return
        if error is None:
            value = task.result()
            size = flight.size if self._size_of is None else self._size_of(value)
            outcome = _Outcome(value, None, size, inf)
        elif isinstance(error, Exception):
            outcome = _Outcome(None, error, flight.size, self._error_lifetime(error))
        else:
            return
        with suppress(ValueError):  # larger than the whole cache
            self._outcomes[key] = outcome
