"""Faults that have one reading are read without a search: JSON that was cut, comments, spare commas and the like."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text
from structgen.parsing.extraction.unambiguous import read_unambiguous

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
CONTAINERS = st.lists(VALUES, min_size=1) | st.dictionaries(st.text(), VALUES, min_size=1)


def begins(part: Any, whole: Any) -> bool:
    """Return whether a value is what is left of another one whose text was cut."""
    if isinstance(part, dict) and isinstance(whole, dict):
        names = list(part)
        inner = names[:-1]
        return (
            names == list(whole)[: len(names)]
            and all(part[n] == whole[n] for n in inner)
            and (not names or begins(part[names[-1]], whole[names[-1]]))
        )
    if isinstance(part, list) and isinstance(whole, list):
        complete = all(a == b for a, b in zip(part[:-1], whole, strict=False))
        return len(part) <= len(whole) and complete and (not part or begins(part[-1], whole[len(part) - 1]))
    if isinstance(part, str) and isinstance(whole, str):
        return whole.startswith(part)
    return type(part) is type(whole) or isinstance(part, int | float)


@given(CONTAINERS, st.data(), st.sampled_from([None, 1]))
def test_each_beginning_keeps_what_is_complete(value: Any, data: st.DataObject, indent: int | None) -> None:
    """Applied from the last to the first, the fixes make valid JSON of the value."""
    text = json_text.dumps(value) if indent is None else json_text.dumps(value).replace(",", ", ")
    if json_text.loads(text) != value:
        return
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    result = read_unambiguous(cut)
    if result is None:  # cut within a number or within an escape that is a letter alone
        assert cut[-1] in "-+.eE" or "\\" in cut
        return
    assert begins(result.value, value)
    mended = cut
    for fix in reversed(result.fixes):
        mended = mended[: fix.start] + fix.text + mended[fix.end :]
    assert json_text.loads(mended) == result.value
    assert result.end == len(cut)
    assert {fix.kind for fix in result.fixes} == {"cut"}


def rendered(value: Any, draw: Any) -> str:
    """Return the JSON of a value with comments, spare commas, ellipses and Python's constants."""
    space = draw(st.sampled_from(["", "", " ", "\n  ", "/* note */", " // a word\n", "# 1\n "]))
    if isinstance(value, dict):
        items = [f"{json_text.dumps(key)}:{rendered(item, draw)}" for key, item in value.items()]
    elif isinstance(value, list):
        items = [rendered(item, draw) for item in value]
    else:
        python = {True: "True", False: "False", None: "None"}
        is_constant = value is None or isinstance(value, bool)
        return space + (python[value] if is_constant and draw(st.booleans()) else json_text.dumps(value))
    brackets = "{}" if isinstance(value, dict) else "[]"
    end = draw(st.sampled_from(["", ",", ",...", ", ..."])) if items else ""
    return space + brackets[0] + ("," + space).join(items) + end + space + brackets[1]


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_characters='\\"', min_codepoint=32))
)


@given(
    st.recursive(
        PLAIN,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc#/,"), inner, max_size=4),
    ).filter(lambda value: isinstance(value, dict | list)),
    st.data(),
)
def test_what_is_no_json_but_unambiguous_gives_its_value(value: Any, data: st.DataObject) -> None:
    """Comments, spare commas, ellipses and Python's constants change nothing; the fixes make valid JSON."""
    text = rendered(value, data.draw).strip()
    result = read_unambiguous(text)
    if result is None:
        assert json_text.loads(text) == value
        return
    assert result.value == value
    assert result.risk == "lossless" or any(fix.kind == "ellipsis" for fix in result.fixes)
    mended = text
    for fix in sorted(result.fixes, reverse=True, key=lambda fix: (fix.start, fix.end)):
        mended = mended[: fix.start] + fix.text + mended[fix.end :]
    assert json_text.loads(mended) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": , "b": 1}', {"a": None, "b": 1}),
        ('{"a": ObjectId("1"), "b": [NumberLong(5)]}', {"a": "1", "b": [5]}),
        ("[1, 2, ..., 9]", [1, 2, 9]),
    ],
)
def test_values_that_stand_in_another_notation_are_read(text: str, value: Any) -> None:
    """A member without a value is null, a constructor stands for its argument, an ellipsis for nothing."""
    result = read_unambiguous(text)
    assert result is not None
    assert result.value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "[1]",
        '{"a": 1}',
        "[1,,",
        '{"a" 1',
        "[1}",
        "{'a': 1",
        '{"a": Tru',
        "[1 /* , 2 */]",
        '{"a": 1 // "b": 2\n}',
        "[ObjectId(x)]",
        '{"a": #ff0000\n}',
        "[#news\n]",
        '{"a": //x\n}',
        "[01",
        "[0.0.",
        "[1e5e",
        "[1] [",
        '{"a": "x\ny',
        '["\\q',
    ],
)
def test_a_text_with_another_fault_or_none_is_not_read(text: str) -> None:
    """The search for the likeliest reading is for those."""
    assert read_unambiguous(text) is None


@pytest.mark.parametrize(
    ("text", "value", "cut_at", "fixes"),
    [
        ('{"a": 1, "b": ', {"a": 1}, "/b", [("cut", 7, 14, "}")]),
        ('{"a": 1, "b', {"a": 1}, "/a", [("cut", 7, 11, "}")]),
        ('{"a": [1, 2', {"a": [1, 2]}, "/a/1", [("cut", 10, 11, "2"), ("cut", 11, 11, "]}")]),
        ('{"a": [1, ', {"a": [1]}, "/a/1", [("cut", 8, 10, "]}")]),
        ('{"a": tr', {"a": True}, "/a", [("cut", 6, 8, "true"), ("cut", 8, 8, "}")]),
        ('["x\\u00', ["x"], "/0", [("cut", 1, 7, '"x"'), ("cut", 7, 7, "]")]),
    ],
)
def test_the_account_names_the_cut(
    text: str, value: Any, cut_at: str, fixes: list[tuple[str, int, int, str]]
) -> None:
    """A value that was begun stays; a key without a value goes with its comma."""
    result = read_unambiguous(text)
    assert result is not None
    assert (result.value, result.cut_at) == (value, cut_at)
    assert [(fix.kind, fix.start, fix.end, fix.text) for fix in result.fixes] == fixes
