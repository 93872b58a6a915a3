"""Rows that say a value again: a list of names may well have each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from structgen.longdoc.row_values import RowValues
from structgen.schema import Schema
from structgen.types import Span


def said_again(
    items: Sequence[Any], rows: Sequence[Span], own: Collection[int], text: str, schema: Schema | None
) -> set[int]:
    """Return the rows without an item that say a text which is an item of the list; none for objects."""
    if not all(isinstance(item, str) for item in items):
        return set()
    without = [row for row in range(len(rows)) if row not in own]
    unique = list(dict.fromkeys(items))
    values = RowValues(unique, [rows[row] for row in without], text, schema)
    return {without[at] for sayings in values.of for one in sayings if not one.is_near for at in one.rows}
