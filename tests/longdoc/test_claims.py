"""Items are told apart by the rows that their values stand in."""

from __future__ import annotations

from itertools import pairwise
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.longdoc.claims import claim
from structgen.longdoc.monotone import heaviest_chain
from structgen.schema import Schema
from structgen.types import Span

SCHEMA = Schema.parse(
    {
        "type": "object",
        "properties": {
            "date": {"type": "string", "format": "date"},
            "text": {"type": "string"},
            "amount": {"type": "number"},
        },
    }
)
WORDS = ["Coffee", "Rent", "Books", "Taxi", "Bakery", "Cinema"]


def item(number: int) -> dict[str, Any]:
    """Return one of many items; dates and texts repeat."""
    date, text = f"2024-03-{1 + number // 5 % 28:02d}", f"{WORDS[number % 6]} {number % 15}"
    return {"date": date, "text": text, "amount": 100 + number * 1.25}


def row(item: dict[str, Any]) -> str:
    """Return the line of an item in other notations than JSON's."""
    day = item["date"][8:]
    return f"{day}.03.2024  {item['text']:<20} {item['amount']:,.2f}"


def document(items: list[dict[str, Any]], head: str = "Statement\n") -> tuple[str, list[Span]]:
    """Return a text with a row for each item, and the rows."""
    text, rows = head, []
    for each in items:
        line = row(each)
        rows.append(Span(len(text), len(text) + len(line)))
        text += line + "\n"
    return text, rows


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_items_of_all_rows_have_them_in_order(numbers: list[int]) -> None:
    """Also where rows are identical, each item has its own row."""
    items = [item(number) for number in numbers]
    text, rows = document(items)
    claims = claim(items, rows, text, SCHEMA)
    assert claims.row_of == list(range(len(items)))
    assert claims.mixed == claims.unsupported == []


@given(st.sets(st.integers(0, 29), min_size=1))
def test_rows_without_items_stay_free(kept: set[int]) -> None:
    """Items that are left out do not move the others."""
    items = [item(number) for number in range(30)]
    text, rows = document(items)
    assert claim([items[i] for i in sorted(kept)], rows, text, SCHEMA).row_of == sorted(kept)


@given(st.permutations(range(8)))
def test_items_out_of_order_have_their_rows(order: list[int]) -> None:
    """The order of the items is a tie-breaker only."""
    items = [item(number) for number in range(8)]
    text, rows = document(items)
    assert claim([items[i] for i in order], rows, text, SCHEMA).row_of == list(order)


@pytest.mark.parametrize("size", [3, 40])
def test_a_repeated_item_has_no_row(size: int) -> None:
    """The second of two equal items has no row where the text says it once."""
    items = [item(number) for number in range(size)]
    text, rows = document(items)
    claims = claim([*items[:2], items[1], *items[2:]], rows, text, SCHEMA)
    assert claims.row_of == [0, 1, None, *range(2, size)]
    assert claims.unsupported == []


@pytest.mark.parametrize("size", [3, 40])
def test_an_invented_item_is_unsupported(size: int) -> None:
    """An item that only shares its date with rows comes from none, even where a row is free."""
    items = [item(number) for number in range(size)]
    text, rows = document(items)
    invented = {"date": items[1]["date"], "text": "Gym membership", "amount": 77_431.5}
    claims = claim([items[0], invented, *items[2:]], rows, text, SCHEMA)
    assert claims.row_of == [0, None, *range(2, size)]
    assert claims.unsupported == [1]


@pytest.mark.parametrize("size", [3, 40])
def test_a_value_of_a_neighbour_is_mixed(size: int) -> None:
    """An item with the amount of the next row is told, and the others are not."""
    items = [item(number) for number in range(size)]
    text, rows = document(items)
    items[1] = {**items[1], "amount": items[2]["amount"]}
    assert claim(items, rows, text, SCHEMA).mixed == [1]


def test_values_of_headings_are_not_of_other_rows() -> None:
    """What the text says outside of the rows belongs to any of them."""
    items = [item(number) for number in range(6)]
    text, rows = document(items, head="Currency: Swiss francs\n")
    for each in items:
        each["currency"] = "Swiss francs"
    assert claim(items, rows, text, SCHEMA).mixed == []


def test_a_date_that_is_written_once_for_several_rows_is_theirs() -> None:
    """A field that rows leave out where it stays the same is not taken from another row."""
    items = [
        {"date": f"2024-03-{1 + i // 5:02d}", "text": f"{WORDS[i % 6]} shop", "amount": 200 + i}
        for i in range(30)
    ]
    text, rows = "Statement\n", []
    for i, each in enumerate(items):
        line = row(each) if i % 5 == 0 else " " * 10 + row(each)[10:]
        rows.append(Span(len(text), len(text) + len(line)))
        text += line + "\n"
    claims = claim(items, rows, text, SCHEMA)
    assert claims.row_of == list(range(30))
    assert claims.mixed == []


def test_derived_values_prove_nothing() -> None:
    """A field that no row states counts neither for nor against an item."""
    items = [item(number) | {"category": "leisure", "settled": True, "note": None} for number in range(10)]
    text, rows = document(items)
    claims = claim(items, rows, text, SCHEMA)
    assert claims.row_of == list(range(10))
    assert claims.mixed == claims.unsupported == []


def test_nothing_is_claimed_without_items_or_rows() -> None:
    """Empty lists are no special case."""
    assert claim([], [], "", None).row_of == []
    assert claim([{"text": "Coffee 1"}], [], "nothing", None).unsupported == [0]


def test_time_grows_with_the_rows() -> None:
    """Eight times the rows take about eight times the time, also where all rows are identical."""
    for numbers in (range(4_000), [7] * 4_000):
        taken = []
        for size in (500, 4_000):
            items = [item(number) for number in numbers[:size]]
            text, rows = document(items)
            start = process_time()
            assert claim(items, rows, text, SCHEMA).row_of == list(range(size))
            taken.append(process_time() - start)
        assert taken[1] < 30 * taken[0]


def _heaviest(candidates: list[list[tuple[int, float]]], item: int = 0, row: int = -1) -> float:
    if item == len(candidates):
        return 0.0
    taken = [weight + _heaviest(candidates, item + 1, at) for at, weight in candidates[item] if at > row]
    return max([_heaviest(candidates, item + 1, row), *taken])


@given(st.lists(st.dictionaries(st.integers(0, 6), st.integers(1, 9), max_size=4), max_size=6))
def test_the_chain_is_the_heaviest(weights: list[dict[int, int]]) -> None:
    """The chain ascends in both, and no other one weighs more."""
    candidates = [sorted((row, float(weight)) for row, weight in each.items()) for each in weights]
    chain = heaviest_chain(candidates)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(chain))
    assert sum(weights[item][row] for item, row in chain) == _heaviest(candidates)
