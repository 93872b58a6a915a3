"""Counted rows: in order, apart, within the range, whatever the text; prose and page breaks change nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.schema import Schema

ROW = {
    "type": "object",
    "properties": {"product": {"type": "string"}, "quantity": {"type": "integer"}},
    "required": ["product", "quantity"],
}
SCHEMA = Schema.parse({"type": "object", "properties": {"items": {"type": "array", "items": ROW}}})
PIECES = [
    "| a | 1 |",
    "Product\tQuantity",
    "a\t1",
    "- a 1",
    "1. b",
    "a: b",
    "",
    "---",
    "\f",
    "  c   2",
    "# d",
    "No items.",
]
WORDS = st.sampled_from(["nails", "paint", "white lamp", "rope", "steel bolts"])


def spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    counted = count_rows(Source.of(text), SCHEMA, start, end)["/items"]
    return [(row.start, row.end) for run in counted.runs for row in run.rows]


def table(rows: list[tuple[str, int]]) -> list[str]:
    return ["| Product | Quantity |", "|---|---|", *(f"| {name} | {number} |" for name, number in rows)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=30), st.integers(0, 40))
def test_rows_are_in_order_and_within_the_range(pieces: list[str], start: int) -> None:
    text = "\n".join(pieces)
    last = min(start, len(text))
    for first, stop in spans(text, last):
        assert last <= first < stop <= len(text)
        last = stop


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(1, 99)), min_size=1, max_size=20))
def test_prose_before_a_table_changes_nothing(rows: list[tuple[str, int]]) -> None:
    text = "\n".join(table(rows))
    prose = "We thank you for your order and hope to see you again.\n\n"
    assert len(spans(prose + text)) == len(spans(text)) == len(rows)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(1, 99)), min_size=2, max_size=20), st.data())
def test_a_page_break_in_a_table_changes_nothing(rows: list[tuple[str, int]], data: st.DataObject) -> None:
    lines = table(rows)
    cut = data.draw(st.integers(3, len(lines) - 1))
    text = "\n".join(lines[:cut]) + "\n\f" + "\n".join(lines[cut:])
    assert len(spans(text)) == len(rows)


def test_rows_that_have_the_number_of_their_page_by_chance_are_rows() -> None:
    """On two pages, a number that is the page's is no sign of a header or footer."""
    assert len(spans("| Product | Quantity |\n|---|---|\n| nails | 1 |\n\f| nails | 2 |")) == 2
