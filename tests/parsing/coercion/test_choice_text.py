"""A choice is taken where the text has its sign, point and digits, and names it as words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import structgen
from structgen.parsing.coercion.choice_text import equal_choice, named_choices
from structgen.parsing.coercion.coerce import Coercer
from structgen.parsing.coercion.source_text import SourceText
from structgen.parsing.coercion.word_text import normalise
from structgen.schema import Schema


def repaired(text: str, options: list[Any]) -> Any:
    """Return the chosen option of a member `x`, or `failed`."""
    schema = {
        "type": "object",
        "properties": {"x": {"enum": options}},
        "required": ["x"],
        "additionalProperties": False,
    }
    result = structgen.repair(f'{{"x": {text}}}', schema)
    return result.value["x"] if result.status != "failed" else "failed"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("1.0", ["10", "20"]), ("2.0", ["0", "1"]), ("10", ["1.0", "2.0"]), ("-1", ["1", "2"]), ("1.5", ["5", "7"]),
        ("20.25", ["2025"]), ("1.0", ["1"]), ("1", ["1.0"]), ("1.10", ["1.1"]), ("true", ["yes", "no"]), ("1", ["true"]),
        ('"12 years"', ["1-2 years", "3-5 years"]), ('"Rh-"', ["Rh+"]), ('"A-"', ["A+", "A"]), ('"C"', ["C++", "C#"]),
        ('"C++"', ["C", "C#"]), ('"-1"', ["1"]), ('"1.5"', ["5", "15", "1"]), ('"<5"', [">5", "5"]), ('"5%"', ["5"]),
        ('"1 2"', ["12"]), ('"(5)"', ["5"]), ('"10²"', ["102"]), ('"1.0"', [10]), ('"-1"', [1]), ('"5 million"', ["5"]),
        ('"not red"', ["red", "blue"]), ('"red or blue"', ["red", "blue"]), ('"blue-green"', ["blue", "red"]),
        ('"redder"', ["red"]), ('"$5"', ["5"]), ('"version 1.5.2"', ["1.5", "5.2"]), ('"5 to 10"', ["5", "7"]),
        ('"no idea"', ["yes", "no"]), ('"anything except red"', ["red", "blue"]), ('"1-2"', ["2", "1"]), ('"It is a good one, a b"', ["A", "C"]),
        ('"A good choice"', ["A", "B"]), ('"A+"', ["A", "B"]), ('"vitamin b"', ["A", "B"]), ('""', ["", "a"][1:]),
    ],
)  # fmt: skip
def test_another_value_is_not_taken_for_a_choice(text: str, options: list[Any]) -> None:
    """A value that differs in sign, point or digits, or that a sentence negates or joins, is no choice."""
    assert repaired(text, options) == "failed"


@pytest.mark.parametrize(
    ("text", "options", "choice"),
    [
        ("1", ["1", "2"], "1"), ("true", ["true", "false"], "true"), ("True", ["True", "False"], "True"), ("1.10", ["1.1", "1.10"], "1.10"),
        ("-1", ["1", "-1"], "-1"), ("1.0", [1, 2], 1), ('"1"', [1, 2], 1), ('"1,000.50"', [1000.5], 1000.5),
        ('"rh+"', ["Rh+", "Rh-"], "Rh+"), ('"c++"', ["C", "C++"], "C++"), ('"The language is C++."', ["C", "C++"], "C++"),
        ('"light_blue"', ["light blue", "blue"], "light blue"), ('"It is light blue."', ["light blue", "blue"], "light blue"),
        ('"1 - 2 years"', ["1-2 years", "12 years"], "1-2 years"), ('"about 1-2 years"', ["1-2 years", "2 years"], "1-2 years"),
        ('"ESPAÑA"', ["España", "France"], "España"), ('"covid 19"', ["COVID-19"], "COVID-19"), ('"- Blue"', ["blue"], "blue"),
        ('"Answer: A"', ["A", "B"], "A"), ('"B is right"', ["A", "B"], "B"), ('" a "', ["A", "a"], "a"), ('"(A) a good one"', ["A", "B"], "A"),
        ('"the temperature is -1"', ["-1", "1"], "-1"), ('"It is not applicable"', ["not applicable", "yes"], "not applicable"),
        ('"n/a"', ["red", None], None), ('{"value": "red"}', ["red"], "red"),
    ],
)  # fmt: skip
def test_a_choice_in_another_spelling_is_taken(text: str, options: list[Any], choice: Any) -> None:
    """Case, accents, separators between letters and a sentence around it do not hide a choice."""
    assert repaired(text, options) == choice


def test_the_most_named_choice_names_the_others() -> None:
    """A sentence that names one choice more often than another is inferred, with the other as alternative."""
    sentence = "Red is good, red is warm, blue is cold."
    result = Coercer(Schema.parse({"enum": ["red", "blue"]}), "inferred", SourceText("", ())).coerce(sentence)
    assert (result.value, [change.risk for change in result.changes]) == ("red", ["inferred"])
    assert [(other.pointer, other.value) for other in result.alternatives] == [("", "blue")]
    assert named_choices("red or blue", ["red", "blue"]) == []


NUMBERS = st.decimals(-200, 200, places=2).map(str) | st.integers(-200, 200).map(str)


@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=5))
@settings(max_examples=500, deadline=None)
def test_a_number_is_only_the_choice_that_is_spelt_so(number: str, options: list[str]) -> None:
    """A number given for a string is the option with the same sign, point and digits, or none."""
    assert repaired(number, options) == (number if number in options else "failed")


SIGNED = st.text(alphabet="aC1+-.5 ", min_size=1, max_size=5).filter(lambda text: text.strip() != "")


@given(SIGNED, st.integers(0, 5), st.sampled_from(["", *"+-. _1"]), st.booleans())
@settings(max_examples=1500, deadline=None)
def test_texts_that_are_equal_have_the_same_digits_and_signs(one: str, at: int, mark: str, cut: bool) -> None:
    """A text that gains or loses a digit or a plus is another one after normalising."""
    other = one[:at] + mark + one[at + cut :]
    if normalise(one) == normalise(other):
        assert [c for c in one if c.isdigit()] == [c for c in other if c.isdigit()]
        assert one.count("+") == other.count("+")


@given(st.sampled_from(["Rh", "C", "A", "vitamin D"]), st.sampled_from(["+", "-", "++", "#", ""]), st.data())
@settings(max_examples=200, deadline=None)
def test_a_sign_at_the_end_of_a_word_is_part_of_it(word: str, sign: str, data: st.DataObject) -> None:
    """Two words that differ in the sign at their end are never the same choice, alone or in a sentence."""
    other = data.draw(st.sampled_from([end for end in ("+", "-", "++", "#", "") if end != sign]))
    assert equal_choice(word + sign, [word + other]) is None
    assert named_choices(f"It is {word}{sign}, I think.", [word + other]) == []
    assert named_choices(f"It is {word}{sign}, I think.", [word + sign]) == [0]


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=4))
@settings(max_examples=500, deadline=None)
def test_a_named_choice_stands_in_the_text(text: str, options: list[str]) -> None:
    """The words of a choice that is taken stand in the text."""
    for index in named_choices(text, options):
        assert normalise(options[index]) in normalise(text)
