"""Scores of long lists: rows found, invented, and the values of those found; places of counted rows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from long_lists_counting import same_places
from long_lists_scoring import scalar_faults, score, score_rows

GOLD = [{"a": i, "b": f"text {i}", "c": i % 3} for i in range(9)]
ROWS = st.lists(st.fixed_dictionaries({"a": st.integers(0, 3), "b": st.sampled_from("xyz")}), max_size=12)


@pytest.mark.parametrize(
    ("items", "found", "exact", "right"),
    [
        pytest.param(GOLD, 9, 9, 27, id="all"),
        pytest.param(GOLD[:4], 4, 4, 12, id="closed-early"),
        pytest.param([*GOLD, GOLD[2]], 9, 9, 27, id="repeated"),
        pytest.param([*GOLD, {"a": 99, "b": "no", "c": 7}], 9, 9, 27, id="invented"),
        pytest.param([{**GOLD[0], "c": 8}, *GOLD[1:]], 9, 8, 26, id="one-value-wrong"),
        pytest.param([{"a": 99, "b": "no", "c": 0}, *GOLD[1:]], 8, 8, 24, id="one-value-right"),
        pytest.param(GOLD[::-1], 9, 9, 27, id="another-order"),
    ],
)
def test_rows_are_found_by_half_of_their_values(
    items: list[dict[str, Any]], found: int, exact: int, right: int
) -> None:
    """An item is a row's where it has at least half of its values; each row is found once."""
    counts = score_rows(GOLD, items)
    assert (counts.found, counts.exact, counts.right) == (found, exact, right)
    assert (counts.rows, counts.items) == (9, len(items))


@given(ROWS, ROWS)
def test_a_row_is_found_at_most_once(gold: list[dict[str, Any]], items: list[dict[str, Any]]) -> None:
    """No row and no item counts twice, and a list against itself is perfect."""
    counts = score_rows(gold, items)
    assert counts.exact <= counts.found <= min(len(gold), len(items))
    assert counts.right <= counts.values
    assert score_rows(gold, gold).is_perfect
    assert counts.is_perfect == (sorted(map(_text, gold)) == sorted(map(_text, items)))


def _text(item: dict[str, Any]) -> str:
    return json.dumps(item, sort_keys=True)


def test_lists_in_items_count_with_the_others() -> None:
    """Rows of all sections are one list; a section itself is a row too."""
    gold = {"n": 1, "sections": [{"title": "A", "rows": GOLD[:3]}, {"title": "B", "rows": GOLD[3:]}]}
    assert score(gold, gold).rows == 11
    moved = {"n": 2, "sections": [{"title": "A", "rows": GOLD}]}
    counts = score(gold, moved)
    assert (counts.found, counts.rows) == (10, 11)
    assert scalar_faults(gold, moved) == ["n"]
    assert score(gold, None).found == 0


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ([(0, 5), (6, 9)], True),
        ([(0, 4), (6, 12)], True),
        ([(0, 9), (12, 15)], False),
        ([(0, 5)], False),
        ([(0, 2), (3, 5)], False),
    ],
)
def test_counted_rows_lie_over_their_own(given: list[tuple[int, int]], same: bool) -> None:
    """Each counted row overlaps its row of the truth and no earlier one."""
    assert same_places([(0, 5), (6, 9)], given) is same
