"""Deadlines on the monotonic clock, and the error for one that passed."""

from __future__ import annotations

import time
from collections.abc import Sequence

from structgen.errors import DeadlineExceeded
from structgen.types import Attempt, AttemptStatus, Usage


def deadline_at(seconds: float | None, start: float) -> float | None:
    """Return the time at which a deadline of so many seconds passes; None without a deadline."""
    return None if seconds is None else start + seconds


def seconds_left(deadline_at: float | None) -> float | None:
    """Return the seconds until a time of the monotonic clock; None without one."""
    return None if deadline_at is None else deadline_at - time.monotonic()


def cut_status(deadline_at: float | None) -> AttemptStatus:
    """Return the status of an attempt that was cancelled: by its deadline, or by its caller."""
    left = seconds_left(deadline_at)
    return "deadline" if left is not None and left <= 0 else "error"


def deadline_exceeded(
    seconds: float | None, phase: str, attempts: Sequence[Attempt] = ()
) -> DeadlineExceeded:
    """Return the error for a deadline that passed in a phase of the run, such as "in attempt 2"."""
    detail = (
        f"the deadline of {seconds} s passed {phase}: raise limits.deadline (a service bounds it by "
        "--max-deadline)"
    )
    usage = sum((attempt.usage for attempt in attempts), Usage())
    return DeadlineExceeded(detail, attempts, usage)
