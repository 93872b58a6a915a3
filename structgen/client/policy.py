"""Timeout, retries and size bound of the calls of a client."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from structgen.backoff import Backoff
from structgen.errors import ConfigError
from structgen.http_responses import MAX_RESPONSE_BYTES

_MAX_TIMEOUT = 10_000_000.0
"""Seconds that a socket accepts as its timeout, with room to spare."""


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """Bounds of one call."""

    timeout: float = 300.0
    """Seconds for the whole call, its waits and retries included."""
    max_retries: int = 3
    """Retries after 429, 503 and lost connections. Other failures are not retried."""
    max_response_bytes: int = MAX_RESPONSE_BYTES
    """Bytes of a decoded body, or of one event of a stream."""
    backoff: Backoff = field(default_factory=Backoff)
    """Waits between retries. A service that asks for more than `backoff.longest` gets no retry."""
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= _MAX_TIMEOUT:
            raise ConfigError(f"timeout must be a positive number of seconds, not {self.timeout!r}")
        if self.max_retries < 0:
            raise ConfigError(f"max_retries must be 0 or more, not {self.max_retries!r}")
        if self.max_response_bytes < 1:
            raise ConfigError(f"max_response_bytes must be 1 or more, not {self.max_response_bytes!r}")
