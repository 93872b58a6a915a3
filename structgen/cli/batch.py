"""Many documents: some at once, their answers in order, and how far it is."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from structgen.cli import console

I = TypeVar("I")  # noqa: E741
O = TypeVar("O")  # noqa: E741
Say = Callable[[Callable[[], None]], None]
"""Calls what prints, with no progress bar in the way, and counts a document as done."""
_AHEAD = 4
"""Documents that may wait, answered, for an earlier one: as many times what runs at once."""


def in_order(work: Callable[[I], O], items: Iterable[I], jobs: int) -> Iterator[tuple[I, Future[O]]]:
    """Yield each item with its finished work, in the order given; `jobs` of them run at once.

    Items are read in a thread of their own, no further ahead than needed: they may come slowly, and
    without an end. What reading them raises is raised here, in its place.
    """
    results: queue.Queue[Any] = queue.Queue()
    room = threading.Semaphore(jobs * (1 + _AHEAD))
    pool = ThreadPoolExecutor(jobs)
    stopped = threading.Event()

    def read() -> None:
        try:
            for item in items:
                room.acquire()
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
            entry[1].exception()  # waits
            yield entry
            room.release()
    finally:
        stopped.set()
        room.release()
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def progress(total: int | None) -> Iterator[Say]:
    """A bar on standard error where that is a terminal; `None`: nobody knows how many there are."""
    if not console.is_terminal() or console.verbosity() <= console.QUIET:
        yield lambda show: show()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Redirected, the JSON would go to standard error with the bar.
    bar = Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    )
    task = bar.add_task("", total=total)

    def say(show: Callable[[], None]) -> None:
        bar.stop()
        show()
        bar.advance(task)
        bar.start()

    with bar:
        yield say
