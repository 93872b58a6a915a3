"""Schemas of requests: each is checked once, and kept within a bound on memory."""

from __future__ import annotations

import hashlib
import math
import pickle
import time
from functools import partial
from typing import Any

from structgen.caching import SingleFlightCache
from structgen.errors import InvalidSchema, SchemaError, SchemaLimit
from structgen.schema import Schema, SchemaLimits
from structgen.server.metrics import Metrics
from structgen.workers import WorkerPool

Checked = tuple[Schema, InvalidSchema | None]
"""A schema, and why it has no grammar."""
LIMIT_LIFETIME = 60.0
"""Seconds for which a schema counts as too costly to check: a busy machine may have been the cause."""
_COST_LIMITS = ("max_cpu_seconds", "max_memory", "max_crashes")
_MEMORY_PER_PICKLED_BYTE = 6
"""Estimated bytes of memory of a checked schema, with its validators, for each of its pickled bytes."""
_MIN_MEMORY = 4096


class SchemaCache:
    """Check each schema once, also if many requests bring it at the same time.

    Errors of the schema are kept like schemas, those about its cost for a minute. A check whose last caller
    leaves is cancelled.
    """

    def __init__(self, workers: WorkerPool, limits: SchemaLimits, max_bytes: int, metrics: Metrics) -> None:
        self._workers, self._limits, self._metrics = workers, limits, metrics
        self._cache = SingleFlightCache[bytes, tuple[Schema, InvalidSchema | None, int]](
            max_bytes,
            size_of=lambda checked: _memory(checked[2]),
            error_lifetime=error_lifetime,
            cancel_abandoned=True,
        )

    @property
    def size(self) -> int:
        """Return the estimated bytes of all entries."""
        return self._cache.size

    def __len__(self) -> int:
        """Return the number of entries, checks in progress included."""
        return len(self._cache)

    async def checked(self, given: Any) -> Checked:
        """Return a checked schema and why it has no grammar; raises the errors of the check."""
        pickled = pickle.dumps(given)  # the worker gets these bytes, and they identify the schema
        key = hashlib.sha256(pickled).digest()
        schema, refusal, _ = await self._cache.get(
            key, partial(self._parse, key, pickled), _memory(len(pickled))
        )
        return schema, refusal

    async def _parse(self, key: bytes, pickled: bytes) -> tuple[Schema, InvalidSchema | None, int]:
        began = time.monotonic()
        try:
            return await self._workers.parse(pickled, self._limits, key)
        finally:
            self._metrics.compiles.observe(time.monotonic() - began)


def _memory(pickled_bytes: int) -> int:
    return _MIN_MEMORY + _MEMORY_PER_PICKLED_BYTE * pickled_bytes


def error_lifetime(error: Exception) -> float:
    """Return the seconds to keep an error: only those of the schema itself are kept."""
    if isinstance(error, SchemaLimit) and error.limit in _COST_LIMITS:
        return LIMIT_LIFETIME
    return math.inf if isinstance(error, SchemaError) else 0.0
