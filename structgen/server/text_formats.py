"""Checks of text formats: each is compiled in a worker process, once."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from math import inf
from typing import Any

from structgen.caching import SingleFlightCache
from structgen.errors import InvalidSchema, SchemaLimit
from structgen.schema import SchemaLimits
from structgen.types import TextFormat
from structgen.workers import WorkerPool

MAX_GRAMMARS = 256
"""Checked Lark grammars that are kept."""


class TextFormats:
    """Checks regular expressions and choices as parts of a JSON Schema, and Lark grammars by themselves."""

    def __init__(
        self, workers: WorkerPool, check_schema: Callable[[Any], Awaitable[Any]], limits: SchemaLimits
    ) -> None:
        self._workers, self._check_schema, self._limits = workers, check_schema, limits
        self._grammars = SingleFlightCache[bytes, None](
            MAX_GRAMMARS, error_lifetime=_error_lifetime, cancel_abandoned=True
        )

    async def check(self, form: TextFormat) -> None:
        """Raise `InvalidSchema` for a format without a grammar, `SchemaLimit` for one that is too large."""
        if form.lark is not None:
            self._limits.check_size(form.lark)
            key = hashlib.sha256(form.lark.encode()).digest()
            await self._grammars.get(key, partial(self._workers.check_lark, form.lark, key))
        elif form.regex is not None:
            _, refusal = await self._check_schema({"type": "string", "pattern": f"^(?:{form.regex})$"})
            if refusal is not None:
                raise refusal
        else:
            await self._check_schema({"enum": list(form.choices)})


def _error_lifetime(error: Exception) -> float:
    """Return the seconds to keep an error: only those of the grammar itself are kept."""
    return inf if isinstance(error, InvalidSchema) else 60.0 if isinstance(error, SchemaLimit) else 0.0
