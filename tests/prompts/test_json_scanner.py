"""The scanner accepts JSON and nothing else, in any pieces, and says where JSON ends or breaks."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.prompts.json_scanner import JsonScanner

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
CONTAINERS = st.lists(VALUES, max_size=3) | st.dictionaries(st.text(max_size=3), VALUES, max_size=3)


def accepts(text: str) -> bool:
    """Whether the scanner reads the text, with white space behind it, as one value."""
    scanner = JsonScanner()
    end = scanner.scan(text + " ")
    return scanner.complete and not text[end:].strip(" \t\r\n")


def is_json(text: str) -> bool:
    def refuse(literal: str) -> Any:
        raise ValueError(literal)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        return False
    return True


@settings(deadline=None)
@given(CONTAINERS, st.sampled_from([None, 1]), st.booleans())
def test_every_value_is_read_to_its_end(value: Any, indent: int | None, ascii_only: bool) -> None:
    """A JSON text is complete at its last character, not before, and never broken."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    scanner = JsonScanner()
    for character in text[:-1]:
        assert scanner.scan(character) == 1
        assert not scanner.complete
        assert not scanner.broken
    assert scanner.scan(text[-1] + "x") == 1
    assert scanner.complete


@settings(deadline=None)
@given(VALUES, st.data())
def test_a_changed_text_is_judged_as_json_judges_it(value: Any, data: st.DataObject) -> None:
    """The scanner accepts a text with one character changed where `json` does."""
    text = json.dumps(value)
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(st.sampled_from([*'"\\{}[],:-.0e+tn\n\x1f u', ""])) + text[at + 1 :]
    assert accepts(text) == is_json(text)


@settings(deadline=None)
@given(st.text(st.sampled_from('"\\{}[],:-.01eE+tn \n'), max_size=12))
def test_any_text_is_judged_as_json_judges_it(text: str) -> None:
    """The scanner accepts what `json` does, and pieces make no difference."""
    assert accepts(text) == is_json(text)
    whole, pieces = JsonScanner(), JsonScanner()
    end = whole.scan(text)
    assert sum(pieces.scan(character) for character in text) == end
    assert (pieces.complete, pieces.broken) == (whole.complete, whole.broken)
    assert pieces.doubtful_string == whole.doubtful_string


@pytest.mark.parametrize(
    ("text", "fault", "string"),
    [
        pytest.param('{"a": "b\nc"}', 8, 6, id="raw newline in a string"),
        pytest.param('{"a": "b\\x"}', 9, 6, id="escape"),
        pytest.param('{"a: "b"}', 6, 1, id="missing quote"),
        pytest.param('{"a": "b"}', None, None, id="sound"),
        pytest.param('{"a": "b", 1}', 11, None, id="behind a comma"),
        pytest.param('{"a": {"b": "c"}]', 16, None, id="behind a bracket"),
        pytest.param('{"a": 01}', 7, None, id="leading zero"),
        pytest.param('{"a": 1.}', 8, None, id="number without digits"),
        pytest.param('{"a": tru}', 9, None, id="literal"),
    ],
)
def test_the_fault_and_the_string_in_doubt_are_told(text: str, fault: int | None, string: int | None) -> None:
    """The fault has its place, and so has the string that it casts doubt on."""
    scanner = JsonScanner()
    end = scanner.scan(text)
    assert scanner.broken == (fault is not None)
    assert end == (len(text) if fault is None else fault)
    assert scanner.doubtful_string == string
