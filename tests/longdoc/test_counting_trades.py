"""Counts of documents as trades write them: sums by any name, page heads, quoted line breaks, headings."""

from __future__ import annotations

import random
from typing import Any

import pytest

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.layout.cells import cell_kind, date_at
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.quoted_lines import quoted_lines
from structgen.longdoc.rows import ListRows
from structgen.longdoc.totals import differing_total
from structgen.schema import Schema

TYPES: dict[str, Any] = {
    "n": {"type": "number"},
    "t": {"type": "string"},
    "n?": {"type": ["number", "null"]},
    "d": {"type": "string", "format": "date"},
}


def schema(**lists: str) -> Schema:
    """Return a schema of lists; `rows="name:t price:n"` has two fields."""
    properties = {}
    for pointer, members in lists.items():
        fields = {name: TYPES[kind] for name, kind in (each.split(":") for each in members.split())}
        items = {"type": "object", "properties": fields, "required": list(fields)}
        properties[pointer] = {"type": "array", "items": items}
    return Schema.parse({"type": "object", "properties": properties})


def counts(*pages: str, **lists: str) -> dict[str, ListRows]:
    return count_rows(Source.of(list(pages) if len(pages) > 1 else pages[0]), schema(**lists))


def rows(text: str, counted: ListRows) -> list[str]:
    return [text[row.start : row.end] for run in counted.runs for row in run.rows]


NAMES = ("Oak shelf", "Steel hook", "Lamp", "Wood glue", "Door hinge")
PARTS = "".join(f"{random.Random(n).choice(NAMES)} {n} ${n}.50 ${n * n}.00\n" for n in range(2, 42))


def test_lines_of_sums_below_entries_are_no_rows() -> None:
    """`Shipping` stands below a subtotal, and lacks what each row has."""
    text = f"Item Qty Price Total\n{PARTS}Subtotal $606.00\nShipping $25.00\nTotal due $631.00\n"
    found = counts(text, items="item:t quantity:n price:n total:n")["/items"]
    assert "Shipping $25.00" not in rows(text, found)
    assert len(rows(text, found)) == 40


def test_an_entry_that_lacks_values_makes_the_count_an_estimate() -> None:
    """No sum stands before it: it may be a row."""
    text = f"Item Qty Price Total\n{PARTS}Shipping $25.00\n"
    assert not counts(text, items="item:t quantity:n price:n total:n")["/items"].certain


def test_a_sum_is_told_by_its_cells_whatever_it_is_called() -> None:
    """Rows begin with a number, and have six cells: a line of words and one amount is none."""
    header = "Pos   Code    Unit   Name          Price       Sum\n"
    body = "".join(f"{n}     K{n:03}    pc     Lamp {n}        {n}.10     {n}.20\n" for n in range(1, 9))
    text = f"{header}{body}Nettowert                              36.00\nPorto                  7.10\n"
    found = counts(text, items="position:n code:t unit:t name:t price:n sum:n")["/items"]
    assert len(rows(text, found)) == 8
    assert found.certain


def test_the_number_before_an_entry_is_no_value_of_its_row() -> None:
    """Steps are not ingredients with an amount."""
    text = "Method\n\n1. Wash everything.\n2. Simmer for 30 minutes.\n3. Serve.\n"
    assert not counts(text, ingredients="amount:n? unit:t food:t")["/ingredients"].certain


QUOTED = 'Date;Name;Note\n2026-01-02;Ada;"call back\nafter 5; urgent"\n2026-01-03;Bob;""\n2026-01-04;Cy;x\n'


def test_a_cell_in_quotes_goes_on_in_the_next_line() -> None:
    found = counts(QUOTED, calls="date:d name:t note:t")["/calls"]
    assert found.certain
    assert rows(QUOTED, found)[0] == '2026-01-02;Ada;"call back\nafter 5; urgent"'
    assert len(rows(QUOTED, found)) == 3


BROKEN = {
    "the first cell": 'name,amount\n"Nuts\nbig",3.00\n"Bolts",4.00\nNails,5.00\n',
    "the cells of all rows": 'name,amount\n"Nuts\nbig",3.00\n"Bolts\n\nlong",4.00\n"Nails\nx, y",5.00\n',
    "a cell between others, with CRLF": 'no,name,amount\r\n1,"Nuts\r\nbig",3.00\r\n2,Bolts,4.00\r\n3,"a\r\nb",5.00\r\n',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_row_counts_whichever_of_its_cells_has_a_line_break(text: str) -> None:
    """What stands behind the cell is of the same row."""
    found = counts(text, items="name:t amount:n")["/items"]
    assert (found.expected, found.certain) == (3, True)


def test_a_quote_that_nothing_closes_hides_no_row() -> None:
    """The separators behind it part cells, as they do behind an inch."""
    text = 'name,amount\n"Nuts,3.00\nBolts,4.00\nNails,5.00\n3" pins,6.00\nCaps,7.00\n'
    assert counts(text, items="name:t amount:n")["/items"].expected == 5


@pytest.mark.parametrize("text", ['a;bolt 3"\nb;bolt 4"\n', 'a;"open\nb;c\n', 'a;"b"\nc;"d"\n'])
def test_other_quotes_open_no_cell(text: str) -> None:
    """Inches, a quote that nothing closes, cells in quotes of one line."""
    source = Source.of(text)
    assert not any(quoted_lines(Lines(source, 0, len(text)), ";"))


def test_the_head_of_pages_may_have_cells() -> None:
    """Its number is that of the page: it is neither a row nor the header of another table."""
    pages = [
        f"City Laboratory\tPage {page}\n\nTest\tResult\tUnit\n"
        + "".join(f"Na {page}{n}\t{n}.5\tmmol\n" for n in range(4))
        for page in (1, 2, 3)
    ]
    found = counts(*pages, results="test:t result:t unit:t")["/results"]
    assert found.certain
    assert found.expected == 12


def test_a_line_of_cells_above_a_repeated_header_belongs_to_the_page() -> None:
    pages = [
        "Account 20-44 88213370    Mr Okafor\nDate        Details       Paid\n"
        + "".join(f"0{n}.0{page}.2026  Card {page}{n}       {n}.25\n" for n in range(1, 9))
        for page in (1, 2)
    ]
    found = counts(*pages, rows="date:d details:t paid:n")["/rows"]
    assert found.certain
    assert found.expected == 16


def test_the_first_title_of_a_table_may_name_its_list() -> None:
    table = "{}     Units   Amount\nBasic pay     8.5    120.00\nOvertime      2.5     30.00\nBonus         1.0     10.00\n"
    text = "\n".join(table.format(name) for name in ("Earnings  ", "Deductions"))
    line = "description:t units:n amount:n"
    found = counts(text, earnings=line, deductions=line)
    assert [(each.expected, each.certain) for each in found.values()] == [(3, True), (3, True)]


def test_rows_below_a_heading_are_read_with_it() -> None:
    text = "# Board\n\n## Doing\n\n- K-1 Fix (1 pts)\n- K-2 Draft (2 pts)\n- K-3 Test (5 pts)\n- K-4 Fix (8 pts)\n"
    text += "\n## Done\n\n- K-5 Test (3 pts)\n- K-6 Fix (2 pts)\n"
    runs = counts(text, cards="key:t points:n status:t")["/cards"].runs
    contexts = [[text[one.start : one.end] for one in run.context] for run in runs]
    assert contexts == [["# Board", "## Doing"], ["# Board", "## Done"]]
    assert [len(run.rows) for run in runs] == [4, 2]


@pytest.mark.parametrize("text", ["13. Apixaban 20 mg", "12.12.20.3 - -", "12 Marble 20"])
def test_words_and_addresses_are_no_dates(text: str) -> None:
    assert date_at(text) == 0


@pytest.mark.parametrize("text", ["13 Mar 26", "Mo 12.03.2026", "Tue, 5 May 2026", "9 tammikuuta 2026"])
def test_dates_may_have_a_weekday(text: str) -> None:
    assert cell_kind(text) == "date"


def test_a_numbered_heading_states_no_count() -> None:
    text = "2. Transactions\n\nDate;Name\n2026-01-02;Ada\n2026-01-03;Bob\n2026-01-04;Cy\n"
    assert counts(text, transactions="date:d name:t")["/transactions"].stated is None


def test_a_total_with_taxes_is_no_warning_below_the_sum_itself() -> None:
    text = "bolt;10.00\nnut;5.00\nBase imponible: 15.00\nTotal factura: 18.15\n"
    found = counts("Name;Price\n" + text, items="name:t price:n")["/items"]
    items = [{"name": "bolt", "price": 10.0}, {"name": "nut", "price": 5.0}]
    assert differing_total("Name;Price\n" + text, found, items) is None
    assert differing_total("Name;Price\n" + text.replace("15.00", "14.00"), found, items) is not None


@pytest.mark.parametrize("charge", ["Shipping", "VAT 19%", "MwSt 19%", "Discount", "送料"])
def test_a_charge_below_the_rows_makes_their_number_an_estimate(charge: str) -> None:
    """It stands above the total like a row, and adds up to it like one."""
    lines = [("bolt", "1.00"), ("nut", "2.00"), (charge, "1.00")]
    text = (
        "Item        Price\n"
        + "".join(f"{name:<12} {price}\n" for name, price in lines)
        + "Total        4.00\n"
    )
    assert not counts(text, rows="item:t price:n")["/rows"].certain


def test_rows_that_begin_like_charges_are_rows() -> None:
    text = "Item;Price\n" + "".join(f"Delivery {name};{n}.50\n" for n, name in enumerate("ABCD"))
    counted = counts(text, rows="item:t price:n")["/rows"]
    assert (counted.certain, counted.expected) == (True, 4)


def test_a_table_with_no_row_has_none_for_certain() -> None:
    counted = counts("Item;Price\n", rows="item:t price:n")["/rows"]
    assert (counted.certain, counted.expected) == (True, 0)
