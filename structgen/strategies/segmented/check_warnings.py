"""The warnings about a list that was checked: items that it is without, and rows that stayed unread."""

from __future__ import annotations

from collections.abc import Iterator

from structgen import json_text
from structgen.messages import counted
from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.list_result import left_out
from structgen.types import Diagnostic

SURPLUS_ITEM, UNREAD_ROWS = "surplus-item", "unread-rows"
MAX_SHOWN = 200
"""Characters of an item or a row that a warning shows."""
MAX_LISTED = 3


def check_warnings(check: ListCheck) -> Iterator[Diagnostic]:
    """Yield the warnings about the list that results from a check."""
    pointer = check.rows.pointer
    items = [json_text.dumps(check.items[index])[:MAX_SHOWN] for index in sorted(left_out(check))]
    if items:
        message = (
            f"{counted(len(items), 'item')} left out: each row of the document has an item of its own, and "
            f"these have no row: {_listed(items)}"
        )
        yield Diagnostic(pointer, SURPLUS_ITEM, message)
    if check.is_unread:
        rows = [check.spans[row] for row in check.likely]
        texts = [repr(check.document[row.start : row.end][:MAX_SHOWN]) for row in rows[: MAX_LISTED + 1]]
        message = (
            f"the list is empty, but {counted(len(rows), 'row')} of the document may be its rows, and gave "
            f"no item when asked for again: {_listed(texts, len(rows))}"
        )
        yield Diagnostic(pointer, UNREAD_ROWS, message)


def _listed(texts: list[str], number: int = 0) -> str:
    more = max(number, len(texts)) - MAX_LISTED
    return ", ".join(texts[:MAX_LISTED]) + (f" and {more} more" if more > 0 else "")
