"""Rows in text that came out of PDF files: cells one blank apart, or each on a line of its own."""

from __future__ import annotations

from typing import Any

import pytest

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema


def counted(text: str, **fields: dict[str, Any]) -> ListRows:
    item = {"type": "object", "properties": fields, "required": list(fields)}
    schema = {"type": "object", "properties": {"rows": {"type": "array", "items": item}}}
    return count_rows(Source.of(text), Schema.parse(schema))["/rows"]


def texts(text: str, rows: ListRows) -> list[str]:
    return [text[row.start : row.end] for run in rows.runs for row in run.rows]


TEXT, NUMBER, DATE = {"type": "string"}, {"type": "number"}, {"type": "string", "format": "date"}
LETTERHEAD = "Alder & Co.\nP.O. Box 17\nPhone 020 5511\n"


def test_rows_one_blank_apart_are_counted_below_their_titles() -> None:
    text = (
        f"{LETTERHEAD}Date Description Amount\n2024-05-01 Coffee beans 1kg 12.50\n2024-05-02 Tea 4.00\n"
        "2024-05-03 Mugs, blue 31.20\nWe thank you for your order.\n"
    )
    rows = counted(text, date=DATE, description=TEXT, amount=NUMBER)
    assert (rows.expected, rows.certain) == (3, True)
    assert texts(text, rows)[0] == "2024-05-01 Coffee beans 1kg 12.50"


def test_a_header_may_go_over_two_lines() -> None:
    text = f"{LETTERHEAD}Unit\nProduct Quantity price\nSteel bolt 4 0.20\nWide shelf 1 54.00\nDesk lamp 2 19.90\n"
    assert counted(text, product=TEXT, quantity=NUMBER, unit_price=NUMBER).expected == 3


def test_a_name_and_a_number_are_no_date() -> None:
    text = "Pos. Product Quantity\n1 nuts 17\n2 bolts 24\n3 lamps 31\n"
    assert counted(text, product=TEXT, quantity=NUMBER).expected == 3


def test_titles_that_a_description_quotes_are_those_of_the_field() -> None:
    text = "運単 重量\nA-1 3.5\nA-2 4.1\n"
    parcel, weight = ({"type": kind, "description": f"as printed ({title})"} for kind, title in (
        ("string", "運単"), ("number", "重量")))  # fmt: skip
    rows = counted(text, parcel=parcel, weight=weight)
    assert (rows.expected, rows.certain) == (2, True)


@pytest.mark.parametrize("total", ["Total: 66.00", "Total 66.00", "Sum total EUR 66.00"])
def test_a_total_shows_which_lines_without_titles_are_the_rows(total: str) -> None:
    text = f"{LETTERHEAD}Your charges\nService 8.00\nEnergy 463 kWh 31.00\nFuel 27.00\n{total}\nMeter 47911\n"
    rows = counted(text, description=TEXT, amount=NUMBER)
    assert texts(text, rows) == ["Service 8.00", "Energy 463 kWh 31.00", "Fuel 27.00"]
    assert not rows.certain


def test_rows_that_add_up_to_the_total_are_certain_beside_subtotals() -> None:
    text = (
        "Lender Commitment\nAlder Bank 100.25\nBirch Bank 250.50\nSubtotal 350.75\nCedar Bank, New York 75.00\n"
        "Total: 425.75\n"
    )
    rows = counted(text, lender=TEXT, commitment=NUMBER)
    assert (rows.expected, rows.certain) == (3, True)


CELLS = "Product\nQuantity\nPrice\nbolt\n4\n0.20\nnut\n2\n0.10\nlamp\n1\n19.90\n"


def test_cells_on_lines_of_their_own_are_rows_of_as_many_lines_as_there_are_titles() -> None:
    rows = counted(LETTERHEAD + CELLS, product=TEXT, quantity=NUMBER, price=NUMBER)
    assert (rows.expected, rows.certain) == (3, True)
    assert texts(LETTERHEAD + CELLS, rows)[1] == "nut\n2\n0.10"


def test_a_row_that_lacks_a_cell_makes_the_count_an_estimate() -> None:
    text = f"{CELLS}pen\n0.90\nchair\n1\n45.00\ndesk\n1\n99.00\n"
    rows = counted(text, product=TEXT, quantity={"type": ["number", "null"]}, price=NUMBER)
    assert (rows.expected, rows.certain) == (6, False)


def test_titles_that_come_again_on_a_new_page_are_no_row() -> None:
    text = f"{CELLS}Page 1 of 2\n{CELLS}Page 2 of 2\n"
    assert counted(text, product=TEXT, quantity=NUMBER, price=NUMBER).expected == 6


def test_lines_of_an_address_are_not_certain_rows() -> None:
    text = f"{LETTERHEAD}Товар Вес\nКабель 21\nБолт 4\nЛампа 14\nНоут 3\nСтул 9\n"
    assert not counted(text, product=TEXT, weight=NUMBER).certain
