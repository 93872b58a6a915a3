"""Settings of the service: one frozen value, passed in. The environment is read in `cli` alone."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path

from structgen.errors import ConfigError
from structgen.schema.document import DEFAULT_LIMITS
from structgen.schema.limits import SchemaLimits
from structgen.schema.registry import SHIPPED

_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """How the service listens and what it lets in. Checked when made: `ConfigError` names the fix."""

    host: str = "127.0.0.1"
    port: int = 8000
    """0 takes a free one."""
    api_key: str | None = None
    """Required of every request under /v1 where it is set."""
    schemas: Path = SHIPPED
    """Folder of the schemas that requests may name."""
    max_body: int = 4 * 2**20
    """Bytes of a request."""
    max_queue: int = 64
    """Requests that may wait for the engine; more get 429."""
    max_deadline: float = 300.0
    """Seconds that any request may take."""
    shutdown_grace: int = 30
    """Seconds that running requests get to end when the service stops."""
    schema_cache: int = 512
    """Checked schemas kept."""
    limits: SchemaLimits = DEFAULT_LIMITS
    """What callers' schemas may measure."""

    def __post_init__(self) -> None:
        if self.api_key is not None and not _KEY.fullmatch(self.api_key):
            raise ConfigError(
                "the API key (STRUCTGEN_API_KEY) has white space or characters beyond ASCII, which no caller "
                "can send: take letters, digits and marks alone"
            )
        if not _loopback(self.host) and not self.api_key:
            raise ConfigError(
                f"refusing to listen on {self.host} without an API key: set STRUCTGEN_API_KEY, or "
                "listen on 127.0.0.1"
            )
        if not self.schemas.is_dir():
            raise ConfigError(f"no folder of schemas at {self.schemas}: give one that exists with --schemas")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
