"""Ask again for values outside of rows that are wrong in the object merged from the segments."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from structgen import json_text
from structgen.errors import PromptTooLong
from structgen.evidence.grounding.ground import ground
from structgen.longdoc.composition import path_of
from structgen.longdoc.merge import Part
from structgen.longdoc.readings import Reading
from structgen.longdoc.segments import Segment
from structgen.longdoc.value_patch import with_corrections
from structgen.prompts import base as prompts
from structgen.schema import Schema
from structgen.schema.lowering.backends import DEFAULT
from structgen.schema.lowering.pinning import pin_valid_parts
from structgen.schema.traversal import pointer, scalars, value_at
from structgen.strategies.conversation import conversation
from structgen.strategies.further_readings import reading_sampling
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.places import list_at, with_list, without_list
from structgen.strategies.task import Task
from structgen.types import Violation
from structgen.types.evidence import MATCH_KINDS

MAX_SEGMENTS = 3
"""Segments that are asked in one round."""


@dataclass(frozen=True)
class ValueRetry:
    """Asks the segments of the frame for values outside of the lists that have rows."""

    asking: Asking
    frame: Sequence[Part]
    """What the segments of the frame gave."""
    lists: Collection[str]
    """Pointers of the lists."""
    number: int
    """The number of the askings in the account of the segments."""

    async def asked(self, data: Any, wrong: Sequence[Violation], again: int) -> Any:
        """Return the object with the values that one of a few segments gives; None without an answer.

        The first time, the grammar keeps what is right. The first answer is taken whose new values stand in
        its segment; if there is none, the first of all.
        """
        schema = self._schema
        if schema is None or not self.frame:
            return None
        frame = data
        for at in self.lists:
            frame = without_list(frame, at)
        pinned = await asyncio.to_thread(self._pinned, schema, frame, wrong) if again == 1 else schema
        best: tuple[int, Any] | None = None
        for segment in (await asyncio.to_thread(self._segments, wrong))[:MAX_SEGMENTS]:
            with suppress(PromptTooLong):
                answer = await self._ask_frame(segment, schema, pinned, frame, wrong, again)
                patched = with_corrections(frame, answer, wrong)
                kind = await asyncio.to_thread(self._kind, segment, frame, patched)
                best = (kind, patched) if best is None or kind < best[0] else best
                if kind < len(MATCH_KINDS):
                    break
        return None if best is None else self._with_lists(best[1], data)

    async def _ask_frame(
        self,
        segment: Segment,
        schema: Schema,
        pinned: Schema,
        last: Any,
        wrong: Sequence[Violation],
        again: int,
    ) -> Any:
        text = segment.text(self.asking.document)
        with self.asking.account.share() as limits:
            task = self.asking.tasks.of_frame(text, schema, self.lists, limits)
            task = replace(corrected_task(self.asking, task, last, wrong), schema=pinned)
            if again > 1:
                task = replace(task, sampling=reading_sampling(task.sampling, again))
            return (await self.asking.result(self.number, task)).data

    def _kind(self, segment: Segment, before: Any, after: Any) -> int:
        """Return how well a segment grounds what changed: the number of the kind of its worst match."""
        evidence = ground(after, self.asking.task.schema, segment.text(self.asking.document))
        changed = [pointer(path) for path, value in scalars(after) if value_at(before, path) != value]
        kinds = [evidence[at].kind for at in changed if at in evidence]
        return max((MATCH_KINDS.index(kind) for kind in kinds if kind != "none"), default=len(MATCH_KINDS))

    def _with_lists(self, frame: Any, data: Any) -> Any:
        """Return the value with the lists that the object has."""
        for at in self.lists:
            if value_at(data, path_of(at)) is not None:
                frame = with_list(frame, at, list_at(data, at))
        return frame

    @cached_property
    def _schema(self) -> Schema | None:
        return self.asking.tasks.frame_schema(self.lists, part=False)

    def _pinned(self, schema: Schema, value: Any, wrong: Sequence[Violation]) -> Schema:
        """Return the schema of values that keep what is right."""
        pins, definition = pin_valid_parts(value, wrong, DEFAULT), schema.definition
        if pins is None or not isinstance(definition, dict) or "$ref" in definition:
            return schema
        return replace(schema, definition={**definition, "allOf": [*definition.get("allOf", ()), pins]})

    def _segments(self, wrong: Sequence[Violation]) -> list[Segment]:
        """Return the segments of the frame, those first that ground the values that are wrong."""
        document, schema = self.asking.document, self.asking.task.schema
        readings = [Reading(part, document, schema) for part in self.frame]
        paths = [tuple(path_of(violation.pointer)) for violation in wrong]
        readings.sort(key=lambda reading: min(reading.rank(path) for path in paths))
        return [reading.segment for reading in readings]


def corrected_task(asking: Asking, task: Task, last: Any, wrong: Sequence[Violation]) -> Task:
    """Return a task whose prompt has the last value and what is wrong with it."""
    first = conversation(task, asking.collaborators.prompt_format)
    return replace(task, conversation=prompts.retry(first, json_text.dumps(last), wrong))
