"""Parsing a prefix of a JSON text keeps every complete member."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text
from structgen.parsing.incremental.partial_json import parse_partial

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=4), inside, max_size=4),
    max_leaves=15,
)


@pytest.mark.parametrize(
    ("text", "value", "cut_at"),
    [
        ('{"a":1,"b":"x', {"a": 1}, "/b"),
        ('{"a":{"b":[1,2,{"c":tr', {"a": {"b": [1, 2, {}]}}, "/a/b/2/c"),
        ('{"a":1,"b', {"a": 1}, ""),
        ('{"a":12', {}, "/a"),
        ("[1,2,3", [1, 2], "/2"),
        ("[1,2.5e-", [1], "/1"),
        ("[1,-", [1], "/1"),
        ("[1,2.", [1], "/1"),
        ("1e", None, ""),
        ('["a"', ["a"], "/1"),
        ('{"a/b":{"m~n":"', {"a/b": {}}, "/a~1b/m~0n"),
        ('{"a":"\\u00', {}, "/a"),
        ("", None, ""),
        ('{"a":1}', {"a": 1}, None),
        ("  [1 , 2 ]", [1, 2], None),
    ],
)
def test_a_prefix_gives_its_value_and_its_cut(text: str, value: Any, cut_at: str | None) -> None:
    """`parse_partial` returns the complete members and the pointer of the cut."""
    prefix = parse_partial(text)
    assert (prefix.value, prefix.cut_at) == (value, cut_at)


def is_prefix(prefix: Any, value: Any) -> bool:
    """Whether every member of `prefix` is in `value` at the same place, complete or itself a prefix."""
    if isinstance(prefix, dict) and isinstance(value, dict):
        return all(name in value and is_prefix(member, value[name]) for name, member in prefix.items())
    if isinstance(prefix, list) and isinstance(value, list):
        return len(prefix) <= len(value) and all(is_prefix(a, b) for a, b in zip(prefix, value, strict=False))
    return bool(prefix == value)


@given(VALUES, st.integers(0, 400))
def test_a_prefix_adds_nothing(value: Any, size: int) -> None:
    """Every prefix of a JSON text gives a part of its value, without an exception."""
    prefix = parse_partial(json_text.dumps(value)[:size])
    assert prefix.value is None or is_prefix(prefix.value, value)


@given(VALUES)
def test_a_complete_text_gives_the_complete_value(value: Any) -> None:
    """A complete text gives its value and no cut, except for a lone number: more digits might follow."""
    prefix = parse_partial(json.dumps(value))
    lone_number = isinstance(value, int | float) and not isinstance(value, bool)
    assert (prefix.value, prefix.cut_at) == ((None, "") if lone_number else (value, None))


@given(
    st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5), min_size=1, max_size=5),
    st.data(),
)
def test_every_complete_member_is_kept(value: dict[str, Any], data: st.DataObject) -> None:
    """A member is kept once it is complete, at whatever place the text is cut after it."""
    text = json_text.dumps(value)
    size = data.draw(st.integers(1, len(text)))
    complete = 0
    for count in range(len(value) + 1):
        head = json_text.dumps(dict(list(value.items())[:count]))[:-1]
        complete = count if len(head) < size else complete
    assert len(parse_partial(text[:size]).value) >= complete


def test_deep_nesting_ends_the_text() -> None:
    """The 501st open bracket ends the text as a cut does."""
    assert parse_partial("[" * 100_000).cut_at == "/0" * 500


@pytest.mark.parametrize("scalar", ["1e999", "9" * 4400, '"\\ud800"', '"\\q"'], ids=lambda text: text[:8])
def test_a_scalar_without_representation_ends_the_text(scalar: str) -> None:
    """A scalar that JSON or Python cannot represent ends the text as a cut does; earlier members are kept."""
    prefix = parse_partial(f'{{"a":1,"b":{scalar},"c":"x')
    assert (prefix.value, prefix.cut_at) == ({"a": 1}, "/b")
