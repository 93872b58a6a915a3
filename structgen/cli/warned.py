"""Warnings on standard error, each once a run."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable

import click

from structgen import jsontext
from structgen.types import Diagnostic

QUIET = frozenset({"validated-only"})
"""Codes that `structgen schemas check` tells, and no other command."""


class Warned:
    """What was said in one run. Safe for threads."""

    def __init__(self) -> None:
        self._seen: set[Diagnostic] = set()
        self._lock = threading.Lock()

    def show(self, warnings: Iterable[Diagnostic]) -> None:
        """Print those that were not printed before: words on a terminal, a line of JSON for programs."""
        with self._lock:
            for warning in warnings:
                if warning.code not in QUIET and warning not in self._seen:
                    self._seen.add(warning)
                    _print(warning)


def _print(warning: Diagnostic) -> None:
    if sys.stderr.isatty():
        click.echo(f"structgen: warning: {warning.pointer or '/'}: {warning.message}", err=True)
    else:
        click.echo(jsontext.dumps({"warning": warning.to_json()}), err=True)
