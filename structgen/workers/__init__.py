"""Disposable processes for work whose cost a caller's schema decides: checks, compiles, validation."""

from structgen.workers.lanes import CURRENT_CALLER, FairTurns, busiest_caller
from structgen.workers.limits import WorkerLimits
from structgen.workers.pool import WorkerPool

__all__ = ["CURRENT_CALLER", "FairTurns", "WorkerLimits", "WorkerPool", "busiest_caller"]
