"""Limit and measure what the current process uses of processor and memory."""

from __future__ import annotations

from math import ceil
from pathlib import Path

HEAVY_BYTES = 300 * 2**20
"""A worker that holds more memory than this is not used again."""


def is_memory_heavy() -> bool:
    """Return whether this process holds more than `HEAVY_BYTES`."""
    try:
        import resource

        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < HEAVY_BYTES // 1024:  # its peak was lower
            return False
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * resource.getpagesize() > HEAVY_BYTES
    except (ImportError, OSError):
        return False


def limit_cpu(seconds: int) -> None:
    """Let the system end this process after it has used `seconds` more of a processor."""
    try:
        import resource
    except ImportError:  # no such limits on this system: the pool's own clock ends the job
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(used.ru_utime + used.ru_stime) + seconds, hard))


def limit_memory(more_bytes: int) -> None:
    """Bound the address space to its present size plus `more_bytes`."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more_bytes, hard))
