"""Process items in parallel, with the results in the order of the items."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Output = TypeVar("Output")
_FINISHED_AHEAD = 4
"""Finished items that may wait for an earlier one, for each item in progress."""


def in_order(
    work: Callable[[Item], Output], items: Iterable[Item], jobs: int
) -> Iterator[tuple[Item, Future[Output]]]:
    """Yield each item with its finished work, in the given order; `jobs` items run at once.

    A thread reads the items, no further ahead than necessary: they may arrive slowly and without end. An
    exception of reading is raised here, in its place.
    """
    results: queue.Queue[Any] = queue.Queue()
    free = threading.Semaphore(jobs * (1 + _FINISHED_AHEAD))
    pool = ThreadPoolExecutor(jobs)
    stopped = threading.Event()

    def read() -> None:
        try:
            for item in items:
                free.acquire()
                if stopped.is_set():
                    return
                results.put((item, pool.submit(work, item)))
            results.put(None)
        except BaseException as error:
            results.put(error)

    threading.Thread(target=read, daemon=True).start()
    try:
        while (entry := results.get()) is not None:
            if isinstance(entry, BaseException):
                raise entry
            entry[1].exception()  # waits for the end of the work
            yield entry
            free.release()
    finally:
        stopped.set()
        free.release()
        pool.shutdown(wait=False, cancel_futures=True)
