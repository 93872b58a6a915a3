"""What one job may cost, and what is said of one that costs more."""

from __future__ import annotations

from dataclasses import dataclass

from structgen.errors import SchemaLimit
from structgen.workers.process import Died


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one job may cost. The name of a field is the `limit` that an error names."""

    max_seconds: int = 30
    """Of wall time, the wait for a processor included: beyond it a job is given up, without a verdict."""
    max_cpu_seconds: int = 4
    """Of a processor."""
    max_memory: int = 2**30
    """Bytes beyond what an idle worker holds."""


def verdict(death: Died, limits: WorkerLimits) -> SchemaLimit:
    """The error for a job whose process ended."""
    if death.out_of_time:
        return out_of_time(limits)
    if death.out_of_memory:
        return _limit("max_memory", limits.max_memory, "bytes")
    return SchemaLimit(f"the check of this schema crashed ({death})", "max_crashes", 1, 0)


def out_of_time(limits: WorkerLimits) -> SchemaLimit:
    """The error for a job that used up its processor time."""
    return _limit("max_cpu_seconds", limits.max_cpu_seconds, "seconds of a processor")


def _limit(name: str, allowed: int, unit: str) -> SchemaLimit:
    detail = f"the check of this schema, or of a value under it, takes more than {allowed} {unit} ({name})"
    return SchemaLimit(detail, name, allowed + 1, allowed)
