"""Tasks of segments: their schemas, derived once for each number of rows, and their examples."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from structgen.errors import Overloaded, SchemaLimit
from structgen.longdoc.derivation import Derivation
from structgen.schema import Schema
from structgen.strategies.base import DeriveSchema
from structgen.strategies.deadline import seconds_left
from structgen.strategies.further_readings import reading_sampling
from structgen.strategies.segmented.places import list_at, with_list, without_list
from structgen.strategies.task import Task
from structgen.types import Limits

MAX_DERIVED = 64
"""Schemas derived from one that are kept for its later documents."""
MAX_RETRIES = 5
"""Times that a derivation is asked for again which was refused as overloaded."""


@dataclass
class SegmentTasks:
    """Makes the tasks of one document's segments.

    A method that needs a derived schema takes long where `prepare` did not derive it: call it in a thread.
    """

    task: Task
    derive: DeriveSchema | None = None
    """Derives schemas where that holds nobody up; None: `prepare` does nothing."""
    _derived: dict[Derivation, Schema | None] = field(default_factory=dict)
    _deriving: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Segments that run at once need the same schemas: one derives them, the others wait."""

    async def prepare(self, *derivations: Derivation) -> None:
        """Derive schemas that are not known yet; one that takes too much is as if it could not be derived.

        Tries again where the deriver is overloaded, as tokens may have been spent on the document.
        """
        known = self.task.schema.memoised(_known)
        for derivation in derivations:
            if self.derive is None or derivation in self._derived:
                continue
            async with self._deriving:
                if derivation not in known:
                    known[derivation] = await self._asked(self.derive, derivation)
                self._derived[derivation] = known[derivation]
            while len(known) > MAX_DERIVED:
                known.pop(next(iter(known)))

    async def _asked(self, derive: DeriveSchema, derivation: Derivation) -> Schema | None:
        for left in range(MAX_RETRIES, -1, -1):
            try:
                return await derive(self.task.schema, derivation)
            except SchemaLimit:
                return None
            except Overloaded as error:
                seconds = seconds_left(self.task.deadline_at)
                if not left or (seconds is not None and seconds < error.retry_after):
                    raise
                await asyncio.sleep(error.retry_after)
        raise AssertionError("the last try returns or raises")

    def _schema(self, derivation: Derivation) -> Schema | None:
        if derivation not in self._derived:
            self._derived[derivation] = derivation.of(self.task.schema)
        return self._derived[derivation]

    def list_schema(self, pointer: str, rows: int | None) -> Schema | None:
        """Return the schema of one list alone, of so many rows where they are known."""
        return self._schema(Derivation("list", (pointer,), rows))

    def item_schema(self, pointer: str) -> Schema | None:
        """Return the schema of one item of a list; None where the list cannot be asked for alone."""
        return self._schema(Derivation("item", (pointer,)))

    def frame_schema(self, pointers: Iterable[str], *, part: bool) -> Schema | None:
        """Return the schema without these lists, or that of a part of its document; None for nothing."""
        return self._schema(frame_derivation(pointers, part=part))

    def of_rows(self, text: str, pointer: str, rows: int | None, asking: int, limits: Limits) -> Task:
        """Return the task for the rows of one list in a text; each further asking samples anew."""
        schema = self.list_schema(pointer, rows)
        assert schema is not None

        def part(data: Any) -> Any:
            return with_list(None, pointer, list_at(data, pointer))

        return self._of(text, schema, part, asking, limits)

    def of_frame(self, text: str, schema: Schema, pointers: Iterable[str], limits: Limits) -> Task:
        """Return the task for what is not in some lists."""

        def part(data: Any) -> Any:
            for pointer in pointers:
                data = without_list(data, pointer)
            return data

        return self._of(text, schema, part, 0, limits)

    def _of(self, text: str, schema: Schema, part: Callable[[Any], Any], asking: int, limits: Limits) -> Task:
        task = self.task
        return replace(
            part_task(task, schema, text),
            examples=tuple(replace(example, data=part(example.data)) for example in task.examples),
            examples_checked=True,
            sampling=reading_sampling(task.sampling, asking) if asking > 1 else task.sampling,
            limits=limits,
        )


def part_task(task: Task, schema: Schema, text: str) -> Task:
    """Return a task for a part of the document alone, without what only the whole result has."""
    return replace(
        task,
        schema=schema,
        document=text,
        source=None,
        n=1,
        report=False,
        evidence=None,
        logprobs=False,
        delivery=None,
        grammar_error=None,
        strict=None,
    )


def section_task(task: Task, text: str, item_schema: Schema) -> Task:
    """Return the task for a section of the document that is one item of a list."""
    return replace(part_task(task, item_schema, text), examples=(), on_shortfall="report")


def frame_derivation(pointers: Iterable[str], *, part: bool) -> Derivation:
    """Return the derivation of a schema without these lists."""
    return Derivation("part" if part else "frame", tuple(sorted(pointers)))


def list_derivations(pointer: str) -> tuple[Derivation, Derivation]:
    """Return the derivations of a list of any number of rows, and of its items."""
    return Derivation("list", (pointer,)), Derivation("item", (pointer,))


def _known(schema: Schema) -> dict[Derivation, Schema | None]:
    """Return where the schemas that were derived from a schema are kept for its later documents."""
    return {}
