"""Two lists with the same fields: the heading above a table says whose rows it has. Days keep their dates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from long_documents import DATED_ROW

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

ACCOUNT = Schema.parse(
    {
        "type": "object",
        "properties": {
            "deposits": {"type": "array", "items": DATED_ROW},
            "withdrawals": {"type": "array", "items": DATED_ROW},
        },
    }
)


def table(rows: int, first: int = 1, rule: str = "=") -> str:
    """Return a table between rules, with columns on the right."""
    lines = [
        f"{day} January 2024".rjust(16) + f"Order {day * 7}".rjust(14) + f"{day * 11}.50".rjust(10)
        for day in range(first, first + rows)
    ]
    header = "Date".rjust(16) + "Description".rjust(14) + "Amount".rjust(10)
    return "\n".join([rule * 40, header, rule * 40, *lines, rule * 40])


def counted(document: str, schema: Schema = ACCOUNT) -> dict[str, ListRows]:
    return count_rows(Source(document), schema)


@given(
    deposits=st.integers(2, 12),
    withdrawals=st.integers(2, 12),
    rule=st.sampled_from("=-"),
    swap=st.booleans(),
)
def test_each_table_is_the_list_that_its_heading_names(
    deposits: int, withdrawals: int, rule: str, swap: bool
) -> None:
    """Both are certain, in either order."""
    parts = [
        f"DEPOSITS\n{table(deposits, rule=rule)}\n",
        f"Withdrawals of the month\n{table(withdrawals, 13, rule)}\n",
    ]
    found = counted("Statement\n\n" + "\n".join(parts[::-1] if swap else parts))
    assert {at: (rows.expected, rows.certain) for at, rows in found.items()} == {
        "/deposits": (deposits, True),
        "/withdrawals": (withdrawals, True),
    }


@pytest.mark.parametrize("heading", ["Deposits and withdrawals", "Movements"])
def test_a_table_whose_heading_names_no_single_list_is_not_certain(heading: str) -> None:
    """Its rows may be of either list, and so may rows of the other table be lacking there."""
    found = counted(f"Statement\n\nDEPOSITS\n{table(4)}\n\n{heading}\n{table(5, 13)}\n")
    assert not any(rows.certain for rows in found.values())


SHIFTS = Schema.parse(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "date": {"type": "string", "format": "date"},
                "name": {"type": "string"},
                "hours": {"type": "number"},
            },
            "required": ["date", "name", "hours"],
        },
    }
)


@given(st.lists(st.integers(2, 4), min_size=3, max_size=9))
def test_the_rows_of_a_day_are_read_with_its_date(days: list[int]) -> None:
    """Each day is a run of its own: the date is the last of its context."""
    blocks = [
        "\n".join([f"{day} May 2026", *(f"  Ada Moore   {day + row}.5 h" for row in range(rows))])
        for day, rows in enumerate(days, 1)
    ]
    document = "Roster\n\n" + "\n\n".join(blocks) + "\n"
    runs = counted(document, SHIFTS)[""].runs
    dates = [document[run.context[-1].start : run.context[-1].end] for run in runs]
    assert dates == [f"{day} May 2026" for day in range(1, len(days) + 1)]
    assert [len(run.rows) for run in runs] == days
