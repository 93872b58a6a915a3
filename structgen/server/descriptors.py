"""File descriptors: the number of connections that the process's limit allows."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from structgen.errors import ConfigError

RESERVE = 64
"""Descriptors reserved for worker processes, files and the engine."""
MIN_CONNECTIONS = 16
"""The service does not start with fewer connections."""
_ACCEPT_FAILED = "socket.accept() out of system resource"
log = logging.getLogger("structgen.server")


def allowed_connections(wanted: int) -> int:
    """Raise the limit of open files as far as needed and allowed, and return the connections that fit.

    Raises `ConfigError` for fewer than `MIN_CONNECTIONS`.
    """
    try:
        import resource
    except ImportError:  # no such limit here
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = _open_descriptors() + RESERVE
    if soft != resource.RLIM_INFINITY and soft < wanted + used:
        soft = wanted + used if hard == resource.RLIM_INFINITY else min(hard, wanted + used)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= wanted + used:
        return wanted
    available = soft - used
    if available < MIN_CONNECTIONS:
        raise ConfigError(
            f"{soft} open files are allowed, of which the service itself needs {used}: raise the limit "
            f"(ulimit -n {used + MIN_CONNECTIONS} or more)"
        )
    log.warning("%d connections at once, not %d: ulimit -n allows %d open files", available, wanted, soft)
    return available


def _open_descriptors() -> int:
    """Return the number of descriptors that this process has open."""
    try:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:
        return 32


def log_exhaustion_briefly(loop: asyncio.AbstractEventLoop) -> None:
    """Log one line in ten seconds, instead of a traceback for each connection that cannot be accepted."""
    last_logged = float("-inf")

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        nonlocal last_logged
        if context.get("message") != _ACCEPT_FAILED:
            loop.default_exception_handler(context)
        elif loop.time() - last_logged > 10:
            last_logged = loop.time()
            log.error("connections cannot be accepted: %s", context.get("exception"))

    loop.set_exception_handler(handle)
