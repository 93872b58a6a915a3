"""Checks of text formats: each is compiled in a worker process, once."""

from __future__ import annotations

from functools import partial

from structgen.caching import SingleFlightCache
from structgen.schema import SchemaLimits
from structgen.server.schema_cache import error_lifetime
from structgen.types import TextFormat
from structgen.workers import WorkerPool

MAX_BYTES = 16 * 2**20
"""Bytes of the checked formats that are remembered."""


class TextFormats:
    """Checks each regular expression, list of choices and Lark grammar once."""

    def __init__(self, workers: WorkerPool, limits: SchemaLimits) -> None:
        self._workers, self._limits = workers, limits
        self._checked = SingleFlightCache[TextFormat, None](
            MAX_BYTES, error_lifetime=error_lifetime, cancel_abandoned=True
        )

    async def check(self, form: TextFormat) -> None:
        """Raise `InvalidSchema` for a format without a grammar, `SchemaLimit` for one beyond a limit."""
        if form.regex is not None:  # the limits of a pattern in a schema
            self._limits.check({"pattern": form.regex})
        else:
            self._limits.check({"enum": [*form.choices, form.lark]})
        size = sum(map(len, (form.regex or "", form.lark or "", *form.choices))) + 256
        await self._checked.get(form, partial(self._workers.check_text_format, form), size)
