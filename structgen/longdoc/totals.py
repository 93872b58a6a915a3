"""Totals that a text states, against the sums of the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from structgen.longdoc.composition import path_of
from structgen.longdoc.rows import ListRows, RowRun
from structgen.longdoc.total_lines import Amount, amounts, same_column, words
from structgen.schema.traversal import pointer
from structgen.types import Diagnostic

CODE = "total-differs"
MAX_REACH = 4_000
"""Characters below the last row in which its totals stand."""
_TOTAL = re.compile(
    r"\s*[|*_]*\s*(?:(?:grand|sub|sum)?[- ]?totals?|sum|closing balance|gesamt(?:summe|betrag)?|summe|"
    r"zwischensumme|montant total|totale|suma)\b",
    re.IGNORECASE,
)
_OF_NUMBERS = re.compile(r"\b(?:items?|rows?|lines?|entries|count|number|pages?|records?)\b", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\b(?:tax|vat|gst|discount|shipping|freight|fees?|rounding|mwst|tva|iva)\b", re.IGNORECASE
)
_CLOSING = re.compile(r"\bclosing balance\b|\bbalance carried forward\b", re.IGNORECASE)
_OPENING = re.compile(r"\bopening balance\b|\bbalance brought forward\b", re.IGNORECASE)
_BALANCE = re.compile(r"balance|saldo", re.IGNORECASE)


@dataclass(frozen=True)
class _Field:
    """A numeric field of a list with its sum, and where its value stands in the last row."""

    name: str
    sum: Decimal
    last: Amount | None


def total_differences(data: Any, text: str, rows: Mapping[str, ListRows]) -> list[Diagnostic]:
    """Return a warning for each column of which the text states a total that its rows do not add up to.

    A total is compared only where its column or its label says which field it sums up, and where nothing
    such as tax stands between. Each message has both sums.

    Args:
        data: the value of the whole document.
        text: the document.
        rows: the rows of the lists by the lists' pointers.
    """
    found: list[Diagnostic] = []
    for at, counted in rows.items():
        items = _items(data, path_of(at))
        if len(counted.runs) == 1 and len(items) > 1:
            found += _of_list(at, items, text, counted.runs[0])
    return found


def _items(data: Any, path: Sequence[str]) -> list[dict[str, Any]]:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def _of_list(at: str, items: list[dict[str, Any]], text: str, run: RowRun) -> Iterator[Diagnostic]:
    last = run.rows[len(run.rows) - 1]
    fields = list(_fields(items, text[text.rfind("\n", 0, last.start) + 1 : last.end]))
    lines = _total_lines(text, last.end)
    for field in fields:
        stated = [amount for line in lines if (amount := _stated(line, field, fields)) is not None]
        if stated and not any(abs(value) == abs(field.sum) for amount in stated for value in amount.readings):
            yield _difference(at, field, f"the text states {stated[0].readings[0]}")
    yield from _closing_difference(at, fields, text[: run.rows[0].start], text[last.end :][:MAX_REACH])


def _fields(items: list[dict[str, Any]], row: str) -> Iterator[_Field]:
    read = amounts(row)
    for name in items[0]:
        values = [item.get(name) for item in items if item.get(name) is not None]
        if len(values) < 2 or not all(type(value) in (int, float) for value in values):
            continue
        last = items[-1].get(name)
        own = [] if last is None else [one for one in read if Decimal(str(last)) in one.readings]
        total = sum((Decimal(str(value)) for value in values), Decimal(0))
        yield _Field(name, total, own[0] if len(own) == 1 else None)


def _total_lines(text: str, start: int) -> list[str]:
    """Return the lines below the rows that state totals, up to one with an amount that is added to them."""
    lines = []
    for line in text[start : start + MAX_REACH].split("\n"):
        if _BETWEEN.search(line) and amounts(line):
            break
        if _TOTAL.match(line) and not _OF_NUMBERS.search(line) and not _CLOSING.search(line):
            lines.append(line)
    return lines


def _stated(line: str, field: _Field, fields: Sequence[_Field]) -> Amount | None:
    """Return the amount of a line that its column, or its label, gives to a field."""
    found = amounts(line)
    if field.last is not None:
        below = [one for one in found if same_column(one, field.last)]
        return below[0] if len(below) == 1 else None
    named = [one for one in fields if words(one.name) & words(line[: found[0].start] if found else line)]
    return found[0] if len(found) == 1 and named == [field] else None


def _closing_difference(at: str, fields: Sequence[_Field], above: str, below: str) -> Iterator[Diagnostic]:
    moving = [field for field in fields if not _BALANCE.search(field.name)]
    opening, closing = _balance(_OPENING, above[-MAX_REACH:]), _balance(_CLOSING, below)
    if len(moving) != 1 or opening is None or closing is None:
        return
    if opening + moving[0].sum != closing and opening - moving[0].sum != closing:
        yield _difference(at, moving[0], f"the text states {opening} before and {closing} after")


def _balance(label: re.Pattern[str], text: str) -> Decimal | None:
    """Return the one amount of the one line with a label."""
    lines = [line for line in text.split("\n") if label.search(line)]
    found = amounts(lines[0]) if len(lines) == 1 else []
    return found[0].readings[0] if len(found) == 1 and len(found[0].readings) == 1 else None


def _difference(at: str, field: _Field, stated: str) -> Diagnostic:
    message = f"the values of {field.name!r:.80} add up to {field.sum}, and {stated}: check that list"
    return Diagnostic(at + pointer([field.name]), CODE, message)
