"""Sections whose items hold lists: each heading with the rows below it is one row."""

from __future__ import annotations

import pytest

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

ROW = {
    "type": "object",
    "properties": {"product": {"type": "string"}, "price": {"type": "number"}},
    "required": ["product", "price"],
}
SECTION = {
    "type": "object",
    "properties": {"town": {"type": "string"}, "prices": {"type": "array", "items": ROW}},
    "required": ["town", "prices"],
}
SCHEMA = Schema.parse({"type": "object", "properties": {"sections": {"type": "array", "items": SECTION}}})
TOWNS = ["Leeds", "York", "Bath"]
CELLS = [("bolt", "1.20"), ("nut", "0.40"), ("rope", "7.15")]
ROWS = {
    "table": "Product   Price\n" + "\n".join(f"{name:10}{price}" for name, price in CELLS),
    "cards": "\n\n".join(f"Product: {name}\nPrice: {price}" for name, price in CELLS),
    "cards under headings": "\n\n".join(
        f"### {name}\nProduct: {name}\nPrice: {price}" for name, price in CELLS
    ),
    "bullets": "\n".join(f"- {name}, {price}" for name, price in CELLS),
}


def count(text: str) -> ListRows:
    return count_rows(Source.of(text), SCHEMA)["/sections"]


def found(counted: ListRows) -> int:
    return sum(len(run.rows) for run in counted.runs)


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("mark", ["## {}", "=== {} ===", "Branch: {}"])
def test_each_heading_with_rows_below_is_a_section(rows: str, mark: str) -> None:
    counted = count("Price list\n\n" + "\n\n".join(f"{mark.format(town)}\n\n{rows}" for town in TOWNS) + "\n")
    assert (found(counted), counted.certain) == (3, True)


def test_a_section_with_one_row_that_is_not_counted_is_not_left_out_for_certain() -> None:
    rows = "\n".join(f"{at}. {name}, {price}" for at, (name, price) in enumerate(CELLS, 1))
    counted = count(f"Price list\n\n## Leeds\n\n{rows}\n\n## York\n\n{rows}\n\n## Bath\n\n1. bolt, 1.20\n")
    assert found(counted) == 3 or not counted.certain


def test_a_section_without_rows_is_a_section() -> None:
    assert not (counted := count("Price list\n\n## Leeds\n\nNone.\n")).certain or found(counted) == 1


EMPTY = {"first": 0, "in between": 1, "last": 2}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("mark", ["## {}", "=== {} ===", "[{}]", "Branch: {}", "{} Inc."])
@pytest.mark.parametrize("empty", EMPTY.values(), ids=EMPTY)
def test_a_section_without_rows_among_others_is_not_left_out_for_certain(
    rows: str, mark: str, empty: int
) -> None:
    parts = [mark.format(town) + ("" if at == empty else f"\n\n{rows}") for at, town in enumerate(TOWNS)]
    counted = count("Price list\n\n" + "\n\n".join(parts) + "\n")
    assert found(counted) == 3 or not counted.certain


def test_the_title_of_a_text_is_no_certain_section() -> None:
    rows = "\n\n".join(f"Branch: {town}\nProduct: bolt\nPrice: 1.20" for town in TOWNS)
    counted = count(f"Price list\n\n{rows}\n")
    assert found(counted) == 3 or not counted.certain
