"""Messages on standard error: text on a terminal, one JSON object in each line for programs."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from structgen import json_text
from structgen.types import Diagnostic

QUIET, NORMAL, VERBOSE = -1, 0, 1
SPINNER_DELAY = 1.0
"""Seconds before a spinner appears: fast results need none."""
ONLY_IN_SCHEMAS_CHECK = frozenset({"validated-only"})
"""Codes of warnings that only `structgen schemas check` shows."""
_LEVEL = "structgen.verbosity"
_lock = threading.Lock()


def set_verbosity(level: int) -> None:
    """Set the level of `-q` (-1) or `-v` (1) for the rest of the command."""
    click.get_current_context().meta[_LEVEL] = level


def verbosity() -> int:
    """Return -1 for `-q`, 1 for `-v`, 0 otherwise; threads without a click context see 0."""
    context = click.get_current_context(silent=True)
    level: int = NORMAL if context is None else context.meta.get(_LEVEL, NORMAL)
    return level


def is_terminal() -> bool:
    """Return whether standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def has_color() -> bool:
    """Return whether standard error shows colours: a terminal that is not dumb, without `NO_COLOR`."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def warn(message: str, code: str = "warning", pointer: str = "", count: int = 1, source: str = "") -> None:
    """Print a warning on standard error, unless `-q` is set. `code` is a stable kebab-case name.

    `count` is the number of documents with the warning, and `source` the first of them.
    """
    if verbosity() <= QUIET:
        return
    first = f"{source}: " if source else ""
    times = f" ({count} documents{', first ' + source if source else ''})" if count > 1 else ""
    place = f"{pointer}: " if pointer else ""
    entry = {"code": code, "pointer": pointer, "message": message, "count": count}
    if source:
        entry["source"] = source
    _print(f"{'' if times else first}{place}{message}{times}", {"warning": entry}, "warning: ", "yellow")


def note(message: str, data: Mapping[str, Any] | None = None) -> None:
    """Print a message on standard error, unless `-q` is set. Programs get `data` instead of the text."""
    if verbosity() > QUIET:
        _print(message, data or {"note": message})


def detail(message: str, data: Mapping[str, Any] | None = None) -> None:
    """Print a message on standard error if `-v` is set. Programs get `data` instead of the text."""
    if verbosity() >= VERBOSE:
        _print(message, data or {"note": message})


def log(line: str) -> None:
    """Print a log line on standard error, as text for programs too, unless `-q` is set."""
    if verbosity() > QUIET:
        click.echo(line, err=True)


def styled(text: str, color: str) -> str:
    """Return the text in bold and this colour if standard error shows colours."""
    return click.style(text, fg=color, bold=True) if has_color() else text


def _print(text: str, data: Mapping[str, Any], label: str = "", color: str = "") -> None:
    if is_terminal():
        click.echo(f"structgen: {styled(label, color) if label else ''}{text}", err=True)
    else:
        click.echo(json_text.dumps(data), err=True)


class ResultWarnings:
    """Collect the warnings of all results of a run, each once with its count. Threads may share it."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], tuple[str, str]] = {}

    def add(self, warnings: Iterable[Diagnostic], source: str = "") -> None:
        """Count the warnings of one result; equal code and message count once for each result.

        `source` names the document in a run of several.
        """
        distinct = {(w.code, w.message): w.pointer for w in warnings if w.code not in ONLY_IN_SCHEMAS_CHECK}
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
def spinner(text: str) -> Iterator[Callable[[str], None] | None]:
    """Show a spinner on a terminal after a second, unless `-q` is set; yield what replaces its text."""
    if not is_terminal() or verbosity() <= QUIET:
        yield None
        return
    shown: list[Any] = []
    current = [text]

    def show() -> None:
        from rich.console import Console

        shown.append(Console(stderr=True).status(current[0]))
        shown[0].start()

    def replace(text: str) -> None:
        current[0] = text
        for status in shown:
            status.update(text)

    timer = threading.Timer(SPINNER_DELAY, show)
    timer.daemon = True
    timer.start()
    try:
        yield replace
    finally:
        timer.cancel()
        timer.join()
        for status in shown:
            status.stop()
