"""A stated total that rows do not add up to is told, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.longdoc.totals import total_differences

ITEMS = [{"text": "Oak", "quantity": 2, "amount": 10.5}, {"text": "Elm", "quantity": 4, "amount": 1020.25}]
LINES = ["Oak          2        10.50", "Elm          4     1,020.25"]


def differences(
    lines: list[str], below: str, items: list[dict[str, Any]] = ITEMS, above: str = ""
) -> list[Any]:
    """Return the warnings for a text of rows and what stands around them."""
    text = above + "\n".join(lines)
    starts = [text.index(line) for line in lines]
    rows = Rows([(start, start + len(line)) for start, line in zip(starts, lines, strict=True)])
    counted = {"/lines": ListRows("/lines", (RowRun(rows),))}
    return total_differences({"lines": items}, f"{text}\n{below}\n", counted)


RIGHT = {
    "column": "Total              1,030.75",
    "label": "Total amount: 1,030.75",
    "subtotal": "Subtotal           1,030.75\nVAT 20%              206.15\nTotal              1,236.90",
    "tax-between": "VAT 20%              206.15\nTotal              1,236.90",
    "other-column": "Total     99",
    "number-of-items": "Total items              77",
    "none": "Thank you",
}


@pytest.mark.parametrize("below", RIGHT.values(), ids=RIGHT)
def test_nothing_is_told_of(below: str) -> None:
    """Sums that agree, and lines that state no sum of a field, give no warning."""
    assert differences(LINES, below) == []


WRONG = {
    "column": "Total              1,030.85",
    "both-columns": "Total        7     1,030.75",
    "label-of-a-field": "Grand total        2,000.00",
}


@pytest.mark.parametrize("below", WRONG.values(), ids=WRONG)
def test_a_total_in_the_column_of_a_field_is_compared(below: str) -> None:
    """The message has both sums, the pointer the list and the field."""
    [warning] = differences(LINES, below)
    name = "quantity" if " 7 " in below else "amount"
    assert (warning.pointer, warning.code) == (f"/lines/{name}", "total-differs")
    assert str(6 if name == "quantity" else "1030.75") in warning.message


def test_cells_are_columns() -> None:
    """In a table with delimiters the cell counts, not the offset."""
    lines = ["| Oak | 2 | 10.50 |", "| Elm | 4 | 1,020.25 |"]
    assert differences(lines, "| Total | | 1,030.75 |") == []
    assert [one.pointer for one in differences(lines, "| Total | 9 | 1,030.75 |")] == ["/lines/quantity"]


def test_balances_before_and_after_are_compared() -> None:
    """Opening balance and rows give the closing balance."""
    items = [{"text": "Oak", "amount": 10.5}, {"text": "Elm", "amount": -20.0}]
    lines = ["Oak     10.50", "Elm    -20.00"]
    above = "Opening balance 100.00\n"
    assert differences(lines, "Closing balance 90.50", items, above) == []
    [warning] = differences(lines, "Closing balance 95.50", items, above)
    assert all(number in warning.message for number in ("100", "95.5", "-9.5"))


@given(st.lists(st.integers(-10_000_000, 10_000_000), min_size=2, max_size=30), st.integers(0, 3))
def test_sums_are_exact(cents: list[int], off: int) -> None:
    """Cents are added without rounding, and one cent too many is told."""
    items = [{"text": f"Row{i}", "amount": each / 100} for i, each in enumerate(cents)]
    lines = [f"Row{chr(97 + i)} {each / 100:>16,.2f}" for i, each in enumerate(cents)]
    total = sum(cents) + off
    expected = off == 0 or abs(total) == abs(sum(cents))
    below = f"Sum  {total / 100:>16,.2f}"
    assert (differences(lines, below, items) == []) == expected
