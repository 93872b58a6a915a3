"""Choices, scalars, patterns and collections are schemas, and give back values of their types."""

from __future__ import annotations

import enum
import re
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from structgen import Schema
from structgen.errors import InvalidSchema


class Mixed(enum.Enum):
    TEXT = "a"
    NUMBER = 1
    NOTHING = None
    HALF = 2.5


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Unreadable(enum.Enum):
    PAIR = (1, 2)


class Pair(NamedTuple):
    a: int
    b: str


VALUES: list[Any] = [
    pytest.param(Literal["a", "b"], "a", "a", id="literal"),
    pytest.param(Literal["a", 1, True, None], True, True, id="literal-of-mixed-values"),
    *(pytest.param(Mixed, member.value, member, id=f"enum-{member.name}") for member in Mixed),
    pytest.param(Level, 2, Level.HIGH, id="int-enum"),
    pytest.param(int, 3, 3, id="int"),
    pytest.param(float, 3, 3.0, id="float"),
    pytest.param(bool, False, False, id="bool"),
    pytest.param(str, "x", "x", id="str"),
    pytest.param(date, "2024-02-29", date(2024, 2, 29), id="date"),
    pytest.param(int | str, "x", "x", id="union"),
    pytest.param(Optional[int], None, None, id="optional"),  # noqa: UP045
    pytest.param(type(None), None, None, id="none"),
    pytest.param(list[Level], [1, 2], [Level.LOW, Level.HIGH], id="list"),
    pytest.param(dict[str, Level], {"a": 1}, {"a": Level.LOW}, id="dict"),
    pytest.param(dict[int, str], {"7": "x"}, {7: "x"}, id="dict-of-integers"),
    pytest.param(tuple[int, Level], [5, 1], (5, Level.LOW), id="tuple"),
    pytest.param(tuple[int, ...], [5, 1], (5, 1), id="tuple-of-any-length"),
    pytest.param(Pair, [1, "b"], Pair(1, "b"), id="named-tuple"),
    pytest.param(set[str], ["a"], {"a"}, id="set"),
    pytest.param(Annotated[int, Field(ge=3)], 3, 3, id="annotated"),
    pytest.param(re.compile(r"\d{4}"), "2024", "2024", id="pattern"),
]


@pytest.mark.parametrize(("annotation", "given_value", "expected"), VALUES)
def test_a_type_gives_its_values_back(annotation: Any, given_value: Any, expected: Any) -> None:
    """A valid JSON value becomes a value of the type."""
    schema = Schema.parse(annotation)
    assert schema.violations(given_value) == []
    value = schema.to_python(given_value)
    assert (type(value), value) == (type(expected), expected)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [(Mixed, "b"), (Level, 3), (int, 1.5), (bool, 1), (tuple[int, str], [1]), (re.compile("a|b"), "ab")],
    ids=repr,
)
def test_other_values_are_violations(annotation: Any, value: Any) -> None:
    """A value that the type does not accept is a violation."""
    assert Schema.parse(annotation).violations(value)


REFUSED: list[Any] = [
    pytest.param(["a", "b"], r"Literal\['a', 'b'\]", id="list-of-choices"),
    pytest.param(("a", 1), r"Literal\['a', 1\]", id="tuple-of-choices"),
    pytest.param([{"type": "integer"}], "not a list", id="list"),
    pytest.param(3, "not a number", id="number"),
    pytest.param(Mixed.TEXT, "give the Enum itself, Mixed", id="member"),
    pytest.param(Unreadable, "cannot be read back from JSON: give it a text", id="value-that-json-lacks"),
    pytest.param(Literal[Mixed.TEXT], "give the value itself, or the whole Enum", id="literal-of-a-member"),
    pytest.param(re.compile("a", re.IGNORECASE), r"re.IGNORECASE: write both cases", id="ignorecase"),
    pytest.param(re.compile("(?i)a"), r"re.IGNORECASE: write both cases", id="inline-flag"),
    pytest.param(re.compile("a", re.DOTALL), r"re.DOTALL: write \[\\s\\S\]", id="dotall"),
    pytest.param(re.compile("a", re.VERBOSE), "re.VERBOSE: write the pattern without", id="verbose"),
    pytest.param(re.compile("a", re.MULTILINE), "re.MULTILINE: leave it out", id="multiline"),
    pytest.param(re.compile(b"a"), "pattern of bytes", id="bytes"),
    pytest.param(re.compile(r"\Aa"), r"has '\\\\A'.*write \^", id="start"),
    pytest.param(re.compile(r"a\Z"), r"has '\\\\Z'.*write \$", id="end"),
    pytest.param(re.compile("(?P<y>a)"), r"write \(\?<name>", id="named-group"),
    pytest.param(re.compile(r"\bfoo"), "write the characters that may stand there", id="word-boundary"),
    pytest.param(re.compile("(?i:a)b"), "write the characters that the flag allows", id="scoped-flag"),
    pytest.param(re.compile("a(?#note)"), "write no comment", id="comment"),
    pytest.param(re.compile("(a)?(?(1)b|c)"), "write two alternatives", id="conditional"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message"), REFUSED)
def test_a_refusal_says_what_to_change(source: Any, message: str) -> None:
    """What cannot be a schema is refused with the spelling to use instead."""
    with pytest.raises(InvalidSchema, match=message):
        Schema.parse(source)


PIECES = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", r"\d", r"\w", r"\W", r"\s", ".", "a|b", "(a|b)", "(?:ab)?", "a*", "b{2}", "é"]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=5).map("".join), st.text("ab1 é\n_-", max_size=6))
def test_what_a_pattern_accepts_python_matches_as_a_whole(pattern: str, text: str) -> None:
    """No text passes that Python's own `fullmatch` refuses."""
    try:
        compiled = re.compile(pattern)
    except re.error:
        return
    schema = Schema.parse(compiled)
    if not schema.violations(text):
        assert compiled.fullmatch(text)
        assert schema.to_python(text) == text


@pytest.mark.parametrize(
    ("flags", "accepts"), [(0, True), (re.ASCII, False)], ids=["of-all-scripts", "of-ascii"]
)
def test_word_characters_are_those_of_python(flags: int, accepts: bool) -> None:
    r"""`\w` has the letters of all scripts, unless the flag ASCII is set."""
    assert (Schema.parse(re.compile(r"\w+", flags)).violations("é") == []) is accepts
