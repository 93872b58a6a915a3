"""Ask for the rows that a list lacks, and for those whose items have doubtful values."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import islice
from typing import Any

from structgen.errors import GenerationError, PromptTooLong
from structgen.longdoc.row_forms import RowForm
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.list_coverage import list_coverage
from structgen.strategies.segmented.list_result import resulting_list
from structgen.strategies.segmented.row_reader import MAX_ASKINGS, MAX_TABLED, PROBES
from structgen.types import Coverage


async def complete_list(
    check: ListCheck, asking: Asking, number: int, *, may_ask: bool = True
) -> tuple[list[Any], Coverage]:
    """Return the list with what it lacked, as far as a few askings give it, and its coverage."""
    item_schema = await asyncio.to_thread(asking.tasks.item_schema, check.rows.pointer)
    await asyncio.to_thread(check.claim, item_schema, asking.texts(check.rows.pointer))
    if may_ask and item_schema is not None and check.spans:
        with suppress(GenerationError, PromptTooLong):  # the coverage tells what is missing
            if check.is_derived and check.rows.certain:
                await _probe(check, asking, number)
            if not check.is_derived:
                await _ask_for_missing(check, asking, number)
    items = resulting_list(check)
    return items, list_coverage(check, items)


async def _probe(check: ListCheck, asking: Asking, number: int) -> None:
    """Ask alone for a few rows of a list none of whose items has a row: derived ones are not misread."""
    for batch, segment in islice(check.segments(range(len(check.spans)), 1), PROBES):
        items = await asking.items(number, segment, exact=True, asking=1, form=asking.forms(segment)[0])
        check.take(batch, items, await asking.claim(items, segment))


async def _ask_for_missing(check: ListCheck, asking: Asking, number: int) -> None:
    """Ask for many missing rows together first; then alone, for at most as many as are read at once."""
    if check.is_unread:
        await _ask(check, asking, number, check.at_once, 0)
        if check.is_unread:
            return
    elif len(check.missing()) > check.at_once:
        await _ask(check, asking, number, check.at_once, 0)
    for again in range(1, MAX_ASKINGS + 1):
        await _ask(check, asking, number, 1, again)
    if check.rows.certain:
        await _ask_for_doubted(check, asking, number)


async def _ask(check: ListCheck, asking: Asking, number: int, size: int, again: int) -> None:
    segments = check.segments(check.missing(), size)
    for batch, segment in islice(segments, check.at_once if size == 1 else None):
        is_tabled = check.rows.certain and len(batch) <= MAX_TABLED
        forms: list[RowForm] = asking.forms(segment) if is_tabled else ["document"]
        form = forms[max(0, again - 1) % len(forms)]
        items = await asking.items(number, segment, exact=check.rows.certain, asking=again, form=form)
        check.take(batch, items, await asking.claim(items, segment))


async def _ask_for_doubted(check: ListCheck, asking: Asking, number: int) -> None:
    """Ask alone, in each form, for the rows whose items have values that are probably not theirs."""
    doubted = sorted(row for row, found in check.doubts.items() if found)
    for batch, segment in islice(check.segments(doubted, 1), check.at_once):
        for form in asking.forms(segment):
            items = await asking.items(number, segment, exact=True, asking=1, form=form)
            check.take(batch, items, await asking.claim(items, segment))
            if not check.doubts[batch[0]]:
                break
