"""The cells of a row come back as they were written, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.longdoc.row_cells import columns_of_header, labelled_cells
from structgen.longdoc.row_text import RowTexts
from structgen.types import Span

TABLES = {
    "bars": "| Item | Qty | Price |\n| --- | ---: | ---: |\n| bolt, long | 2 | 1.20 |",
    "box": "│ Item       │ Qty │ Price │\n│ bolt, long │   2 │  1.20 │",
    "tabs": "Item\tQty\tPrice\nbolt, long\t2\t1.20",
    "semicolons": "Item;Qty;Price\nbolt, long;2;1.20",
    "quoted": 'Item,Qty,Price\n"bolt, long",2,1.20',
    "gaps": "Item         Qty   Price\nbolt, long     2    1.20",
    "indented": "   Item         Qty   Price\n   bolt, long     2    1.20",
    "ruled": "========== === =====\nItem       Qty Price\n========== === =====\nbolt, long   2  1.20",
    "ruled-wider-than-its-marks": "=====        ===   ====\nItem         Qty   Price\n=====        ===   ====\nbolt, long     2   1.20",
    "wrapped": "Item         Qty   Price\nbolt,          2    1.20\n  long",
    "marks": "Item       ¦ Qty ¦ Price\nbolt, long ¦   2 ¦  1.20",
}


def rows_of(text: str) -> tuple[str, Span, Span]:
    """Return the text with the range of its header, and of all below it but rules."""
    header = text.index("Item")
    body = text.index("bolt")
    start = max(text.rfind("\n", 0, header) + 1, 0)
    row = text.rfind("\n", 0, body) + 1
    return text, Span(start, text.index("\n", header)), Span(row, len(text))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_cells_of_a_row_stand_under_the_titles(table: str) -> None:
    """A wrapped cell is one text, and quotes are taken off."""
    text, header, row = rows_of(table)
    columns = columns_of_header(text, header)
    assert columns is not None
    assert columns.titles == ("Item", "Qty", "Price")
    assert columns.cells(text, row) == ("bolt, long", "2", "1.20")


def test_wide_letters_take_two_columns_of_a_rule() -> None:
    """The rule counts the columns of a terminal."""
    text = "====== ===\nItem   Qty\n====== ===\n価格表   2"
    columns = columns_of_header(text, Span(11, 21))
    assert columns is not None
    assert columns.cells(text, Span(33, len(text))) == ("価格表", "2")


def test_a_row_that_lacks_a_cell_in_gaps_keeps_the_columns_of_the_others() -> None:
    """The place under a title says which cell is empty."""
    text = "Item         Qty   Price\nbolt                1.20"
    columns = columns_of_header(text, Span(0, 24))
    assert columns is not None
    assert columns.cells(text, Span(25, len(text))) == ("bolt", "", "1.20")


UNSURE = {
    "too-few-cells": ("Item;Qty;Price\nbolt;2", Span(0, 14)),
    "over-two-titles": ("Item   Qty   Price\na very long bolt   1.20", Span(0, 18)),
    "over-the-beginning-of-a-rule": ("====    ====\nItem    Price\n====    ====\nbolt  123456", Span(13, 26)),
    "before-the-first-rule": ("  ==== ===\n  Item Qty\n  ==== ===\nlong     2", Span(11, 21)),
    "over-a-rule": ("==== ===\nItem Qty\n==== ===\nlongbolt2", Span(9, 17)),
}


@pytest.mark.parametrize(("text", "header"), UNSURE.values(), ids=UNSURE)
def test_cells_that_may_be_of_another_column_are_not_told(text: str, header: Span) -> None:
    """No cell is better than a wrong one."""
    columns = columns_of_header(text, header)
    assert columns is not None
    assert columns.cells(text, Span(text.rfind("\n") + 1, len(text))) is None


def test_labels_are_the_titles_of_an_entry() -> None:
    """A text with a line of another kind has none."""
    text = "Art. no.: AB-1\nItem:  bolt\nTime: 10:30"
    assert labelled_cells(text, Span(0, len(text))) == (
        ("Art. no.", "Item", "Time"),
        ("AB-1", "bolt", "10:30"),
    )
    for other in ("Item: bolt", "Item: bolt\nand more", "10:30\n11:40", "Item: a\nItem: b"):
        assert labelled_cells(other, Span(0, len(other))) is None


CELLS = st.lists(
    st.from_regex(r"[A-Za-z0-9]{1,8}( [A-Za-z0-9]{1,6})?", fullmatch=True), min_size=3, max_size=3
)


@settings(deadline=None)
@given(CELLS, st.sampled_from(["|", "\t", ";", "  "]))
def test_cells_are_those_that_were_written_or_none(cells: list[str], separator: str) -> None:
    """In each layout."""
    titles = ["First title", "Second title", "Third title"]
    if separator == "  ":
        lines = ["".join(cell.ljust(18) for cell in line).rstrip() for line in (titles, cells)]
    elif separator == "|":
        lines = [f"| {' | '.join(line)} |" for line in (titles, cells)]
    else:
        lines = [separator.join(line) for line in (titles, cells)]
    text = "\n".join(lines)
    header, row = Span(0, len(lines[0])), Span(len(lines[0]) + 1, len(text))
    assert RowTexts(text, ["first"]).cells(row, header) == (tuple(titles), tuple(cells))
