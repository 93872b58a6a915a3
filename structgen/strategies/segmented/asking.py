"""Ask the model for the items of some rows, and keep what is sound of an answer that fails."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from structgen.errors import Incomplete, Overloaded, PromptTooLong, StructgenError, Unsatisfied
from structgen.longdoc.claims import Claims, claim
from structgen.longdoc.derivation import Derivation
from structgen.longdoc.lists import member_names
from structgen.longdoc.row_doubts import doubts_in_row
from structgen.longdoc.row_forms import RowForm, row_forms, row_text
from structgen.longdoc.row_text import RowTexts
from structgen.longdoc.segments import Segment
from structgen.strategies.assessment import find_violations
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import seconds_left
from structgen.strategies.result import Result
from structgen.strategies.segmented.account import Account
from structgen.strategies.segmented.places import list_at, with_list
from structgen.strategies.segmented.segment_tasks import SegmentTasks
from structgen.strategies.task import Task
from structgen.types import Span

WORDS = re.compile(r"\w+")
RunTask = Callable[[Task], Awaitable[Result]]
"""Runs a task without events."""


@dataclass(frozen=True)
class Asking:
    """Asks for segments of one document, each in its turn at the engine."""

    task: Task
    document: str
    tasks: SegmentTasks
    collaborators: Collaborators
    run: RunTask
    account: Account
    _texts: dict[str, RowTexts] = field(default_factory=dict)

    async def claim(self, items: Sequence[Any], segment: Segment) -> Claims:
        """Return which row of a segment each item comes from."""
        return await asyncio.to_thread(self.claims, items, segment)

    def claims(self, items: Sequence[Any], segment: Segment) -> Claims:
        """Return which row of a segment each item comes from; this may take long: call it in a thread."""
        assert segment.pointer is not None
        text, schema = segment.text(self.document), self.tasks.item_schema(segment.pointer)
        claims = claim(items, segment.rows_in_text, text, schema)
        texts = self.texts(segment.pointer)
        headings = "\n".join(self.document[span.start : span.end] for span in segment.headings)
        stops = [*(row.start for row in segment.rows[1:]), len(self.document)]
        for index, row in enumerate(claims.row_of):
            if row is None:
                continue
            if self.has_titles(items[index], segment, segment.rows[row]):
                claims.row_of[index] = None
                continue
            span, stop = segment.rows[row], stops[row]
            if found := doubts_in_row(items[index], schema, texts, span, segment.header, headings, stop):
                claims.doubts[index] = found
        return claims

    def texts(self, pointer: str) -> RowTexts:
        """Return the texts of the rows of a list."""
        if pointer not in self._texts:
            schema = self.tasks.item_schema(pointer)
            names = [] if schema is None else schema.memoised(member_names)
            self._texts[pointer] = RowTexts(self.document, names)
        return self._texts[pointer]

    def forms(self, segment: Segment) -> list[RowForm]:
        """Return the forms that the rows of a segment can be asked for in, the best first."""
        assert segment.pointer is not None
        return row_forms(self.texts(segment.pointer), segment)

    def has_titles(self, item: Any, segment: Segment, row: Span) -> bool:
        """Return whether a value of an item is a title of a column: the header was read as the row."""
        if segment.header is None or not isinstance(item, dict):
            return False
        header, text = (
            f" {' '.join(WORDS.findall(self.document[span.start : span.end].casefold()))} "
            for span in (segment.header, row)
        )
        values = (
            " ".join(WORDS.findall(value.casefold())) for value in item.values() if isinstance(value, str)
        )
        return any(value and f" {value} " in header and f" {value} " not in text for value in values)

    async def items(
        self, number: int, segment: Segment, *, exact: bool, asking: int = 0, form: RowForm = "document"
    ) -> list[Any]:
        """Return the items of a segment of rows; `exact`: one for each row.

        Of an answer that fails, the valid items are returned. A text that is too long is asked for in halves.
        """
        assert segment.pointer is not None
        try:
            data = (await self._rows(number, segment, exact, asking, form)).data
        except Unsatisfied as error:
            return await self._sound_items(segment.pointer, error.last)
        except Incomplete as error:
            return await self._sound_items(segment.pointer, error.partial)
        except PromptTooLong:
            if len(segment.rows) < 2:
                raise
            halves = _halves(segment)
            return [
                item
                for half in halves
                for item in await self.items(number, half, exact=exact, asking=asking, form=form)
            ]
        return list_at(data, segment.pointer)

    async def _rows(self, number: int, segment: Segment, exact: bool, asking: int, form: RowForm) -> Result:
        assert segment.pointer is not None
        text = row_text(self.texts(segment.pointer), segment, form)
        rows = len(segment.rows) if exact else None
        with self.account.share() as limits:
            await self.tasks.prepare(Derivation("list", (segment.pointer,), rows))
            task = await asyncio.to_thread(self.tasks.of_rows, text, segment.pointer, rows, asking, limits)
            return await self.result(number, task)

    async def result(self, number: int, task: Task) -> Result:
        """Run the task of a segment in its turn, and account for it."""
        async with self._turn(number):
            try:
                result = await self.run(task)
            except StructgenError as error:
                self.account.add(number, error.attempts, error.usage)
                raise
        self.account.add(number, result.attempts, result.usage)
        self.account.warn(result.warnings)
        return result

    @asynccontextmanager
    async def _turn(self, number: int) -> AsyncIterator[None]:
        """Hold a place at the engine. Once tokens were spent, a full queue only makes the document wait."""
        async with AsyncExitStack() as stack:
            while True:
                try:
                    await stack.enter_async_context(self.task.turn())
                    break
                except Overloaded as error:
                    left = seconds_left(self.task.deadline_at)
                    is_late = left is not None and left < error.retry_after
                    if is_late or not self.account.usage.total_tokens:
                        raise
                    await asyncio.sleep(error.retry_after)
            yield

    async def _sound_items(self, pointer: str, value: Any) -> list[Any]:
        """Return the valid items of an answer that is not valid as a whole."""
        schema = await asyncio.to_thread(self.tasks.list_schema, pointer, None)
        assert schema is not None
        sound = []
        for item in list_at(value, pointer):
            whole = with_list(None, pointer, [item])
            if not await find_violations(self.collaborators.validator, schema, whole, self.task.deadline_at):
                sound.append(item)
        return sound


def alone(segment: Segment, index: int) -> Segment:
    """Return the segment of one row of a segment, with the same context."""
    row = (segment.rows[index],)
    return Segment(row, segment.context, segment.pointer, row, segment.header)


def _halves(segment: Segment) -> tuple[Segment, Segment]:
    middle = len(segment.rows) // 2
    first, second = segment.rows[:middle], segment.rows[middle:]
    return (
        Segment(first, segment.context, segment.pointer, first, segment.header),
        Segment(second, segment.context, segment.pointer, second, segment.header),
    )
