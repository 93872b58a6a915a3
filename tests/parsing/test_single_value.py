"""The short way to the container that a text consists of leads to the same result as the search for it."""

from __future__ import annotations

import json

import pytest
from damaged_texts import PROSE, STRUCTURAL_TEXTS, damaged_texts
from hypothesis import given

from structgen.parsing.extraction.candidates import parse_wrapped
from structgen.parsing.extraction.single_value import parse_single
from structgen.parsing.tolerant.parser import TolerantParser


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@given(damaged_texts() | STRUCTURAL_TEXTS)
def test_the_short_way_finds_the_most_likely_candidate(text: str) -> None:
    """Where the short way finds a malformed container, it is the first candidate, with the same account."""
    result = parse_single(text, TolerantParser(text))
    if result is not None and not _is_json(text):
        first = next(parse_wrapped(TolerantParser(text), text))
        assert result._replace(containers=()) == first._replace(containers=())


@given(damaged_texts(), PROSE)
def test_text_around_a_container_leaves_the_short_way(text: str, prose: str) -> None:
    """A text that begins with prose is no single container."""
    assert parse_single(f"{prose}\n{text}", TolerantParser(f"{prose}\n{text}")) is None


@pytest.mark.parametrize(
    "text",
    [
        '{{"a": 1}}',
        '{\\"a\\": 1}',
        '[```json\n{"a": 1}\n```]',
        "[1]: x",
        '{"a": 1}</s>',
        '{"a": 1,}\n{"b": 2}',
    ],
)
def test_what_may_be_wrapped_leaves_the_short_way(text: str) -> None:
    """Escapes, fences, labels, special tokens and several values are read by the search for candidates."""
    assert parse_single(text, TolerantParser(text)) is None


def test_a_parser_remembers_what_it_read() -> None:
    """A value that was read is read no second time, and a parser of the same text is the same one."""
    text = '{"a": 1,}'
    parser = TolerantParser(text)
    assert parser.parse() is parser.of(text).parse()


def test_a_large_object_that_was_cut_has_few_alternatives() -> None:
    """A missing bracket behind many members has a few alternatives, made in little time."""
    members = {f"k{index}": index for index in range(20_000)}
    text = json.dumps({"x": members})[:-1]
    result = TolerantParser(text).parse()
    assert result.value == {"x": members}
    assert 0 < len(result.alternatives) <= 8
