"""The error for a list that lacks rows of the document, and the warning for a total that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from structgen.errors import Incomplete
from structgen.longdoc.rows import ListRows
from structgen.longdoc.totals import differing_total
from structgen.messages import counted
from structgen.strategies.result import Result
from structgen.strategies.segmented.every_list import with_every_list
from structgen.strategies.task import Task
from structgen.types import Coverage, Diagnostic

TOTAL_DIFFERS, COUNT_DIFFERS, NOT_IN_ROW = "total-differs", "count-differs", "not-in-row"
"""Codes of the warnings about a list."""
MAX_SHOWN = 3
"""Items and values that a warning names; `unsupported` has all."""


def list_warnings(
    document: str, rows: ListRows, items: Sequence[Any], coverage: Coverage
) -> list[Diagnostic]:
    """Warn of a number of rows and of a total that the text states, where the list has others."""
    if rows.stated is not None and rows.stated != coverage.found:
        stated = f"the document states {counted(rows.stated, 'row')}, the list has {coverage.found}"
        return [Diagnostic(rows.pointer, COUNT_DIFFERS, stated)]
    if coverage.unclaimed or not coverage.certain:
        return []
    differs = differing_total(document, rows, items)
    return [] if differs is None else [Diagnostic(rows.pointer, TOTAL_DIFFERS, str(differs))]


def checked_coverage(result: Result, task: Task, coverage: Mapping[str, Coverage]) -> Result:
    """Return the result with its coverage; raise `Incomplete` where the task accepts no shortfall."""
    coverage = with_every_list(coverage, result.data, task.schema)
    lacking = {at: each for at, each in coverage.items() if each.unclaimed}
    if lacking and task.on_shortfall == "incomplete":
        raise incomplete(result, lacking, coverage)
    warnings = (*result.warnings, *_unsupported_warnings(coverage))
    return replace(result, coverage=dict(coverage), warnings=warnings)


def _unsupported_warnings(coverage: Mapping[str, Coverage]) -> Iterator[Diagnostic]:
    """Warn of items and values that their rows do not say."""
    for pointer, each in coverage.items():
        if each.unsupported:
            shown = ", ".join(each.unsupported[:MAX_SHOWN])
            more = len(each.unsupported) - MAX_SHOWN
            rest = f" and {more} more" if more > 0 else ""
            yield Diagnostic(pointer, NOT_IN_ROW, f"not said by a row of its own: {shown}{rest}")


def incomplete(
    result: Result, lacking: Mapping[str, Coverage], coverage: Mapping[str, Coverage]
) -> Incomplete:
    """Return the error for lists that lack rows."""
    lists = "; ".join(_lack(at, each) for at, each in lacking.items())
    detail = f'{lists}: `coverage` has the places; on_shortfall "report" returns the list as it is'
    return Incomplete(detail, result.attempts, result.usage, result.data, next(iter(lacking)), coverage)


def _lack(pointer: str, coverage: Coverage) -> str:
    of = f" of {coverage.expected}" if coverage.expected else ""
    lack = counted(len(coverage.unclaimed), "row")
    return f"{pointer or 'the list'} lacks the items of {lack}{of} in the document"
