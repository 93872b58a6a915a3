"""Tables: the rows are counted, and nothing but the rows."""

from __future__ import annotations

import pytest
from long_documents import DATED_ROW

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

SCHEMA = Schema.parse(
    {"type": "object", "properties": {"transactions": {"type": "array", "items": DATED_ROW}}}
)
CELLS = [
    ("2024-01-02", "Rent, May", "-900.00"),
    ("2024-01-03", "Salary", "2,100.50"),
    ("2024-01-05", "Shoes", "-80.00"),
]


def count(text: str) -> ListRows:
    return count_rows(Source.of(text), SCHEMA)["/transactions"]


def rows_of(text: str) -> list[str]:
    return [text[row.start : row.end] for run in count(text).runs for row in run.rows]


def table(separator: str, quoted: bool = False) -> str:
    cells = [("Date", "Description", "Amount"), *CELLS]
    return "\n".join(separator.join(f'"{cell}"' if quoted else cell for cell in row) for row in cells)


FIXED = "\n".join(f"{a:12}{b:16}{c:>12}" for a, b, c in [("Date", "Description", "Amount"), *CELLS])
MARKDOWN = "| Date | Description | Amount |\n|---|---|---:|\n" + "\n".join(
    f"| {' | '.join(row)} |" for row in CELLS
)
LAYOUTS = {
    "markdown": MARKDOWN,
    "quoted CSV": table(",", quoted=True),
    "semicolons": table(";"),
    "tabs": table("\t"),
    "fixed width": FIXED,
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_the_rows_of_a_table_are_certain(text: str) -> None:
    counted = count(
        f"Statement of account\n\nWe thank you, and ask you to check it.\n\n{text}\n\nAll without guarantee.\n"
    )
    assert (counted.expected, counted.certain) == (3, True)


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_each_row_is_its_own_line(text: str) -> None:
    rows = rows_of(text)
    assert [cells[1] in row for cells, row in zip(CELLS, rows, strict=True)] == [True] * 3


def test_a_subtotal_is_no_row() -> None:
    assert len(rows_of(MARKDOWN + "\n|  | Subtotal | 1,120.50 |")) == 3


def test_a_wrapped_cell_belongs_to_the_row_above() -> None:
    assert rows_of(f"{FIXED}\n            for the holidays")[2].endswith("for the holidays")


@pytest.mark.parametrize(
    ("above", "headings"),
    [
        pytest.param("Holder: Ann Bell\nPeriod: 2024-01-01 to 2024-01-31\nBranch: Leeds\n\n", [], id="facts"),
        pytest.param("Branch: Leeds\n\n", ["Branch: Leeds"], id="heading"),
    ],
)
def test_a_label_among_others_is_no_heading(above: str, headings: list[str]) -> None:
    """Facts of the document are no context of rows: the model would read their values into these."""
    header = "Date        Description    Amount"
    text = above + "\n".join([header, *("  ".join(row) for row in CELLS)])
    context = [text[span.start : span.end] for span in count(text).runs[0].context]
    assert context == [*headings, header]
