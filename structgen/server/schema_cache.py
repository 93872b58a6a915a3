"""Schemas of requests: each is checked once, and kept within a bound on memory."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Any

from structgen.errors import InvalidSchema, SchemaError, SchemaLimit
from structgen.schema import Schema, SchemaLimits
from structgen.server.metrics import Metrics
from structgen.workers import Workers

Checked = tuple[Schema, InvalidSchema | None]
"""A schema, and why no grammar can be built of it."""

LIMIT_KEPT = 60.0
"""Seconds that a schema counts as one that costs too much to check."""
_OBJECTS = 6
"""Bytes of memory that a checked schema takes for each of its pickled bytes, its validators included."""
_LEAST = 4096


@dataclass
class _Check:
    """The check of one schema, running or done."""

    task: asyncio.Task[Checked]
    size: int
    """Bytes of memory, as reckoned."""
    waiting: int = 0
    """Requests that wait for it."""


class SchemaCache:
    """Checks each schema once, also where many requests ask at once, and keeps the verdict.

    A verdict about cost may be the machine's fault: it is kept for a minute. A check that nobody waits for
    any more is given up.
    """

    def __init__(self, workers: Workers, limits: SchemaLimits, most: int, metrics: Metrics) -> None:
        self._workers, self._limits, self._most, self._metrics = workers, limits, most, metrics
        self._checks: OrderedDict[bytes, _Check] = OrderedDict()
        self.size = 0
        """Bytes of all that is kept."""

    async def checked(self, given: Any) -> Checked:
        """The verdict on a schema; raises what the check raised."""
        pickled = pickle.dumps(given)  # these bytes go to the worker, and identify the schema as well
        key = hashlib.sha256(pickled).digest()
        check = self._checks.get(key)
        if check is None:
            check = self._begin(key, pickled)
        elif check.task.done():
            self._checks.move_to_end(key)
            if (error := check.task.exception()) is not None:
                raise error.with_traceback(None)  # each raise of the same error would add to its traceback
            return check.task.result()
        check.waiting += 1
        try:
            return await asyncio.shield(check.task)
        finally:
            check.waiting -= 1
            if not check.waiting and not check.task.done():
                self._forget(key, check)
                check.task.cancel()

    def _begin(self, key: bytes, pickled: bytes) -> _Check:
        task = asyncio.ensure_future(self._parse(key, pickled))
        check = self._checks[key] = _Check(task, 0)
        self._charge(check, len(pickled))
        task.add_done_callback(partial(self._settle, key, check))
        return check

    async def _parse(self, key: bytes, pickled: bytes) -> Checked:
        began = time.monotonic()
        try:
            schema, refusal, size = await self._workers.parse(pickled, self._limits, key)
        finally:
            self._metrics.compiles.observe(time.monotonic() - began)
        if key in self._checks:
            self._charge(self._checks[key], size)
        return schema, refusal

    def _charge(self, check: _Check, pickled: int) -> None:
        """Reckon what a check takes, and forget those not used for longest where all take too much."""
        self.size += (size := _LEAST + _OBJECTS * pickled) - check.size
        check.size = size
        for key, old in list(self._checks.items()):
            if self.size <= self._most:
                return
            if old is not check and not old.waiting:
                self._forget(key, old)

    def _settle(self, key: bytes, check: _Check, task: asyncio.Task[Checked]) -> None:
        """Keep a verdict on the schema, one about its cost for a while, and nothing else."""
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if isinstance(error, SchemaLimit) and error.limit in ("max_cpu_seconds", "max_memory", "max_crashes"):
            asyncio.get_running_loop().call_later(LIMIT_KEPT, self._forget, key, check)
        elif error is not None and not isinstance(error, SchemaError):  # says nothing of the schema
            self._forget(key, check)

    def _forget(self, key: bytes, check: _Check) -> None:
        if self._checks.get(key) is check:
            del self._checks[key]
            self.size -= check.size
