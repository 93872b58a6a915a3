"""Lines with dots that lead to a value are rows; headings and counts near them are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.layout.anchors import led_text, values_of, without_leaders
from structgen.longdoc.layout.stated_counts import stated_count
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

ITEM = {
    "type": "object",
    "properties": {"product": {"type": "string"}, "quantity": {"type": "integer"}},
    "required": ["product", "quantity"],
}
SCHEMA = Schema.parse({"type": "object", "properties": {"materials": {"type": "array", "items": ITEM}}})
NAMES = ["Steel bolt", "Cable", "Desk lamp", "Gloves", "Paint white"]
LEADERS = [".", "·", "_", " .", " ·"]


def count(text: str) -> ListRows:
    return count_rows(Source.of(text), SCHEMA)["/materials"]


def led(name: str, value: object, leader: str, width: int = 30) -> str:
    return f"{name} {(leader * width)[: width - len(name)].strip()} {value}"


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 99)), min_size=2, max_size=20),
    st.sampled_from(LEADERS),
    st.sampled_from(["Catalogue 2024", "List of materials", "Stock of 3 May"]),
)
def test_a_title_with_a_number_is_no_row(rows: list[tuple[str, int]], leader: str, title: str) -> None:
    counted = count(f"{title}\n\n" + "\n".join(led(*row, leader) for row in rows) + "\n")
    assert sum(len(run.rows) for run in counted.runs) == len(rows)
    assert counted.certain


@pytest.mark.parametrize("label", ["Number of items", "Items", "Total", "Grand total"])
def test_counts_and_sums_with_leaders_are_no_rows(label: str) -> None:
    rows = [led(name, at + 2, ".") for at, name in enumerate(NAMES)]
    number = 20 if "otal" in label else len(rows)
    counted = count("\n".join(["List of materials", "", *rows, led(label, number, "."), ""]))
    assert [len(run.rows) for run in counted.runs] == [len(rows)]


@given(st.sampled_from(NAMES), st.integers(0, 999), st.sampled_from(LEADERS))
def test_leaders_are_gaps(name: str, value: int, leader: str) -> None:
    line = led(name, value, leader)
    assert without_leaders(line).split() == f"{name} {value}".split()
    assert led_text(line) == name
    assert values_of(line) == (0, 0, 1)


@pytest.mark.parametrize(
    "text", ["Version 1.2.3 of 4", "See ... and so on", "He waited...", "...", "a_b_c 3"]
)
def test_other_dots_lead_to_no_value(text: str) -> None:
    assert led_text(text) is None


def test_a_stated_count_may_have_a_leader() -> None:
    assert stated_count("Number of items ........ 12", frozenset()) == 12
