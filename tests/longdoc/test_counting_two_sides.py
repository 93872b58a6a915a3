"""Tables that two lists share: side by side, or by the column that a row fills."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

ROW = {
    "type": "object",
    "properties": {"description": {"type": "string"}, "amount": {"type": "number"}},
    "required": ["description", "amount"],
}
SCHEMA = Schema.parse(
    {
        "type": "object",
        "properties": {name: {"type": "array", "items": ROW} for name in ("debits", "credits")},
    }
)
WORDS = st.sampled_from(["Rent", "Books", "Fuel of May", "Bread"])
AMOUNTS = st.integers(1, 99_999).map(lambda cents: f"{cents / 100:.2f}")
ROWS = st.lists(st.tuples(WORDS, AMOUNTS), min_size=1, max_size=9)


def found(counted: ListRows) -> int:
    return sum(len(run.rows) for run in counted.runs)


def counted_rows(text: str) -> tuple[dict[str, int], list[str]]:
    counted = count_rows(Source.of(text), SCHEMA)
    assert all(rows.certain for rows in counted.values())
    spans = [row for rows in counted.values() for run in rows.runs for row in run.rows]
    return {pointer: found(rows) for pointer, rows in counted.items()}, [text[s.start : s.end] for s in spans]


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS, st.sampled_from(["  ", ";", " | "]))
def test_each_side_has_its_rows(left: list[tuple[str, str]], right: list[tuple[str, str]], mark: str) -> None:
    height = max(len(left), len(right))
    sides = [[*rows, *[("", "")] * (height - len(rows))] for rows in (left, right)]
    lines = [("Debits", "", "Credits", ""), ("Description", "Amount") * 2]
    lines += [(*one, *other) for one, other in zip(*sides, strict=True)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if mark == "  ":
        rows = [
            "   ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
        ]
    else:
        rows = [mark.join(line) for line in lines]
    counts, texts = counted_rows("Account\n\n" + "\n".join(row.rstrip() for row in rows) + "\n")
    assert counts == {"/debits": len(left), "/credits": len(right)}
    assert all(amount in text for (_, amount), text in zip([*left, *right], texts, strict=True))


@pytest.mark.parametrize("mark", [";", " | ", "\t"])
def test_the_filled_column_says_which_list_a_row_is_of(mark: str) -> None:
    lines = [
        ("Description", "Debit", "Credit"),
        ("Rent", "900.00", ""),
        ("Salary", "", "2100.00"),
        ("Books", "12.75", ""),
    ]
    counts, _ = counted_rows("Account\n\n" + "\n".join(mark.join(line) for line in lines) + "\n")
    assert counts == {"/debits": 2, "/credits": 1}
