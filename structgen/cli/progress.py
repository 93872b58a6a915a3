"""A progress bar on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from structgen.cli import console
from structgen.messages import counted
from structgen.types import OnProgress

Advance = Callable[[Callable[[], None]], None]
"""Calls a function that prints, without the bar in its way, and counts one item as done."""


@contextmanager
def segment_progress(text: str) -> Iterator[OnProgress | None]:
    """Show a spinner with the segments of a document that are done, if standard error is a terminal.

    Yields None where there is nothing to show.
    """
    with console.spinner(text) as show:
        if show is None:
            yield None
            return
        yield lambda done: show(
            f"{text}: {done.segments_done:,} of {counted(done.segments, 'segment')}, "
            f"{counted(done.rows, 'row')}"
        )


@contextmanager
def progress(total: int | None) -> Iterator[Advance]:
    """Show a bar if standard error is a terminal. `total` is None if it is unknown."""
    if not console.is_terminal() or console.verbosity() <= console.QUIET:
        yield lambda show: show()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # A bar that redirects standard output would write the JSON to standard error.
    bar = Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    )
    task = bar.add_task("", total=total)

    def advance(show: Callable[[], None]) -> None:
        bar.stop()
        show()
        bar.advance(task)
        bar.start()

    with bar:
        yield advance
