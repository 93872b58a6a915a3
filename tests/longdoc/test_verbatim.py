"""Items that say their rows word for word need no search, and have the rows that a search would find."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.longdoc.claims import claim
from structgen.longdoc.verbatim import are_verbatim
from structgen.types import Span

NAMES = ["Bolt", "Nut M8", "Washer", "Hex key", "Größe 7"]


def table(lines: list[str]) -> tuple[str, list[Span]]:
    text, rows = "Name;Price\n", []
    for line in lines:
        rows.append(Span(len(text), len(text) + len(line)))
        text += f"{line}\n"
    return text, rows


@pytest.mark.parametrize(
    ("item", "row"),
    [
        ({"name": "Bolt", "price": 1.2}, "Bolt;1.20"),
        ({"name": "Bolt", "price": 1.25, "note": None, "new": True}, "Bolt;1.25"),
        ({"name": "Nut M8", "count": 12}, "| Nut M8 | 12 |"),
        ({"name": "Größe", "inner": {"codes": ["A-1", "B-2"]}}, "Größe A-1, B-2"),
    ],
)
def test_items_in_the_words_of_their_row(item: dict[str, Any], row: str) -> None:
    text, rows = table([row])
    assert are_verbatim([item], rows, text)


@pytest.mark.parametrize(
    ("item", "row"),
    [
        ({"name": "Bolt", "price": 1.2}, "Bolts;1.20"),
        ({"name": "Bolt", "price": 2}, "Bolt;1.2"),
        ({"name": "Bolt", "price": 1}, "Bolt;1,200"),
        ({"name": "Bolt", "price": 5}, "Bolt;-5"),
        ({"name": "Bolt", "price": 3}, "Bolt;2024-03-01"),
        ({"name": "Bolt", "price": 1.3}, "Bolt;1.20"),
        ({"name": "bolt", "price": 1.2}, "Bolt;1.20"),
        ({"count": 12, "name": None}, "12;Bolt"),
        ({}, "Bolt"),
        ("", "Bolt"),
    ],
    ids=str,
)
def test_all_others_are_searched_for(item: Any, row: str) -> None:
    """Parts of words and numbers, other values and notations, and what shows no row."""
    text, rows = table([row])
    assert not are_verbatim([item], rows, text)


def test_a_missing_item_is_searched_for() -> None:
    text, rows = table(["Bolt;1.20", "Nut;0.40"])
    assert not are_verbatim([{"name": "Bolt", "price": 1.2}], rows, text)
    assert not are_verbatim([{"name": "Nut", "price": 0.4}, {"name": "Bolt", "price": 1.2}], rows, text)


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(100, 99_999)), min_size=1, max_size=12))
def test_a_search_finds_the_same_rows(entries: list[tuple[str, int]]) -> None:
    """An empty row at the end makes the counts differ, so that all are searched for."""
    items = [{"name": name, "price": cents / 100} for name, cents in entries]
    text, rows = table([f"{name};{cents / 100:.2f}" for name, cents in entries])
    assert are_verbatim(items, rows, text)
    more, searched = table([*(text[row.start : row.end] for row in rows), "-;-"])
    assert not are_verbatim(items, searched, more)
    assert claim(items, rows, text) == claim(items, searched, more)
