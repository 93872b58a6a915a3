"""Answers are aligned with gold objects leaf by leaf, and lists item by item."""

from __future__ import annotations

import itertools
import random
from time import process_time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from structgen.evidence.alignment import Pair, align, align_items
from structgen.evidence.assignment import best_assignment
from structgen.evidence.docubench import leaf_accuracy, macro_average

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b", "abcd", "abce"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=15,
)


def outcomes(gold: Any, answer: Any) -> list[tuple[str | None, str | None, str]]:
    return [(p.gold_pointer, p.answer_pointer, p.outcome) for p in align(gold, answer)]


def leaf_count(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(leaf_count, value.values()))
    return sum(map(leaf_count, value)) if isinstance(value, list) else 1


def test_members_are_aligned_by_name_and_rows_by_what_they_share() -> None:
    """A row in another place is the same row; one that is nowhere is missing, and a new one is invented."""
    gold = {"total": 5, "rows": [{"id": "A", "n": 1}, {"id": "B", "n": 2}, {"id": "C", "n": 3}]}
    answer = {"rows": [{"id": "C", "n": 3}, {"id": "A", "n": 9}, {"id": "new", "n": 77}], "total": "5.00"}
    assert outcomes(gold, answer) == [
        ("/total", "/total", "same"),
        ("/rows/0/id", "/rows/1/id", "same"),
        ("/rows/0/n", "/rows/1/n", "different"),
        ("/rows/1/id", None, "missing"),
        ("/rows/1/n", None, "missing"),
        ("/rows/2/id", "/rows/0/id", "same"),
        ("/rows/2/n", "/rows/0/n", "same"),
        (None, "/rows/2/id", "invented"),
        (None, "/rows/2/n", "invented"),
    ]


@pytest.mark.parametrize(
    ("gold", "answer", "expected"),
    [
        pytest.param(["a", "b", "c"], ["c", "a"], [(0, 1), (1, -1), (2, 0)], id="scalars-in-any-order"),
        pytest.param(["Meyer", "Ng"], ["Meier"], [(0, 0), (1, -1)], id="a-misread-text"),
        pytest.param([1, 2, 3], [1, 9, 3], [(0, 0), (1, 1), (2, 2)], id="the-gap-between-equal-neighbours"),
        pytest.param([1, 2], [], [(0, -1), (1, -1)], id="nothing-given"),
        pytest.param([], ["x"], [(-1, 0)], id="all-invented"),
        pytest.param([{"a": [1, 2]}, {"a": [3]}], [{"a": [3]}, {"a": [2, 1]}], [(0, 1), (1, 0)], id="nested"),
        pytest.param(
            ["x", "x", "y"], ["x", "y", "y"], [(0, 0), (1, -1), (2, 1), (-1, 2)], id="repeated-items"
        ),
    ],
)
def test_items_are_aligned(gold: list[Any], answer: list[Any], expected: list[tuple[int, int]]) -> None:
    """Equal items first, then alike ones, then those that stand between the same neighbours."""
    assert align_items(gold, answer) == expected


def test_a_scalar_where_an_object_should_be_is_no_pair() -> None:
    """A wrong type leaves the gold leaves missing and the answer's invented."""
    assert outcomes({"a": {"b": 1}}, {"a": "x"}) == [("/a/b", None, "missing"), (None, "/a", "invented")]
    assert outcomes({"a": {"b": 1}}, {"a": None}) == [("/a/b", None, "missing"), (None, "/a", "absent")]


@given(VALUES, VALUES)
def test_every_leaf_is_in_one_pair(gold: Any, answer: Any) -> None:
    """No leaf is lost, none is counted twice, and each pair says what stands at its pointers."""
    pairs = align(gold, answer)
    for value, paths, told in (
        (gold, [p.gold_path for p in pairs], [p.gold for p in pairs]),
        (answer, [p.answer_path for p in pairs], [p.answer for p in pairs]),
    ):
        named = [path for path in paths if path is not None]
        assert len(named) == len(set(named)) == leaf_count(value)
        for path, leaf in zip(paths, told, strict=True):
            current = value if path is not None else None
            for step in path or ():
                current = current[step]
            assert current == leaf


@example([None, False, [None, False]], random.Random(0))
@example([[[1], [2]], [[1, 2]], [{"x": [1]}, {"x": 2}], [{"x": 1}, {"x": [2]}]], random.Random(0))
@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(gold: Any, order: random.Random) -> None:
    """An answer whose lists are shuffled agrees with the gold object in every leaf."""

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shuffled(member) for name, member in value.items()}
        if isinstance(value, list):
            items = [shuffled(item) for item in value]
            order.shuffle(items)
            return items
        return value

    rows = [{"id": index, "row": row} for index, row in enumerate([gold, gold, [gold]])]
    assert all(pair.is_right for pair in align(rows, order.sample(rows, len(rows))))
    assert leaf_accuracy(gold, shuffled(gold)) == 1


@given(
    st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=1, max_size=4
        )
    )
)
def test_the_assignment_is_the_best_one(scores: list[list[int]]) -> None:
    """The Hungarian algorithm finds the highest sum, which is found here by trying every assignment."""
    pairs = best_assignment(scores)
    rows, columns = len(scores), len(scores[0])
    assert len(pairs) == min(rows, columns)
    if rows <= columns:
        tried = (
            [(r, c) for r, c in enumerate(order)] for order in itertools.permutations(range(columns), rows)
        )
    else:
        tried = ([(r, c) for c, r in enumerate(o)] for o in itertools.permutations(range(rows), columns))
    best = max(sum(scores[r][c] for r, c in assigned) for assigned in tried)
    assert sum(scores[r][c] for r, c in pairs) == best


def test_three_thousand_rows_are_aligned_in_bounded_time() -> None:
    """Shuffled rows find their partners by a rare value; rows that share only common values take no longer."""
    dice = random.Random(7)
    gold = [{"id": f"part {i}", "n": i % 5, "unit": "kg", "price": i / 100} for i in range(3000)]
    answer = [dict(row, price=row["price"] + dice.choice((0, 1))) for row in gold if row["id"] != "part 9"]
    dice.shuffle(answer)
    common = [{"status": "open", "n": i % 7} for i in range(3000)]
    other = [{"status": "open", "n": i % 5} for i in range(3000)]
    begin = process_time()
    pairs = align(gold, answer)
    align(common, other)
    assert process_time() - begin < 10
    identified = [pair for pair in pairs if pair.gold_path and pair.gold_path[-1] == "id"]
    assert [pair.gold for pair in identified if pair.outcome != "same"] == ["part 9"]


def test_deep_values_are_aligned() -> None:
    """The depth of a value is no limit."""
    value: Any = 1
    for _ in range(1500):
        value = {"a": value}
    assert [pair.outcome for pair in align(value, value)] == ["same"]


def test_the_score_of_a_document_is_the_share_of_its_leaves() -> None:
    """Leaves without a value on either side do not count, and each document has the same weight."""
    gold = {"a": "On-Time", "b": None, "c": 1.0000001}
    assert leaf_accuracy(gold, {"a": "on time", "b": "", "c": 1}) == 1
    assert leaf_accuracy(gold, {"a": "late", "c": 1, "d": "more"}) == pytest.approx(1 / 3)
    assert leaf_accuracy({}, {"a": None}) == 1
    assert macro_average([1.0, 0.5]) == 0.75
    assert macro_average([]) == 0


def test_a_pair_tells_its_level() -> None:
    """A pair is right where its values differ in notation alone."""
    assert Pair(("a",), ("a",), "2020-03-30", "March 30, 2020").is_right
    assert not Pair(("a",), ("a",), "$5 a day", 5).is_right
