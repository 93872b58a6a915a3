"""The run of a document in segments: its frame, its rows, the merged object and the coverage of its lists."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from structgen.errors import Incomplete, StructgenError, Unsatisfied
from structgen.longdoc.item_joining import JoinedItems
from structgen.longdoc.merge import Part, merge
from structgen.longdoc.rows import ListRows
from structgen.longdoc.section_rows import SectionRows
from structgen.longdoc.segments import Segment
from structgen.messages import counted
from structgen.schema import Schema
from structgen.strategies.assessment import find_violations
from structgen.strategies.base import Collaborators
from structgen.strategies.events import EventSink, ItemCompleted, Progress
from structgen.strategies.final_error import with_account
from structgen.strategies.result import Result
from structgen.strategies.segmented import inner_lists, item_rows
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.check_warnings import check_warnings
from structgen.strategies.segmented.document_plan import DocumentPlan
from structgen.strategies.segmented.in_order import in_order
from structgen.strategies.segmented.led_by_items import led_by_items
from structgen.strategies.segmented.list_account import ListAccount
from structgen.strategies.segmented.list_completion import complete_list
from structgen.strategies.segmented.list_coverage import list_coverage
from structgen.strategies.segmented.list_joining import conflict_warnings, joined_by_key, list_rule
from structgen.strategies.segmented.list_result import rows_of
from structgen.strategies.segmented.lists_check import placed
from structgen.strategies.segmented.merged_retry import MergedRetry
from structgen.strategies.segmented.places import list_at, with_list
from structgen.strategies.segmented.row_reader import RowItems, RowReader
from structgen.strategies.segmented.segment_tasks import section_task
from structgen.strategies.segmented.shortfall import checked_coverage, list_warnings
from structgen.strategies.segmented.within_deadline import within_deadline
from structgen.strategies.task import Task
from structgen.types import Coverage, Diagnostic, Violation

Reading = Part | tuple[int, RowItems]
"""What a segment gave: a part of the frame, or items of the rows of a list, by the number of the list."""
RunDocument = Callable[[Task, Collaborators, Mapping[str, ListRows]], Awaitable[Result]]


@dataclass
class SegmentedRun:
    """Reads a document by its plan."""

    task: Task
    plan: DocumentPlan
    asking: Asking
    emit: EventSink | None
    run_document: RunDocument
    """Runs the task of a section that has rows of its own."""
    parts: list[Part] = field(default_factory=list)
    delivered: int = 0
    segments: int = 0

    def __post_init__(self) -> None:
        """Begin the account of each list."""
        self.lists = [ListAccount(rows, self._joined(rows.pointer)) for rows, _ in self.plan.lists]
        self.known = [SectionRows(rows) for rows, _ in self.plan.lists]
        self.reader = RowReader(self.asking)

    @property
    def _keeps(self) -> bool:
        """Whether the lists are held as a whole."""
        return self.task.delivery is None or self.task.delivery.keeps

    def _joined(self, pointer: str, *, is_open: bool = False) -> JoinedItems | None:
        """Return the items of a list that are joined, of which there are none yet.

        An open list is joined before its items are delivered.
        """
        rule = list_rule(self.task.schema, pointer)
        if not rule.joins:
            return None
        is_final = self.task.delivery is not None and not is_open
        return JoinedItems(pointer, rule, self.asking.document, is_final, keeps=is_open or self._keeps)

    async def result(self) -> Result:
        """Return the merged object with its coverage; every error has the account of all segments."""
        account = self.asking.account
        try:
            async with within_deadline(self.task):
                await self._read()
                return await self._merged()
        except asyncio.CancelledError:
            if self.task.on_abandoned is not None:
                self.task.on_abandoned(account.usage)
            raise
        except StructgenError as error:
            raise with_account(error, account.attempts, account.usage) from error

    async def _read(self) -> None:
        """Read all segments, and take their values in the order of the document."""
        self.segments = total = await asyncio.to_thread(sum, (1 for _ in self._jobs()))
        concurrency = self.asking.collaborators.engine.capabilities.concurrency
        done = rows = 0
        await self._progress(0, total, 0)
        async with aclosing(in_order(self._jobs(), concurrency)) as readings:
            async for reading in readings:
                done += 1
                if isinstance(reading, Part):
                    self.parts.append(reading)
                else:
                    rows += await self._take(*reading)
                await self._progress(done, total, rows)

    def _jobs(self) -> Iterator[Callable[[], Awaitable[Reading]]]:
        number = 0
        for segment in self.plan.frame:
            number += 1
            yield partial(self._read_frame, number, segment)
        for index, (rows, at_once) in enumerate(self.plan.lists):
            for segment in self.plan.row_segments(rows, at_once):
                number += 1
                yield partial(self._read_rows, number, index, segment)

    async def _read_frame(self, number: int, segment: Segment) -> Part:
        schema = self.plan.frame_schema
        assert schema is not None
        text = segment.text(self.asking.document)
        pointers = [account.rows.pointer for account in self.lists]
        with self.asking.account.share() as limits:
            task = self.asking.tasks.of_frame(text, schema, pointers, limits)
            return Part(segment, (await self.asking.result(number, task)).data)

    async def _read_rows(self, number: int, index: int, segment: Segment) -> tuple[int, RowItems]:
        item_schema = self.plan.sections.get(segment.pointer or "")
        if item_schema is None:
            return index, await self.reader.read(number, segment)
        known = self.known[index].of(segment)
        return index, await self._read_section(number, segment, item_schema, known)

    async def _read_section(
        self, number: int, segment: Segment, item_schema: Schema, known: Mapping[str, ListRows]
    ) -> RowItems:
        """Read a section that is one item: a document of its own, short or long."""
        reading, asking = RowItems(segment.rows), self.asking
        with asking.account.share() as limits:
            task = section_task(self.task, segment.text(asking.document), item_schema)
            try:
                result = await self.run_document(replace(task, limits=limits), asking.collaborators, known)
            except (Unsatisfied, Incomplete) as error:
                asking.account.add(number, error.attempts, error.usage)
                return reading
            except StructgenError as error:
                asking.account.add(number, error.attempts, error.usage)
                raise
        asking.account.add(number, result.attempts, result.usage)
        asking.account.warn(result.warnings)
        reading.items[0] = result.data
        reading.inner[0] = placed(result.coverage, "", segment)
        return reading

    async def _take(self, index: int, reading: RowItems) -> int:
        """Take the items of the next rows of a list, deliver them, and return their number."""
        items = self.lists[index].add(reading, keep=self._keeps)
        await self._deliver(items)
        return len(items)

    async def _deliver(self, items: list[Any]) -> None:
        delivery = self.task.delivery
        if delivery is None or self.emit is None:
            return
        for item in items:
            item = delivery.items.arrange([item])[0]
            if delivery.repeats(item):
                continue
            index = delivery.add(item) if delivery.keeps else self.delivered
            self.delivered += 1
            await self.emit(ItemCompleted(index, item))

    async def _progress(self, done: int, total: int, rows: int) -> None:
        if self.emit is not None:
            await self.emit(Progress(done, total, rows))

    async def _merged(self) -> Result:
        task, account = self.task, self.asking.account
        data, warnings = await self._frame_data()
        coverage: dict[str, Coverage] = {}
        row_of: dict[str, item_rows.RowOf] = {}
        for rows in self.plan.open_lists:
            check = await led_by_items(rows, data, self.asking, self._rows_at_once)
            counted_rows, rows = rows, check.rows
            row_of[rows.pointer] = item_rows.of_places(rows, ())
            if not rows.runs and not check.items:
                coverage[rows.pointer] = list_coverage(check, [])
                continue
            items, own = await complete_list(check, self.asking, self.segments + 1)
            places = [None if row is None else check.spans[row] for row in rows_of(check, items)]
            if (joined := self._joined(rows.pointer, is_open=True)) is not None:
                items, own = await asyncio.to_thread(joined_by_key, items, places, own, joined)
                warnings += conflict_warnings(rows.pointer, joined.conflicts, joined.untold)
                places = [joined.place(index) for index in range(len(items))]
            warnings += check_warnings(check)
            coverage[rows.pointer] = own
            row_of[rows.pointer] = item_rows.of_places(rows, places)
            items, inner = await inner_lists.completed(
                counted_rows, items, self.asking, self._rows_at_once, self.segments + 1
            )
            coverage |= inner
            data = with_list(data, rows.pointer, items)
            if not rows.pointer:
                await self._deliver(items)
        for each in self.lists:
            data = with_list(data, each.rows.pointer, each.items)
            coverage |= each.coverages()
            own = coverage[each.rows.pointer]
            row_of[each.rows.pointer] = item_rows.of_account(each)
            warnings += [*list_warnings(self.asking.document, each.rows, each.items, own), *each.conflicts]
        data = task.schema.arrange(data)
        if not self._keeps:
            self._check_number(data)
        else:
            data = await self._valid(data, row_of)
            coverage |= {
                at: replace(coverage[at], found=len(list_at(data, at))) for at in row_of if at in coverage
            }
        model = self.asking.collaborators.engine.model
        result = Result(
            data,
            account.attempts,
            account.usage,
            task.schema,
            model,
            report=task.report,
            strategy="constrained" if task.strategy == "auto" else task.strategy,
            warnings=tuple(dict.fromkeys([*task.schema.diagnostics(), *account.warnings, *warnings])),
        )
        return checked_coverage(result, task, coverage)

    @property
    def _rows_at_once(self) -> int:
        return self.plan.budget.segment.rows

    async def _frame_data(self) -> tuple[Any, list[Diagnostic]]:
        """Return the object without the lists of certain rows, and the conflicts between its parts."""
        if len(self.parts) < 2:
            return (self.parts[0].value if self.parts else None), []
        not_joined = [rows.pointer for rows in self.plan.open_lists]
        document, schema = self.asking.document, self.task.schema
        merged = await asyncio.to_thread(merge, self.parts, document, schema, not_joined)
        return merged.data, conflict_warnings("", merged.conflicts, merged.untold)

    async def _valid(self, data: Any, row_of: Mapping[str, item_rows.RowOf]) -> Any:
        """Return the object if it is valid, or as far as askings for what is wrong make it so."""
        validator, schema, asking = self.asking.collaborators.validator, self.task.schema, self.asking
        violations = await find_violations(validator, schema, data, self.task.deadline_at)
        if violations and self.task.delivery is None:  # items that were delivered stay
            retry = MergedRetry(asking, self.parts, row_of, self.segments + 1)
            data, violations = await retry.corrected(data, violations)
        if violations:
            raise self._unsatisfied(violations, data)
        return data

    def _check_number(self, data: Any) -> None:
        """Raise `Unsatisfied` where a list that is not held has too few items, or too many."""
        delivery = self.task.delivery
        number = self.lists[0].found if self.lists else len(data or ())
        if delivery is not None and (violations := delivery.number_violations(number)):
            raise self._unsatisfied(violations, None)

    def _unsatisfied(self, violations: list[Violation], last: Any) -> Unsatisfied:
        first, account = violations[0], self.asking.account
        detail = (
            f"the object merged from the segments has {counted(len(violations), 'violation')} "
            f"({first.pointer or 'the value'}: {first.message[:300]})"
        )
        return Unsatisfied(detail, account.attempts, account.usage, violations, last)
