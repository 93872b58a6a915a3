"""Limits of one job, and the errors for jobs that exceed them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from structgen.errors import SchemaLimit
from structgen.workers.worker_process import WorkerDied

CHARACTERS_A_SECOND = 100_000
"""Characters of a text for each second of processor time beyond that of a short one."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """Limits of one job. An error names the exceeded limit by its field."""

    max_seconds: int = 30
    """Wall time, waits for a processor included: beyond it the job is given up without a verdict."""
    max_cpu_seconds: int = 4
    """Processor time."""
    max_memory: int = 2**30
    """Bytes beyond the memory of an idle worker."""

    def for_text(self, characters: int) -> WorkerLimits:
        """Return the limits for a job whose time grows with the length of its text."""
        more = characters // CHARACTERS_A_SECOND
        return replace(
            self, max_cpu_seconds=self.max_cpu_seconds + more, max_seconds=self.max_seconds + 2 * more
        )


def limit_error(death: WorkerDied, limits: WorkerLimits) -> SchemaLimit:
    """Return the error for a job whose process ended."""
    if death.out_of_time:
        return cpu_limit_error(limits)
    if death.out_of_memory:
        return _exceeded("max_memory", limits.max_memory, "bytes")
    return SchemaLimit(f"the worker process that checked this schema crashed ({death})", "max_crashes", 1, 0)


def cpu_limit_error(limits: WorkerLimits) -> SchemaLimit:
    """Return the error for a job that used up its processor time."""
    return _exceeded("max_cpu_seconds", limits.max_cpu_seconds, "seconds of processor time")


def _exceeded(name: str, allowed: int, unit: str) -> SchemaLimit:
    detail = f"checking this schema, or a value against it, takes more than {allowed} {unit} ({name})"
    return SchemaLimit(detail, name, allowed + 1, allowed)
