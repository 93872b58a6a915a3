"""Disposable processes for what a caller's schema could make costly: checks, compiles, validation."""

from structgen.workers.pool import WorkerLimits, Workers

__all__ = ["WorkerLimits", "Workers"]
