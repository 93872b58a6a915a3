"""A stated total that the items do not add up to is found, whatever the notation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.longdoc.totals import TotalDiffers, differing_total


def found(last_lines: str, amounts: list[float]) -> TotalDiffers | None:
    document = "".join(f"row {amount}\n" for amount in amounts)
    rows, offset = Rows(), 0
    for line in document.splitlines():
        rows.append(offset, offset + len(line))
        offset += len(line) + 1
    listed = ListRows("/rows", (RowRun(rows, (), "table", True),), True)
    return differing_total(
        document + last_lines, listed, [{"name": "x", "amount": amount} for amount in amounts]
    )


@pytest.mark.parametrize(
    "line",
    ["Total 1,234.50", "TOTAL: 1.234,50 EUR", "| **Total** | | 1'234.50 |", "Summe 1234,5", "合計 1234.50"],
)
def test_a_total_that_is_the_sum_is_no_warning(line: str) -> None:
    """Separators and signs of currencies do not matter."""
    assert found(line, [1000.25, 234.25]) is None


def test_a_total_that_differs_is_told_with_both_sums() -> None:
    """The nearest field is named."""
    differs = found("\nGrand total: 1,334.50\n", [1000.25, 234.25])
    assert differs == TotalDiffers("1,334.50", "amount", Decimal("1234.50"))
    assert str(differs) == "the text states a total of 1,334.50, and amount adds up to 1234.50"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Closing balance 99.00",
        "Total tax 19.00",
        "Total number of items: 25",
        "Thank you, 99",
        "Sum of it all",
    ],
)
def test_other_sums_are_none(line: str) -> None:
    """Balances, taxes and counts are not the sum of the rows."""
    assert found(line, [10.0, 20.0]) is None


@given(st.lists(st.decimals(1, 10_000, places=2).map(float), min_size=2, max_size=30))
def test_no_sum_differs_from_itself(amounts: list[float]) -> None:
    """Sums are exact: floats do not add up errors."""
    total = sum(Decimal(repr(amount)) for amount in amounts)
    assert found(f"Total {total:,.2f}", amounts) is None
