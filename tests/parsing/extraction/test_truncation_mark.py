"""A mark that says that the end of a text was left out is no part of the value; it is listed as a fix."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest

from structgen import json_text, repair
from structgen.parsing.extraction.truncation_mark import truncation_mark

MARKS = [
    "[output truncated]", "... (truncated)", "<truncated>", "...[truncated]", "… [12 more characters]",
    "... (1,234 chars omitted)", "... output truncated ...", "[TRUNCATED: 3 more rows]", "[... 5 more items ...]",
    "...<cut off>\n", "<<<truncated>>>",
]  # fmt: skip
CUTS: list[Any] = [
    pytest.param('{"a": 1, "b": "some long te', {"a": 1, "b": "some long te"}, id="in-a-string"),
    pytest.param('{"a": 1, "b": [1, 2, ', {"a": 1, "b": [1, 2]}, id="in-a-list"),
    pytest.param('{"a": 1, "b": "some" ', {"a": 1, "b": "some"}, id="behind-a-value"),
    pytest.param('{"a": 1, "b": "so"}\n', {"a": 1, "b": "so"}, id="behind-all"),
    pytest.param('{"a": 1,, "b": [{"c": "te', {"a": 1, "b": [{"c": "te"}]}, id="with-another-fault"),
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize(("text", "value"), CUTS)
def test_the_mark_is_listed_and_not_in_the_value(text: str, value: Any, mark: str) -> None:
    """The value ends where the text was cut; one fix, `inferred`, covers the mark."""
    result = repair(text + mark)
    assert result.value == value
    [fix] = [fix for fix in result.fixes if fix.kind == "ellipsis"]
    assert (text + mark)[fix.start : fix.end].strip() == mark.strip()
    assert fix.risk == "inferred"


def test_in_a_string_the_whole_text_is_an_alternative() -> None:
    """The mark may be what the string says: the account names that reading."""
    result = repair('{"note": "a cone (truncated)')
    assert result.value == {"note": "a cone"}
    assert [(other.pointer, other.value) for other in result.alternatives] == [
        ("/note", "a cone (truncated)")
    ]


@pytest.mark.parametrize("mark", MARKS)
def test_within_valid_json_a_mark_is_text(mark: str) -> None:
    """A complete string is never changed."""
    text = json_text.dumps({"a": f"te {mark}"})
    assert repair(text).status == "unchanged"


@pytest.mark.parametrize(
    "text",
    [
        '{"note": "the log (truncated)", "b": [1',
        '{"a": "no more drinks',
        '{"a": "and (one more time)',
        '{"flags": [truncated]}',
        "[truncated]",
    ],
)
def test_other_words_are_no_mark(text: str) -> None:
    """Words before the end, and words that do not speak of an end, are no mark."""
    assert truncation_mark(text) is None


@pytest.mark.parametrize("unit", [" ", "(", "[", "<", ".", "... ", "a ", "(a ", "… truncated "])
def test_the_search_is_bounded(unit: str) -> None:
    """A hundred searches at the end of a long text take no noticeable time."""
    text = "{" + unit * 100_000 + " truncated x"
    start = process_time()
    for _ in range(100):
        truncation_mark(text)
    assert process_time() - start < 2
