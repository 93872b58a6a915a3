"""Which of several places of a value is the right one."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.grounding.leaves import Leaf, leaves
from structgen.evidence.grounding.placement import choose
from structgen.evidence.grounding.places import Place
from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.types import Evidence

TABLE = """Order 7
Seller
ACME
Berlin
Buyer
Beta
Berlin
No  Item    Qty  Price  Amount
1   Widget  1    5.00   5.00
2   Widget  2    5.00   10.00
3   Gadget  1    5.00   5.00
Subtotal 20.00
Tax 0.00
Total 20.00
"""
ORDER = {
    "total": 20.0,
    "subtotal": 20.0,
    "seller": {"name": "ACME", "city": "Berlin"},
    "buyer": {"name": "Beta", "city": "Berlin"},
    "items": [
        {"no": 1, "item": "Widget", "qty": 1, "price": 5.0, "amount": 5.0},
        {"no": 2, "item": "Widget", "qty": 2, "price": 5.0, "amount": 10.0},
        {"no": 3, "item": "Gadget", "qty": 1, "price": 5.0, "amount": 5.0},
    ],
}


def places(text: str, value: object) -> list[Place]:
    """Return where a text has a value: whole words, or numbers as floats."""
    if isinstance(value, str):
        return [Place(*match.span(), "exact") for match in re.finditer(rf"\b{re.escape(value)}\b", text)]
    numbers = re.finditer(r"\d+(?:\.\d+)?", text)
    return [Place(*match.span(), "value") for match in numbers if float(match[0]) == value]


def placed(value: Any, text: str, schema: Any = None) -> dict[str, tuple[int, int]]:
    """Return line and column, from 0, of the place chosen for each leaf."""
    found = list(leaves(value, None if schema is None else Schema.parse(schema)))
    evidence = choose(found, [places(text, leaf.value) for leaf in found], Source(text))
    return {leaf.pointer: position(text, one) for leaf, one in zip(found, evidence, strict=True)}


def position(text: str, one: Evidence) -> tuple[int, int]:
    assert one.start is not None
    return text.count("\n", 0, one.start), one.start - text.rfind("\n", 0, one.start) - 1


def test_leaves_of_an_item_stand_in_its_row_and_in_their_columns() -> None:
    """Equal numbers of a row go to the columns that the other rows show, and each row is used once."""
    found = placed(ORDER, TABLE)
    columns = {"no": 0, "item": 4, "qty": 12, "price": 17, "amount": 24}
    for row in range(3):
        for name, column in columns.items():
            assert found[f"/items/{row}/{name}"] == (8 + row, column)


def test_labels_and_headings_choose_among_equal_values() -> None:
    """A total stands beside its label and not in a row; an address below the heading of its party."""
    found = placed(ORDER, TABLE)
    assert found["/total"][0] == 13
    assert found["/subtotal"][0] == 11
    assert (found["/seller/city"][0], found["/buyer/city"][0]) == (3, 6)


@pytest.mark.parametrize(
    ("schema", "line"),
    [
        pytest.param({"properties": {"x": {"title": "Due date"}}}, 1, id="title"),
        pytest.param(
            {"properties": {"x": {"description": "the date when payment is due"}}}, 1, id="description"
        ),
        pytest.param({"properties": {"x": {}}}, 0, id="first"),
    ],
)
def test_titles_and_descriptions_are_labels(schema: Any, line: int) -> None:
    """Words of the schema name a field as its name does; without a label the first place counts."""
    text = "Invoice date: 2024-05-01\nDue date: 2024-05-01\n"
    assert placed({"x": "2024-05-01"}, text, schema)["/x"][0] == line


def test_labels_above_and_below_the_values() -> None:
    """The side on which labels stand is learned from values with one place."""
    above = "Tenant\nAnn\nRent\n500\nDeposit\n500\nRooms\n3\n"
    value = {"tenant": "Ann", "deposit": 500, "rent": 500, "rooms": 3}
    assert placed(value, above)["/deposit"][0] == 5
    below = "Ann\nTenant\n500\nRent\n500\nDeposit\n3\nRooms\n"
    found = placed(value, below)
    assert (found["/rent"][0], found["/deposit"][0]) == (2, 4)


def test_columns_that_a_source_gives_one_after_the_other() -> None:
    """Values of a field stand in one block in the order of the items."""
    text = "Item\nBolt\nNut\nGear\nQty\n2\n1\n2\nPrice\n2.00\n1.00\n7.00\nPage 2\n"
    rows = zip(["Bolt", "Nut", "Gear"], [2, 1, 2], [2.0, 1.0, 7.0], strict=True)
    found = placed({"rows": [{"item": i, "qty": q, "price": p} for i, q, p in rows]}, text)
    for row in range(3):
        assert [found[f"/rows/{row}/{name}"][0] for name in ("item", "qty", "price")] == [
            1 + row,
            5 + row,
            9 + row,
        ]


def test_rows_over_two_lines() -> None:
    """A row takes the line below its first one, as long as the next item does not begin there."""
    text = "1 Bolt\n   2 pcs 5.00\n2 Nut\n   2 pcs 5.00\n3 Bolt\n   1 pcs 5.00\n"
    rows = [("Bolt", 2, 5.0), ("Nut", 2, 5.0), ("Bolt", 1, 5.0)]
    found = placed({"rows": [{"item": i, "pieces": q, "price": p} for i, q, p in rows]}, text)
    for row in range(3):
        assert found[f"/rows/{row}/item"][0] == 2 * row
        assert found[f"/rows/{row}/pieces"][0] == found[f"/rows/{row}/price"][0] == 2 * row + 1


def test_lists_in_sections_stay_within_their_section() -> None:
    """Equal names and equal rows of sections go to their own section, and a sum below the rows to its own."""
    part = "Branch: Leeds\nBolt 2\nNut 3\nSum 5\n\n"
    section = {"name": "Leeds", "rows": [{"item": "Bolt", "n": 2}, {"item": "Nut", "n": 3}], "sum": 5}
    found = placed({"sections": [section] * 3}, part * 3)
    for number in range(3):
        base = f"/sections/{number}"
        lines = [found[base + end][0] for end in ("/name", "/rows/0/n", "/rows/1/item", "/sum")]
        assert lines == [5 * number, 5 * number + 1, 5 * number + 2, 5 * number + 3]


def test_candidates_count_the_places_that_say_it_no_worse() -> None:
    """A fuzzy place is no candidate beside an exact one; a leaf without places is of kind none."""
    leaf = Leaf(("a",), "x")
    given_places = [Place(0, 1, "exact"), Place(2, 3, "exact"), Place(4, 5, "fuzzy", 0.2)]
    found = choose([leaf, Leaf(("b",), "y")], [given_places, []], Source("x x z"))
    assert (found[0].kind, found[0].candidates) == ("exact", 2)
    assert found[1] == Evidence("none")


@settings(deadline=None)
@given(st.integers(1, 12), st.sampled_from(["A 1 2", "A\t1\t1", "A, 1", "  A  1"]))
def test_identical_rows_get_distinct_places_in_order(count: int, row: str) -> None:
    """The k-th of equal items stands in the k-th of equal rows."""
    text = "List\n" + f"{row}\n" * count
    found = placed({"rows": [{"name": "A", "n": 1}] * count}, text)
    for index in range(count):
        assert found[f"/rows/{index}/name"][0] == found[f"/rows/{index}/n"][0] == 1 + index


scalars = st.sampled_from(["a", "b", 1, 2, 3])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("pqrs"), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(values, st.text("ab123 \n\t", max_size=80))
def test_every_chosen_place_is_one_of_the_given(value: Any, text: str) -> None:
    """A leaf with places gets one of them, and one without places gets none, whatever the object is."""
    found = list(leaves(value))
    given_places = [places(text, leaf.value) for leaf in found]
    for own, one in zip(given_places, choose(found, given_places, Source(text)), strict=True):
        assert (one.kind == "none") == (not own)
        if own:
            assert (one.start, one.end) in [(place.start, place.end) for place in own]
            assert 1 <= one.candidates <= len(own)


@settings(deadline=None)
@given(
    st.permutations(["Thanks for your order.", "Call 555 for help.", "Widget 1 is sold out.", "Berlin 5.00"])
)
def test_text_elsewhere_does_not_move_what_leaves_no_doubt(lines: list[str]) -> None:
    """Rows, and values with a label of their own, stay where they are, whatever else the source says."""
    before = placed(ORDER, TABLE)
    after = placed(ORDER, TABLE + "\n" + "\n".join(lines))
    assert after == before


@pytest.mark.parametrize(
    "words", [["A1", "1", "2.5"], ["{n}", "1", "2"]], ids=["all rows equal", "rows differ"]
)
def test_a_value_with_very_many_places_costs_little(words: list[str]) -> None:
    """Items of a long table are placed in time that does not grow with items times places."""
    rows = [" ".join(words).format(n=1000 + number) for number in range(8000)]
    text = "\n".join(rows)
    value = {"rows": [dict(zip("abc", row.split(), strict=True)) for row in rows[:300]]}
    found = list(leaves(value))
    known = {leaf.value: places(text, leaf.value) for leaf in found}
    began = time.process_time()
    evidence = choose(found, [known[leaf.value] for leaf in found], Source(text))
    assert time.process_time() - began < 3
    assert [position(text, one)[0] for one in evidence[1::3]] == [*range(300)]
