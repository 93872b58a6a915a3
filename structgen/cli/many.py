"""Many documents: some at once, their answers in order, and how far it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import click

from structgen import jsontext
from structgen.cli.failures import INTERRUPTED, OF_THE_DOCUMENT, exit_code, problem, report
from structgen.errors import StructgenError

Say = Callable[[Callable[[], None]], None]
"""Calls what prints, with no progress bar in the way, and counts a document as done."""


def in_order(work: Callable[[str], Any], paths: Sequence[str], jobs: int, full: bool) -> int:
    """Prints a line for each path; gives the exit code. Faults of no single document are raised."""
    worst, pool = 0, ThreadPoolExecutor(jobs)
    try:
        futures = [pool.submit(work, path) for path in paths]
        with progress(len(paths)) as say:
            for path, future in zip(paths, futures, strict=True):
                try:
                    line = future.result()
                    say(partial(click.echo, jsontext.dumps(line)))
                except OF_THE_DOCUMENT as error:
                    worst = max(worst, exit_code(error))
                    say(partial(_failed, error, path, full))
    except KeyboardInterrupt:  # threads in the middle of a document would hold up the end
        sys.stdout.flush()
        os._exit(INTERRUPTED)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return worst


def _failed(error: StructgenError, path: str, full: bool) -> None:
    report(error, path)
    click.echo(jsontext.dumps(problem(error, path) if full else None))


@contextmanager
def progress(total: int) -> Iterator[Say]:
    """A bar on standard error where that is a terminal."""
    if not sys.stderr.isatty():
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
