"""The benchmark's damage operators make one fault in a valid text, and know what is meant."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("faker")
sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from damage_judge import Case, case_of, is_part, is_valid, keeps
from damage_objects import pool
from damage_operators import ABSENT, OPERATORS, Sample
from damage_operators.base import applied, tokenized

from structgen.schema import Schema

OBJECTS = pool(None, 900, 7)
SAMPLES = [OBJECTS.draw() for _ in range(800)]
ANY = Schema.parse({"type": ["object", "array"]})
RARE_CONTENT = {"cut_in_an_escape", "inner_quotes_of_the_object"}
"""Operators for which generated objects may hold no place."""


def first_case(name: str) -> Case | None:
    """Return the first case that an operator makes of the samples."""
    random = Random(name)
    for sample in SAMPLES:
        damage = OPERATORS[name].make(sample, random)
        if damage is not None:
            case = case_of(name, sample, damage)
            if OPERATORS[name].needs_schema or not is_valid(case.text):
                return case
    return None


@pytest.mark.parametrize("name", OPERATORS)
def test_operator_breaks_a_text_and_means_a_valid_value(name: str) -> None:
    """Every operator applies to some object, breaks its text, and means a value that the schema accepts."""
    case = first_case(name)
    if name in RARE_CONTENT and case is None:
        return
    assert case is not None
    assert case.text != case.sample.text
    assert OPERATORS[name].needs_schema or not is_valid(case.text)
    assert case.typed or case.may_fail
    assert not any(case.sample.schema.violations(value) for value in case.typed)


@pytest.mark.parametrize("name", OPERATORS)
def test_edits_do_not_overlap(name: str) -> None:
    """The edits of one damage stand apart within the text."""
    random = Random(name)
    damages = (OPERATORS[name].make(sample, random) for sample in SAMPLES)
    damage = next(filter(None, damages), None)
    edits = sorted(damage.edits) if damage else []
    assert all(one.end <= other.start for one, other in itertools.pairwise(edits))


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_tokens_cover_a_text(indent: int | str | None) -> None:
    """The tokens of a text are all of it but the white space, and each path leads to its value."""
    value = {"a": [1, {"b": "x, y", "c": []}], "d e": None, "f": {"g": -2.5e3, "h": "\\"}}
    sample = Sample(value, ANY, json.dumps(value, indent=indent))
    tokens = list(tokenized(sample.text))
    assert "".join(map(sample.raw, tokens)) == json.dumps(value, separators=(",", ":"))
    assert all(sample.at(token.path) == json.loads(sample.raw(token)) for token in tokens if token.is_value)


def test_insertions_come_before_replacements_at_one_place() -> None:
    """A prefix stands before a text that is replaced as a whole."""
    damage = OPERATORS["fence_unclosed"].make(SAMPLES[0], Random(0))
    assert damage is not None
    length = len(SAMPLES[0].text)
    text = applied(SAMPLES[0].text, [*damage.edits, damage.edits[0]._replace(start=0, end=length, text="X")])
    assert text == "```json\nX"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"a": 1, "b": [1, 2]}, True),
        ({"a": 1, "b": [1, 2], "c": None}, True),
        ({"a": 1}, False),
        ({"a": 2, "b": [1, 2]}, False),
    ],
)
def test_a_cut_keeps_its_complete_members(value: object, kept: bool) -> None:
    """What is complete must stand in the value; an empty container that was just opened need not."""
    assert keeps(value, {"a": 1, "b": [1, 2, {}]}) is kept


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ({"a": "te", "b": 1}, True),
        ({"a": "text", "c": None}, True),
        ({"a": "tea"}, False),
        ({"a": "text", "c": ""}, False),
        ({"b": True}, False),
        ({"b": 12}, True),
        ({"b": 13}, False),
    ],
)
def test_a_cut_gives_parts_of_the_full_value(value: object, part: bool) -> None:
    """A piece of a scalar and null for an absent member are parts; an invented value is none."""
    assert is_part(value, {"a": "text", "b": 12 if part else 1}) is part


def test_an_absent_member_is_removed() -> None:
    """The right readings of a lost value have no member, or null."""
    case = first_case("value_lost")
    assert case is not None
    assert case.may_fail
    assert {json.dumps(value) for value in case.plain} & {json.dumps(case.sample.value)} == set()
    assert ABSENT not in case.plain
