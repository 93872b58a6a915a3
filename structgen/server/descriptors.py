"""File descriptors: how many connections the process's limit allows."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from structgen.errors import ConfigError

RESERVE = 64
"""Descriptors kept for worker processes, files and the engine."""
FEWEST = 16
"""Connections below which the service does not start."""
_ACCEPT = "socket.accept() out of system resource"
log = logging.getLogger("structgen.server")


def connections_within(most: int) -> int:
    """Raise the limit of open files as far as is allowed and needed; return the connections that fit.

    `ConfigError` where hardly any do.
    """
    try:
        import resource
    except ImportError:  # no such limit here
        return most
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = _open() + RESERVE
    if soft != resource.RLIM_INFINITY and soft < most + used:
        soft = most + used if hard == resource.RLIM_INFINITY else min(hard, most + used)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= most + used:
        return most
    fitting = soft - used
    if fitting < FEWEST:
        raise ConfigError(
            f"{soft} open files are allowed, of which the service itself needs {used}: raise the limit "
            f"(ulimit -n {used + FEWEST} or more)"
        )
    log.warning("%d connections at once, not %d: %d open files are allowed (ulimit -n)", fitting, most, soft)
    return fitting


def _open() -> int:
    """Descriptors of this process that are open now."""
    try:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:
        return 32


def quiet_when_exhausted(loop: asyncio.AbstractEventLoop) -> None:
    """Log one line, not a traceback for each try, where a connection cannot be accepted."""
    last = [float("-inf")]

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if context.get("message") != _ACCEPT:
            loop.default_exception_handler(context)
        elif loop.time() - last[0] > 10:
            last[0] = loop.time()
            log.error("connections cannot be accepted: %s", context.get("exception"))

    loop.set_exception_handler(handle)
