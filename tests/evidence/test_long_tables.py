"""Rows of long tables are found by walking from row to row, however often their values repeat."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.grounding.ground import ground
from structgen.evidence.grounding.placement_claims import Claims
from structgen.evidence.grounding.text_grams import Grams


def table(rows: int, distinct: int, lost: float = 0.0) -> tuple[list[dict[str, Any]], str]:
    """Return items with where their rows begin, and the text with a heading every forty rows."""
    rng = random.Random(3)
    items: list[dict[str, Any]] = []
    text = ""
    for row in range(rows):
        if row % 40 == 0:
            text += f"Page {row // 40 + 1} of 9\nName  Amount  Price\n"
        item: dict[str, Any] = {
            "name": f"part {rng.randrange(distinct)}",
            "amount": rng.randrange(distinct),
            "price": rng.randrange(distinct) + 0.5,
        }
        if rng.random() >= lost:
            items.append(item | {"at": len(text)})
        text += f"{item['name']}  {item['amount']}  {item['price']:.2f}\n"
    return items, text


def share_in_row(items: list[dict[str, Any]], text: str) -> float:
    """Return the share of the leaves that stand in the line of their item."""
    values = [{name: item[name] for name in ("name", "amount", "price")} for item in items]
    right = total = 0
    for pointer, proof in ground(values, None, text).items():
        begin = items[int(pointer.split("/")[1])]["at"]
        total += 1
        right += proof.start is not None and begin <= proof.start < text.index("\n", begin)
    return right / total


@pytest.mark.parametrize("distinct", [4, 20, 500])
def test_leaves_of_a_long_table_stand_in_their_row(distinct: int) -> None:
    items, text = table(400, distinct)
    assert share_in_row(items, text) >= 0.995


def test_rows_that_the_object_leaves_out_do_not_shift_the_others() -> None:
    items, text = table(600, 12, lost=0.1)
    assert share_in_row(items, text) >= 0.97


def test_items_in_the_reverse_order_of_the_source_keep_their_rows() -> None:
    items, text = table(300, 2_000)
    assert share_in_row(items[::-1], text) >= 0.9


@given(st.text("ab", max_size=80), st.text("ab", min_size=2, max_size=30))
def test_keys_find_what_a_search_of_the_text_finds(text: str, sought: str) -> None:
    expected = [at for at in range(len(text)) if text.startswith(sought, at)]
    assert list(Grams(text, range(len(text))).find(sought)) == expected


@given(
    st.lists(st.tuples(st.integers(0, 9_000), st.integers(1, 3_000)), max_size=12),
    st.integers(0, 9_000),
    st.integers(1, 40),
)
def test_claims_overlap_where_ranges_without_nesting_do(
    ranges: list[tuple[int, int]], start: int, length: int
) -> None:
    claims = Claims()
    taken: list[tuple[int, int]] = []
    for low, size in sorted(ranges):
        if not taken or low >= taken[-1][1]:
            taken.append((low, low + size))
            claims.add(low, low + size)
    expected = any(low < start + length and high > start for low, high in taken)
    assert claims.overlaps(start, start + length) is expected
