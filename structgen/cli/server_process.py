"""Run the service in this process, whose logging, memory and threads it configures."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from structgen.cli import logs
from structgen.cli.port_check import check_address
from structgen.errors import ConfigError

if TYPE_CHECKING:
    from structgen.config import ServerConfig
    from structgen.engines import Engine

_KEY_VARIABLES = "STRUCTGEN_API_KEY", "STRUCTGEN_REMOTE_KEY", "STRUCTGEN_DOCLING_KEY"
_M_ARENA_MAX, _M_TRIM_THRESHOLD = -8, -1
"""Parameters of glibc's `mallopt`, from malloc.h."""
_SWITCH_INTERVAL = 0.001
"""Seconds after which a thread that reads a large body lets others run."""


def run_server(config: ServerConfig, engine: Engine, log_level: str, log_format: str) -> None:
    """Serve until a signal ends the process."""
    from structgen.server.uvicorn_server import make_server

    logs.configure(log_level, log_format)
    for name in _KEY_VARIABLES:  # they have been read, and child processes must not inherit them
        os.environ.pop(name, None)
    _limit_malloc()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    server = make_server(config, engine)
    try:
        server.run()
    except SystemExit as end:  # uvicorn exits if it cannot start
        check_address(config.host, config.port)
        raise ConfigError(f"cannot listen on {config.host}:{config.port}: see the lines above") from end


def _limit_malloc() -> None:
    """Let glibc return memory early: otherwise each thread keeps the memory of one large body."""
    with suppress(OSError, AttributeError):  # another C library has no mallopt
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_ARENA_MAX, 2)
        libc.mallopt(_M_TRIM_THRESHOLD, 2**17)
