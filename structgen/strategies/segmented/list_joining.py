"""Join the items of lists by their keys, with the coverage of what is joined and warnings of conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from structgen import json_text
from structgen.longdoc.composition import path_of
from structgen.longdoc.item_joining import Conflict, JoinedItems, joined_list
from structgen.longdoc.list_rules import ListRule, ListRules
from structgen.messages import counted
from structgen.schema import Schema
from structgen.types import Coverage, Diagnostic, Span

CONFLICT = "conflict"
"""Code of the warning for a value that segments, or rows with one key, give differently."""
MAX_SHOWN = 80
"""Characters of a value that a warning shows."""


def list_rule(schema: Schema, pointer: str) -> ListRule:
    """Return what a schema says about the items of one of its lists together."""
    return schema.memoised(ListRules).of(tuple(path_of(pointer)))


def joined_by_key(
    items: Sequence[Any], rows: Sequence[Span | None], coverage: Coverage, joined: JoinedItems
) -> tuple[list[Any], Coverage]:
    """Return a complete list with its items joined, and its coverage with the pointers of the joined list."""
    index_of = joined_list(items, rows, joined)
    at = len(joined.pointer) + 1
    places = (pointer[at:].partition("/") for pointer in coverage.unsupported)
    shown = dict.fromkeys(
        f"{joined.pointer}/{index_of[int(index)]}{mark}{member}" for index, mark, member in places
    )
    return joined.items, replace(coverage, found=len(joined.items), unsupported=tuple(shown))


def with_rows_of(one: Coverage, other: Coverage, pointer: str) -> Coverage:
    """Return the coverage of a list that two rows gave, each a part of it; `pointer` is that of the list."""
    at = len(pointer) + 1
    places = (each[at:].partition("/") for each in other.unsupported)
    shifted = (f"{pointer}/{int(index) + one.found}{mark}{member}" for index, mark, member in places)
    known = [each.expected for each in (one, other) if each.expected is not None]
    return Coverage(
        sum(known) if known else None,
        one.found + other.found,
        tuple(sorted((*one.unclaimed, *other.unclaimed), key=lambda span: span.start)),
        one.basis,
        one.certain and other.certain,
        (*one.unsupported, *shifted),
    )


def conflict_warnings(pointer: str, conflicts: Iterable[Conflict], untold: int) -> list[Diagnostic]:
    """Return the warnings that name the values with their places in the document."""
    warnings = [_warning(conflict) for conflict in conflicts]
    if untold:
        warnings.append(Diagnostic(pointer, CONFLICT, f"{counted(untold, 'further conflict')} in lists"))
    return warnings


def _warning(conflict: Conflict) -> Diagnostic:
    places = (_place(value, span) for value, span in zip(conflict.values, conflict.spans, strict=True))
    message = f"the document is read with different values: {', '.join(places)}"
    return Diagnostic(conflict.pointer, CONFLICT, message)


def _place(value: Any, span: Span | None) -> str:
    where = "nowhere in the document" if span is None else f"at {span.start}"
    return f"{json_text.dumps(value)[:MAX_SHOWN]} ({where})"
