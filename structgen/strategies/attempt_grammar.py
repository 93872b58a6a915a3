"""What an attempt may write: anything, only what was wrong, or one value that is known to be valid."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.engines.base import Constraint, Engine
from structgen.errors import InvalidSchema
from structgen.schema.lowering.pinning import pinned
from structgen.schema.synthesis.patching import Mended
from structgen.strategies.base import Mend, Task
from structgen.strategies.grammar_fallback import constraint_of
from structgen.types import Violation


@dataclass
class Openings:
    """Of one chain of attempts."""

    task: Task
    engine: Engine
    mend: Mend
    opened: tuple[str, ...] = ()
    """Pointers to what the attempt may change, where it is a targeted one."""
    known: tuple[str, ...] = ()
    """Pointers to values that an attempt was given, since nothing else was found to be valid."""

    @property
    def closes(self) -> bool:
        """Whether an answer may be written for the model, so that it fits."""
        return self.task.limits.on_budget == "close" and self.engine.capabilities.closes

    async def constraint(
        self, number: int, last: Any, violations: Sequence[Violation], *, cut: bool, room: int
    ) -> Constraint | None:
        """A retry opens only what was wrong; the last of several is free again.

        `cut` tells whether the attempt before ended with its budget, `room` how many characters surely fit.
        """
        schema, self.opened = self.task.schema, ()
        if not self.engine.capabilities.constrained:
            return None
        whole = constraint_of(schema)
        if number == 1:
            return whole
        if given := await self._given(number, last, cut, room):
            return given
        if last is None or number == self.task.limits.max_attempts > 2:
            return whole
        grammar = await asyncio.to_thread(schema.targeted, last, violations)
        if grammar is None:
            return whole
        constraint = narrowed(grammar)
        try:
            await self.engine.prepare(constraint)
        except InvalidSchema:  # what was wrong cannot be put right where it stands
            return whole
        self.opened = tuple(dict.fromkeys(violation.pointer for violation in violations))
        return constraint

    async def mended(self, last: Any, room: int) -> Mended | None:
        """A valid value of at most so many characters, near the last one."""
        return await self.mend(self.task.schema, last, room)

    async def _given(self, number: int, last: Any, cut: bool, room: int) -> Constraint | None:
        """Under `close`, the last attempt writes down a value that is known to be valid, where one is found.

        It keeps what was sound in the last answer, as long as it surely fits.
        """
        if not self.closes or (number < self.task.limits.max_attempts and not cut):
            return None
        found = await self.mended(last, room)
        if found is None:
            return None
        data, self.known = found
        self.opened = self.known
        return narrowed(pinned(data))


def narrowed(grammar: Any) -> Constraint:
    """For a grammar that is no schema's own: its key is that of no schema either."""
    text = f"narrowed {json_text.dumps(grammar)}"
    return Constraint(grammar, hashlib.sha256(text.encode()).hexdigest())
