"""The deadline of a request before its generation begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from structgen.strategies.deadline import deadline_exceeded


@contextmanager
def waiting_within(seconds: float | None) -> Iterator[None]:
    """Turn a time-out before the generation into the error that names the deadline."""
    try:
        yield
    except TimeoutError as error:
        raise deadline_exceeded(seconds, "while the request waited for the engine") from error
