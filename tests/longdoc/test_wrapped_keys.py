"""Rows whose first cell goes on in a line below: dates in a narrow column."""

from __future__ import annotations

import pytest

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.schema import Schema

ITEM = {
    "type": "object",
    "properties": {
        "date": {"type": "string"},
        "description": {"type": "string"},
        "amount": {"type": "number"},
    },
    "required": ["date", "description", "amount"],
}
SCHEMA = Schema.parse({"type": "array", "items": ITEM})
HEADER = "Date             Description        Amount\n"


def rows_of(text: str) -> list[str]:
    (rows,) = count_rows(Source(text), SCHEMA).values()
    return [text[row.start : row.end] for run in rows.runs for row in run.rows]


def entry(date: str, number: int) -> str:
    first, _, rest = date.partition("|")
    return f"{first:<17}office chair {number:<6}{number}.50\n" + (f"{rest}\n" if rest else "")


@pytest.mark.parametrize("whole", [0, 4], ids=["all dates go on", "short dates are whole"])
def test_a_date_keeps_the_year_in_the_line_below(whole: int) -> None:
    dates = [f"{day} January 2024" for day in range(1, 1 + whole)] + [
        f"{day} January|2024" for day in range(10, 15)
    ]
    rows = rows_of(HEADER + "".join(entry(date, 10 + at) for at, date in enumerate(dates)))
    assert len(rows) == len(dates)
    assert all("2024" in row for row in rows)


def test_a_line_that_only_some_rows_have_below_is_no_part_of_them() -> None:
    dates = ["1 January", "2 January|Berlin", "3 January", "4 January|Paris", "5 January"]
    rows = rows_of(HEADER + "".join(entry(date, 10 + at) for at, date in enumerate(dates)))
    assert not any("Berlin" in row or "Paris" in row for row in rows)
