"""Ask again for what is wrong in the object merged from the segments: some rows, some values, one list."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from structgen.errors import DeadlineExceeded, GenerationError, InvalidSchema, PromptTooLong
from structgen.longdoc.composition import path_of
from structgen.longdoc.merge import Part, merge
from structgen.longdoc.segments import Segment
from structgen.longdoc.value_patch import MISSING_MEMBERS
from structgen.schema.traversal import value_at
from structgen.strategies.assessment import find_violations
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.item_rows import RowOf
from structgen.strategies.segmented.places import list_at, with_list
from structgen.strategies.segmented.value_retry import MAX_SEGMENTS, ValueRetry, corrected_task
from structgen.types import Span, Violation

ROUNDS = 2
"""Times that what is wrong is asked for again."""
MAX_ROWS = 20
"""Rows that are asked for again in one round."""


@dataclass(frozen=True)
class MergedRetry:
    """Corrects one merged object by a few askings, each with what is wrong."""

    asking: Asking
    frame: Sequence[Part]
    """What the segments of the frame gave."""
    rows: Mapping[str, RowOf]
    """The rows of the items, by the pointers of the lists."""
    number: int
    """The number of the askings in the account of the segments."""

    @property
    def _values(self) -> ValueRetry:
        return ValueRetry(self.asking, self.frame, self.rows, self.number)

    async def corrected(self, data: Any, violations: list[Violation]) -> tuple[Any, list[Violation]]:
        """Return the object with fewer violations, as far as the askings lead there, and those that stay."""
        for again in range(1, ROUNDS + 1):
            for place, wrong in self._by_place(data, violations).items():
                data, violations = await self._kept(
                    data, violations, await self._asked(data, place, wrong, again)
                )
                if not violations:
                    return data, violations
        return data, violations

    def _by_place(self, data: Any, violations: Sequence[Violation]) -> dict[str, list[Violation]]:
        """Return the violations by list, or by item of a list; those of the frame under an empty pointer."""
        places: dict[str, list[Violation]] = {}
        for violation in violations:
            for at in self._lacking(data, violation) or [self._place(violation.pointer)]:
                places.setdefault(at, []).append(violation)
        items = [at for at in places if self._item(at) is not None][MAX_ROWS:]
        return {at: each for at, each in places.items() if at not in items}

    def _lacking(self, data: Any, violation: Violation) -> list[str]:
        """Return the lists that an object lacks, where members are missing."""
        if violation.keyword not in MISSING_MEMBERS:
            return []
        parent = violation.pointer
        return [
            at
            for at in self.rows
            if at.rpartition("/")[0] == parent and at and value_at(data, path_of(at)) is None
        ]

    def _place(self, pointer: str) -> str:
        for at in self.rows:
            if pointer == at and at:
                return at
            if pointer.startswith(f"{at}/"):
                return f"{at}/{pointer[len(at) + 1 :].split('/')[0]}"
        return ""

    def _item(self, place: str) -> tuple[str, int] | None:
        """Return the list and the index of an item; None for another place."""
        at, _, index = place.rpartition("/")
        return (at, int(index)) if place not in self.rows and at in self.rows and index.isdecimal() else None

    async def _kept(
        self, data: Any, violations: list[Violation], candidate: Any
    ) -> tuple[Any, list[Violation]]:
        """Return the candidate if it has fewer violations, else the object as it was."""
        if candidate is None:
            return data, violations
        task = self.asking.task
        candidate = task.schema.arrange(candidate)
        validator = self.asking.collaborators.validator
        left = await find_violations(validator, task.schema, candidate, task.deadline_at)
        return (candidate, left) if len(left) < len(violations) else (data, violations)

    async def _asked(self, data: Any, place: str, wrong: Sequence[Violation], again: int) -> Any:
        """Return the object with an answer for one place; None without an answer."""
        try:
            if (item := self._item(place)) is not None:
                return await self._with_item(data, *item, wrong, again)
            if place in self.rows:
                return await self._with_more_items(data, place, wrong, again)
            return await self._values.asked(data, wrong, again)
        except DeadlineExceeded:
            raise
        except (GenerationError, PromptTooLong, InvalidSchema):
            return None

    async def _with_item(
        self, data: Any, pointer: str, index: int, wrong: Sequence[Violation], again: int
    ) -> Any:
        """Ask for the row of an item alone."""
        items = list(list_at(data, pointer))
        segment = self.rows[pointer](index) if index < len(items) else None
        if segment is None or self.asking.tasks.list_schema(pointer, 1) is None:
            return None
        last, at = with_list(None, pointer, [items[index]]), len(f"{pointer}/{index}")
        own = [replace(each, pointer=f"{pointer}/0{each.pointer[at:]}") for each in wrong]
        answer = await self._ask_rows(segment, 1, last, own, again)
        found = list_at(answer, pointer)
        claims = await self.asking.claim(found, segment)
        if len(found) != 1 or claims.row_of == [None]:
            return None
        items[index] = found[0]
        return with_list(data, pointer, items)

    async def _ask_rows(
        self, segment: Segment, rows: int | None, last: Any, wrong: Sequence[Violation], again: int
    ) -> Any:
        assert segment.pointer is not None
        text = segment.text(self.asking.document)
        with self.asking.account.share() as limits:
            task = await asyncio.to_thread(
                self.asking.tasks.of_rows, text, segment.pointer, rows, again, limits
            )
            return (
                await self.asking.result(self.number, corrected_task(self.asking, task, last, wrong))
            ).data

    async def _with_more_items(self, data: Any, pointer: str, wrong: Sequence[Violation], again: int) -> Any:
        """Ask the segments for the list that is wrong as a whole, and add the items that it lacks."""
        if self.asking.tasks.list_schema(pointer, None) is None:
            return None
        whole = Segment((Span(0, len(self.asking.document)),))
        parts = [Part(whole, with_list(None, pointer, list_at(data, pointer)))]
        for part in self.frame[:MAX_SEGMENTS]:
            last = with_list(None, pointer, list_at(part.value, pointer))
            segment = replace(part.segment, pointer=pointer)
            with suppress(PromptTooLong, InvalidSchema):
                answer = await self._ask_rows(segment, None, last, wrong, again)
                parts.append(Part(replace(segment, pointer=None), answer))
        if len(parts) < 2:
            return None
        schema, document = self.asking.task.schema, self.asking.document
        merged = await asyncio.to_thread(merge, parts, document, schema)
        return with_list(data, pointer, list_at(merged.data, pointer))
