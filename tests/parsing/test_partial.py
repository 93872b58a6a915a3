"""Of a text that was cut, everything that was complete is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text
from structgen.parsing.incremental.partial_json import partial

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
def test_cuts(text: str, value: Any, cut_at: str | None) -> None:
    """The value so far and the place of the cut."""
    found = partial(text)
    assert (found.value, found.cut_at) == (value, cut_at)


def kept(part: Any, whole: Any) -> bool:
    """Whether every member of `part` is in `whole` at its place, whole or itself cut at the end."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and kept(member, whole[name]) for name, member in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) <= len(whole) and all(kept(a, b) for a, b in zip(part, whole, strict=False))
    return bool(part == whole)


@given(VALUES, st.integers(0, 400))
def test_any_prefix_is_read(value: Any, size: int) -> None:
    """No exception, nothing that is not in the whole value."""
    text = json_text.dumps(value)[:size]
    found = partial(text)
    assert found.value is None or kept(found.value, value)


@given(VALUES)
def test_a_whole_text_gives_the_whole_value(value: Any) -> None:
    """And no cut, but for a number alone: more digits might follow."""
    found = partial(json.dumps(value))
    alone = isinstance(value, int | float) and not isinstance(value, bool)
    assert (found.value, found.cut_at) == ((None, "") if alone else (value, None))


@given(
    st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5), min_size=1, max_size=5),
    st.data(),
)
def test_every_complete_member_is_kept(value: dict[str, Any], data: st.DataObject) -> None:
    """Whatever follows it."""
    text = json_text.dumps(value)
    size = data.draw(st.integers(1, len(text)))
    complete = 0
    for count in range(len(value) + 1):
        head = json_text.dumps(dict(list(value.items())[:count]))[:-1]
        complete = count if len(head) < size else complete
    assert len(partial(text[:size]).value) >= complete


def test_deep_nesting_ends_the_reading() -> None:
    """As a cut does: no value nested deeper could be written or checked."""
    assert partial("[" * 100_000).cut_at == "/0" * 500


@pytest.mark.parametrize("scalar", ["1e999", "9" * 4400, '"\\ud800"', '"\\q"'], ids=lambda text: text[:8])
def test_what_cannot_be_represented_ends_the_reading(scalar: str) -> None:
    """What stands before it is kept; nothing is raised, and nothing is `inf`."""
    found = partial(f'{{"a":1,"b":{scalar},"c":"x')
    assert (found.value, found.cut_at) == ({"a": 1}, "/b")
