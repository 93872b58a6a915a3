"""The short way to a valid container in a fence leads to the same result as the search for it."""

from __future__ import annotations

import json

import pytest
from damaged_texts import PROSE
from hypothesis import given
from hypothesis import strategies as st

from structgen.parsing.extraction.candidates import parse_wrapped
from structgen.parsing.extraction.fenced_value import parse_fenced
from structgen.parsing.tolerant.parser import TolerantParser

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("``` {")
CONTAINERS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
).filter(lambda value: isinstance(value, dict | list))
OPENINGS = st.sampled_from(
    ["```json\n", "```\n", "```", " ``` json5 \n\n  ", "```python title\n", "`````\n", "", " \n"]
)
CLOSINGS = st.sampled_from(["\n```", "```", " \n\t```\n", "\n````", "\n``", "", "\n```\n."])


@given(OPENINGS, CONTAINERS, CLOSINGS, st.sampled_from([None, 1]))
def test_the_short_way_into_a_fence_finds_the_most_likely_candidate(
    opening: str, value: object, closing: str, indent: int | None
) -> None:
    """Where the short way finds a fenced container, the search finds its value first, with the same fixes."""
    text = opening + json.dumps(value, indent=indent) + closing
    result = parse_fenced(text)
    if result is not None:
        first = next(parse_wrapped(TolerantParser(text), text))
        assert result.value == value
        assert result._replace(containers=()) == first._replace(containers=())


def test_a_container_in_one_fence_takes_the_short_way() -> None:
    """The fence of a language, one without, and one that the prompt opened are read in the short way."""
    assert parse_fenced('```json\n{"a": [1]}\n```\n') is not None
    assert parse_fenced("```\n[]\n```") is not None
    assert parse_fenced('{"a": [1]}\n```') is not None


@given(PROSE)
def test_prose_around_a_fence_leaves_the_short_way(prose: str) -> None:
    """A fence between prose is none that the whole text consists of."""
    assert parse_fenced(f'{prose}\n```json\n{{"a": 1}}\n```') is None
    assert parse_fenced(f'```json\n{{"a": 1}}\n```\n{prose}') is None


@pytest.mark.parametrize("content", ['{"a": 1,}', '{"a": 1}, {"b": 2}', '"a"', '{"a": 1}</s>', ""])
def test_a_fence_around_anything_else_leaves_the_short_way(content: str) -> None:
    """Malformed containers, several, scalars and special tokens are read by the search for candidates."""
    assert parse_fenced(f"```json\n{content}\n```") is None
