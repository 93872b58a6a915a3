"""Items with one key are one, with all that both say; what they say differently is told with both places."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.longdoc.item_joining import MAX_CONFLICTS, Conflict, JoinedItems
from structgen.longdoc.list_rules import ListRule, ListRules
from structgen.longdoc.merge import Part, merge
from structgen.longdoc.segments import Segment
from structgen.schema import Schema
from structgen.types import Span

ITEM = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "price": {"type": ["number", "null"]},
        "note": {"type": "string"},
    },
}


def keyed(key: Any = "id", **more: Any) -> Schema:
    """Return the schema of an object with a list that has a key."""
    lines = {"type": "array", "items": ITEM, "x-structgen-key": key, **more}
    return Schema.parse({"type": "object", "properties": {"lines": lines}})


def parts(text: str, *items: list[dict[str, Any]]) -> list[Part]:
    """Return a part for each line of the text; each but the first also reads the line before."""
    ends, start = [], 0
    for line in text.splitlines():
        ends.append(Span(start, start + len(line)))
        start += len(line) + 1
    return [
        Part(Segment((ends[number],), tuple(ends[max(0, number - 1) : number])), {"lines": each})
        for number, each in enumerate(items)
    ]


TEXT = "A1 bolt 1.20\nB2 nut 0.40\nA1 bolt 7.50 black\n"


def test_items_of_one_key_are_one_item_in_the_place_of_the_first() -> None:
    """A member that one of them lacks comes from the other one."""
    given_parts = parts(
        TEXT, [{"id": "A1", "price": 1.2}], [{"id": "B2", "price": 0.4}], [{"id": "A1", "note": "black"}]
    )
    merged = merge(given_parts, TEXT, keyed())
    assert merged.data == {"lines": [{"id": "A1", "price": 1.2, "note": "black"}, {"id": "B2", "price": 0.4}]}
    assert merged.conflicts == ()


def test_different_values_under_one_key_are_a_conflict_with_both_places() -> None:
    """The first value of the document stays, and nothing is silent."""
    merged = merge(parts(TEXT, [{"id": "A1", "price": 1.2}], [], [{"id": "A1", "price": 7.5}]), TEXT, keyed())
    assert merged.data == {"lines": [{"id": "A1", "price": 1.2}]}
    assert merged.conflicts == (Conflict("/lines/0/price", (1.2, 7.5), (Span(8, 12), Span(33, 37))),)


def test_an_overlap_that_is_read_twice_with_different_values_is_a_conflict() -> None:
    """Items of one row and one key are joined as well, and never without a word."""
    text = "A1 bolt 1.20\nB2 nut 0.40\n"
    merged = merge(
        parts(text, [{"id": "A1", "price": 1.2}], [{"id": "A1", "price": 1.26}, {"id": "B2", "price": 0.4}]),
        text,
        keyed(),
    )
    assert [item["id"] for item in merged.data["lines"]] == ["A1", "B2"]
    assert [(each.pointer, each.values) for each in merged.conflicts] == [("/lines/0/price", (1.2, 1.26))]


@pytest.mark.parametrize("lacking", [{"price": 1.2}, {"id": None, "price": 1.2}])
def test_items_without_the_key_are_never_joined(lacking: dict[str, Any]) -> None:
    """Neither an absent member nor a null tells that two items are one."""
    joined = JoinedItems("/lines", ListRule(key=("id",)), TEXT)
    assert [joined.add(dict(lacking), None) for _ in range(3)] == [0, 1, 2]


def test_a_key_of_several_members_needs_all_of_them() -> None:
    """Items that share a part of the key stay apart; numbers are compared by their values."""
    joined = JoinedItems("/lines", ListRule(key=("id", "price")), TEXT)
    items = [
        {"id": "A", "price": 1},
        {"id": "A", "price": 2},
        {"id": "A", "price": 1.0},
        {"id": "B", "price": 1},
    ]
    assert [joined.add(item, None) for item in items] == [0, 1, 0, 2]


def test_lists_inside_of_joined_items_keep_all_rows_of_both_places() -> None:
    """Rows at two places are different rows, also where they are equal; of one place they are read twice."""
    one, other = {"id": "A", "rows": [{"n": 1}]}, {"id": "A", "rows": [{"n": 1}, {"n": 2}]}
    apart = JoinedItems("", ListRule(key=("id",)), TEXT)
    apart.add(one, Span(0, 12))
    apart.add(other, Span(25, 43))
    assert apart.items == [{"id": "A", "rows": [{"n": 1}, {"n": 1}, {"n": 2}]}]
    overlap = JoinedItems("", ListRule(key=("id",)), TEXT)
    overlap.add(one, Span(0, 12))
    overlap.add(other, Span(0, 43))
    assert overlap.items == [{"id": "A", "rows": [{"n": 1}, {"n": 2}]}]


def test_a_delivered_item_stays_as_it_is_and_the_rest_is_told() -> None:
    """Where nothing can be added any more, also a member that the first item lacks is a conflict."""
    joined = JoinedItems("", ListRule(key=("id",)), TEXT, is_final=True)
    joined.add({"id": "A1", "price": 1.2}, Span(0, 12))
    joined.add({"id": "A1", "note": "black"}, Span(25, 43))
    assert joined.items == [{"id": "A1", "price": 1.2}]
    assert joined.conflicts == [Conflict("/0/note", (None, "black"), (Span(0, 12), Span(38, 43)))]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3)), max_size=60))
def test_each_key_is_there_once_and_each_other_value_is_told(pairs: list[tuple[str, int]]) -> None:
    """The items have the first value of each key; conflicts are as many as other values, told or counted."""
    joined = JoinedItems("", ListRule(key=("id",)), "")
    first: dict[str, int] = {}
    different = 0
    for name, number in pairs:
        joined.add({"id": name, "n": number}, None)
        different += first.setdefault(name, number) != number
    assert joined.items == [{"id": name, "n": number} for name, number in first.items()]
    assert len(joined.conflicts) == min(different, MAX_CONFLICTS)
    assert joined.untold == max(0, different - MAX_CONFLICTS)


@given(st.lists(st.sampled_from([1, 1.0, True, "1", None, [1], [1.0]]), max_size=20))
def test_unique_items_are_joined_as_json_schema_compares_them(values: list[Any]) -> None:
    """What is left is unique for the validator, and has every value."""
    joined = JoinedItems("", ListRule(are_unique=True), "")
    for value in values:
        joined.add(value, None)
    assert Schema.parse({"type": "array", "uniqueItems": True}).violations(joined.items) == []
    kinds = [
        Counter(f"{type(x).__name__ if isinstance(x, bool) else ''}{x!r}".replace(".0", "") for x in each)
        for each in (values, joined.items)
    ]
    assert kinds[0].keys() == kinds[1].keys()


def test_the_rule_of_a_list_is_found_behind_references_and_beside_null() -> None:
    """A key counts wherever the schema of the list stands."""
    lines = {"type": "array", "items": ITEM, "x-structgen-key": ["id"]}
    definition = {
        "$defs": {"lines": lines},
        "type": "object",
        "properties": {
            "a": {"$ref": "#/$defs/lines"},
            "b": {"anyOf": [lines, {"type": "null"}]},
            "c": {"type": "array"},
        },
    }
    rules = ListRules(Schema.parse(definition))
    assert [rules.of((name,)).key for name in "abc"] == [("id",), ("id",), ()]
