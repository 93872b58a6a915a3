"""Disposable processes for work whose cost a caller's schema decides: checks, compiles, validation."""

from structgen.workers.lanes import CALLER, Turns, greediest
from structgen.workers.limits import WorkerLimits
from structgen.workers.pool import Workers

__all__ = ["CALLER", "Turns", "WorkerLimits", "Workers", "greediest"]
