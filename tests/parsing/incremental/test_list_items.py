"""A growing list gives each item once it is complete."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.parsing.incremental.list_items import ListItemSplitter

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text('ab"\\,[]{}: \n\u00e9\U0001f600', max_size=8)
VALUES = st.recursive(
    SCALARS | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)


def items_of(text: str, cuts: list[int]) -> list[str]:
    splitter, items, start = ListItemSplitter(), list[str](), 0
    for cut in [*sorted(cut for cut in cuts if cut < len(text)), len(text)]:
        items += splitter.feed(text[start:cut])
        start = cut
    return items


@settings(deadline=None)
@given(
    st.lists(VALUES, max_size=5),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.lists(st.integers(0, 200), max_size=20),
)
def test_any_chunking_gives_the_items(value: list[Any], indent: Any, ascii_: bool, cuts: list[int]) -> None:
    """The items are those of the whole text, however it is cut into pieces."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    assert [json.loads(item) for item in items_of(text, cuts)] == value


@settings(deadline=None)
@given(st.lists(VALUES, max_size=4), st.integers(0, 120))
def test_a_prefix_gives_a_prefix_of_the_items(value: list[Any], size: int) -> None:
    """No item is given before it is complete, and at most the last complete one waits for what follows."""
    text = json.dumps(value)
    items = [json.loads(item) for item in items_of(text[:size], [])]
    assert items == value[: len(items)]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('["a', []),
        ('["a"', ['"a"']),
        ("[12", []),
        ("[12,", ["12"]),
        ("[12]", ["12"]),
        ('[{"a":[1,2]}', ['{"a":[1,2]}']),
        (" [ ] ", []),
        ("[1] [2]", ["1"]),
        ('Here is the list: ["a"]', []),
        ('{"a":["b"]}', []),
        ('"[1,2]"', []),
        ('["a" "b"]', ['"a"']),
        ("", []),
    ],
    ids=repr,
)
def test_items_come_as_early_as_they_are_complete(text: str, items: list[str]) -> None:
    """A string or container is complete with its last character; another text than a list has no items."""
    assert items_of(text, []) == items


def test_a_long_item_takes_linear_time() -> None:
    """An item of many brackets and quotes is not copied at each of them."""
    text = '["' + '\\"' * 400_000 + '"]'
    assert len(items_of(text, list(range(0, len(text), 4)))) == 1
