"""Counting is certain only where the rows can be read in one way: layouts with a second reading."""

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
    ("2024-01-02", "Rent", "900.00"),
    ("2024-01-02", "Salary", "2100.50"),
    ("2024-01-05", "Shoes", "80.00"),
    ("2024-01-05", "Books", "12.75"),
    ("2024-01-06", "Fuel", "55.20"),
    ("2024-01-06", "Bread", "4.10"),
]
TITLES = ("Date", "Description", "Amount")


def count(text: str) -> ListRows:
    return count_rows(Source.of(text), SCHEMA)["/transactions"]


def found(counted: ListRows) -> int:
    return sum(len(run.rows) for run in counted.runs)


def padded(*rows: tuple[str, ...]) -> str:
    widths = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def beside(left: list[str], right: list[str]) -> str:
    return "\n".join(f"{one:<40}{other}" for one, other in zip(left, right, strict=True))


FIXED = padded(TITLES, *CELLS)
SENTENCES = [" ".join(cells) for cells in CELLS]
NUMBERED = [f"{at}. {text}" for at, text in enumerate(SENTENCES, 1)]
CARDS = ["\n".join(f"{title}: {cell}" for title, cell in zip(TITLES, cells, strict=True)) for cells in CELLS]
SECOND_READINGS = {
    "records are columns": padded(*zip(TITLES, *CELLS[:3], strict=True)),
    "records are columns, under their names": padded(
        ("", "First", "Second"), *zip(TITLES, *CELLS[:2], strict=True)
    ),
    "labels with several values": "\n".join(
        f"{title}:   {'   '.join(cells)}" for title, *cells in zip(TITLES, *CELLS[:3], strict=True)
    ),
    "two columns of rows": beside(SENTENCES[:3], SENTENCES[3:]),
    "two columns of numbered rows": beside(NUMBERED[:3], NUMBERED[3:]),
    "two columns of cards": beside(CARDS[0].split("\n"), CARDS[1].split("\n")),
    "two tables, one of last year": f"{FIXED}\n\nLast year\n\n{FIXED}",
    "two tables, one without a heading": f"Rents of May\n\n{FIXED}\n\nWe add what another house has sent us."
    f"\nIt is only for you to know.\nDo not book it.\n\n{FIXED}",
    "an example": f"Example\n\n{FIXED}",
}


@pytest.mark.parametrize("text", SECOND_READINGS.values(), ids=SECOND_READINGS)
def test_rows_with_a_second_reading_are_not_certain(text: str) -> None:
    assert not count(f"Statement of account\n\n{text}\n").certain


@pytest.mark.parametrize(
    "headings", [("Leeds", "York"), ("## Leeds", "## York"), ("Branch: Leeds", "Branch: York")]
)
def test_tables_under_headings_of_one_form_are_one_list(headings: tuple[str, str]) -> None:
    counted = count("\n\n".join(["Statement", headings[0], FIXED, headings[1], FIXED]) + "\n")
    assert (found(counted), counted.certain) == (12, True)


@pytest.mark.parametrize("mark", ["{}", "## {}", "--- {} ---", "Tuesday, {}"])
def test_rows_below_dates_are_counted_and_not_the_dates(mark: str) -> None:
    """The date of a row may stand above it, once for several rows."""
    lines = []
    for at, (date, description, amount) in enumerate(CELLS):
        lines += [*(["", mark.format(date)] if at % 2 == 0 else []), f"{description} {amount}"]
    counted = count("Statement of account\n" + "\n".join(lines) + "\n")
    assert (found(counted), counted.certain) == (6, True)


def test_cards_that_begin_with_a_date_are_no_rows_below_a_date() -> None:
    counted = count("\n\n".join(card.replace(": ", "   ") for card in CARDS) + "\n")
    assert found(counted) in {0, 6}


def test_lines_of_a_log_are_rows_and_addresses_no_dates() -> None:
    properties = {name: {"type": "string"} for name in ("host", "time", "request")}
    properties["status"] = {"type": "integer"}
    item = {"type": "object", "properties": properties, "required": list(properties)}
    schema = Schema.parse({"type": "object", "properties": {"requests": {"type": "array", "items": item}}})
    text = "\n".join(
        f'10.0.{at}.12{at} - - [02/Jan/2024:10:00:0{at} +0000] "GET /{at}" 20{at} 5{at}' for at in range(6)
    )
    counted = count_rows(Source.of(text), schema)["/requests"]
    assert (found(counted), counted.certain) == (6, True)


def test_a_rule_of_dashes_tells_the_columns_apart() -> None:
    """Cells of such a table may stand a single blank apart."""
    text = "\n".join(
        [
            "Date       Description Amount",
            "---------- ----------- -------",
            *(f"{date} {description:11} {amount:>7}" for date, description, amount in CELLS),
        ]
    )
    counted = count(f"Statement\n\n{text}\n\nAll without guarantee.\n")
    assert (found(counted), counted.certain) == (6, True)
