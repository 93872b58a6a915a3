"""Totals that a text states after the rows of a list, against the sums of its items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from structgen.longdoc.rows import ListRows

LINES_AFTER = 4
"""Lines after the last row in which a total may stand."""
_TOTAL = re.compile(
    r"\W*(?:grand |overall |gesamt|sub)?[- ]?"
    r"(?:totals?|totale?s?|totaux|sum|summen?|suma|razem|totaal|betrag)\b"
    r"|\W*(?:итого|всего|合计|总计|总额|合計|総計)",
    re.IGNORECASE,
)
_OTHER_SUM = re.compile(
    r"balance|saldo|solde|\b(?:tax|vat|gst|mwst|ust|iva|tva|moms|btw|number|count|pages?|items|rows|records|"
    r"entries)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d(?:[\d.,'\u00a0\u202f]*\d)?")
_FEWEST_DIGITS = 2
_NEAR = 2
"""A sum of less than the total by this factor, or of more, is that of something else."""


@dataclass(frozen=True, slots=True)
class TotalDiffers:
    """A total in the text that is the sum of no field of the items; `field` has the nearest sum."""

    stated: str
    field: str
    total: Decimal

    def __str__(self) -> str:
        return f"the text states a total of {self.stated}, and {self.field} adds up to {self.total:f}"


def differing_total(document: str, rows: ListRows, items: Sequence[Any]) -> TotalDiffers | None:
    """Return the last stated total, where no number beside it is the sum of a field, but one is near.

    A total with taxes stands below the sum itself, whatever that is called.

    A total may also be the sum of the products of two fields, such as quantities and prices.
    """
    sums = {name: total for name, total in _sums(items).items() if total}
    between, after = _lines_near(document, rows) if sums else ([], [])
    stated = [number for line in [*between, *after] if _states_total(line) for number in _numbers(line)]
    possible = [*sums.values(), *_sums_of_products(items, list(sums))]
    near = {*stated, *(number for line in after for number in _numbers(line))}
    if not stated or any(_is_sum(number, total) for number in near for total in possible):
        return None
    last = stated[-1]
    field = min(sums, key=lambda name: abs(abs(sums[name]) - _value(last)))
    if not _value(last) < _NEAR * abs(sums[field]) < _NEAR**2 * _value(last):
        return None
    return TotalDiffers(last, field, sums[field])


def _sums(items: Sequence[Any]) -> dict[str, Decimal]:
    """Return the sum of each field that is a number in all items, or null."""
    sums: dict[str, Decimal] = {}
    others = set()
    for item in items if len(items) > 1 else ():
        for name, value in item.items() if isinstance(item, dict) else ():
            if isinstance(value, int | float) and not isinstance(value, bool):
                sums[name] = sums.get(name, Decimal()) + Decimal(repr(value))
            elif value is not None:
                others.add(name)
    return {name: total for name, total in sums.items() if name not in others}


def _sums_of_products(items: Sequence[Any], names: Sequence[str]) -> Iterator[Decimal]:
    """Yield for each two fields the sum of their products."""
    for one, other in combinations(names, 2):
        pairs = ((item.get(one), item.get(other)) for item in items)
        yield sum(
            (Decimal(repr(left)) * Decimal(repr(right)) for left, right in pairs if left and right), Decimal()
        )


def _lines_near(document: str, rows: ListRows) -> tuple[list[str], list[str]]:
    """Return lines that may state a total: those between the last rows, and those after them."""
    if not rows.runs or not rows.runs[-1].rows:
        return [], []
    end = rows.runs[-1].rows[-1].end
    between = [document[span.start : span.end] for span in rows.skipped[-20:] if span.start < end]
    return between, document[end : end + 2_000].split("\n")[1 : LINES_AFTER + 1]


def _states_total(line: str) -> bool:
    return _TOTAL.match(line) is not None and not _OTHER_SUM.search(line)


def _numbers(line: str) -> list[str]:
    return [token for token in _NUMBER.findall(line) if len(_digits(token)) >= _FEWEST_DIGITS]


def _digits(token: str) -> str:
    return "".join(character for character in token if character.isdigit())


def _is_sum(token: str, total: Decimal) -> bool:
    """Return whether a number's digits are those of the sum, whatever its separators are."""
    plain = abs(total).normalize()
    forms = {_digits(f"{plain:f}"), *(_digits(f"{plain:.{places}f}") for places in (1, 2, 3))}
    return _digits(token).lstrip("0") in {form.lstrip("0") for form in forms}


def _value(token: str) -> Decimal:
    """Return a number with the last separator as the decimal one, where one or two digits follow it."""
    match = re.fullmatch(r"(.*)[.,](\d\d?)", token)
    whole, fraction = (match[1], match[2]) if match else (token, "0")
    return Decimal(f"{_digits(whole) or 0}.{fraction}")
