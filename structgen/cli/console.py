"""What the command line says on standard error: words on a terminal, a JSON object a line for programs."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from structgen import json_text
from structgen.types import Diagnostic

QUIET, NORMAL, VERBOSE = -1, 0, 1
SPINNER_DELAY = 1.0
"""Seconds of silence before a spinner shows: a fast answer needs none."""
CHECKED_ONLY = frozenset({"validated-only"})
"""Codes of warnings that `structgen schemas check` tells, and no other command."""
_LEVEL = "structgen.verbosity"
_lock = threading.Lock()


def set_verbosity(level: int) -> None:
    """Remember `-q` (-1) or `-v` (1) for the rest of the command."""
    click.get_current_context().meta[_LEVEL] = level


def verbosity() -> int:
    """Return -1 for `-q`, 1 for `-v`, 0 otherwise; threads without a click context see 0."""
    context = click.get_current_context(silent=True)
    level: int = NORMAL if context is None else context.meta.get(_LEVEL, NORMAL)
    return level


def is_terminal() -> bool:
    """Return whether a person reads standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def has_color() -> bool:
    """Return whether standard error shows colours: a terminal that is not dumb, and no `NO_COLOR`."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def warn(message: str, code: str = "warning", pointer: str = "", count: int = 1, source: str = "") -> None:
    """Print a warning on standard error; `-q` silences it. `code` is a stable kebab-case name.

    `count` is the number of documents that it is about, and `source` the first of them.
    """
    if verbosity() <= QUIET:
        return
    first = f"{source}: " if source else ""
    times = f" ({count} documents{', first ' + source if source else ''})" if count > 1 else ""
    place = f"{pointer}: " if pointer else ""
    entry = {"code": code, "pointer": pointer, "message": message, "count": count}
    if source:
        entry["source"] = source
    _say(f"{'' if times else first}{place}{message}{times}", {"warning": entry}, "warning: ", "yellow")


def note(message: str, data: Mapping[str, Any] | None = None) -> None:
    """Print what is worth knowing on standard error; `-q` silences it.

    `data` is what programs read in place of the words.
    """
    if verbosity() > QUIET:
        _say(message, data or {"note": message})


def detail(message: str, data: Mapping[str, Any] | None = None) -> None:
    """Print what only `-v` shows."""
    if verbosity() >= VERBOSE:
        _say(message, data or {"note": message})


def log(line: str) -> None:
    """Print a line of a log, in words for people and programs alike; `-q` silences it."""
    if verbosity() > QUIET:
        click.echo(line, err=True)


def styled(text: str, color: str) -> str:
    """Return the text in bold and that colour where standard error shows colours."""
    return click.style(text, fg=color, bold=True) if has_color() else text


def _say(words: str, data: Mapping[str, Any], label: str = "", color: str = "") -> None:
    if is_terminal():
        click.echo(f"structgen: {styled(label, color) if label else ''}{words}", err=True)
    else:
        click.echo(json_text.dumps(data), err=True)


class ResultWarnings:
    """The warnings of all results of a run, each kept once with its count. Safe for threads."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], tuple[str, str]] = {}

    def add(self, warnings: Iterable[Diagnostic], source: str = "") -> None:
        """Count the warnings of one result; the same code and message counts once a result.

        `source` names the document, where there are several.
        """
        distinct = {(w.code, w.message): w.pointer for w in warnings if w.code not in CHECKED_ONLY}
        with _lock:
            for key, pointer in distinct.items():
                self._counts[key] += 1
                self._first.setdefault(key, (pointer, source))

    def show(self) -> None:
        """Print each warning once, in the order of first appearance."""
        for (code, message), count in self._counts.items():
            pointer, source = self._first[code, message]
            warn(message, code, pointer, count, source)


@contextmanager
def spinner(text: str) -> Iterator[None]:
    """Show that work goes on, on a terminal and not under `-q`, once it has taken a second."""
    if not is_terminal() or verbosity() <= QUIET:
        yield
        return
    shown: list[Any] = []

    def show() -> None:
        from rich.console import Console

        shown.append(Console(stderr=True).status(text))
        shown[0].start()

    timer = threading.Timer(SPINNER_DELAY, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for status in shown:
            status.stop()
