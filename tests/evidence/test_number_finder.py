"""Numbers are found by their value, in the notations that documents use."""

from __future__ import annotations

import pytest

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.numbers import NumberFinder

SURE = 0.3


def sayings(text: str, value: float | str) -> list[str]:
    """Return the texts that surely say a value."""
    places = NumberFinder(text).places(Leaf((), value), 50)
    return [text[place.start : place.end] for place in places if place.distance < SURE]


@pytest.mark.parametrize(
    ("text", "value", "saying"),
    [
        ("due 1,234.50 now", 1234.5, "1,234.50"),
        ("due 1.234,50 now", 1234.5, "1.234,50"),
        ("due 1 234,50 now", 1234.5, "1 234,50"),
        ("due 1\u202f234,50 now", 1234.5, "1\u202f234,50"),
        ("due 1'234.50 now", 1234.5, "1'234.50"),
        ("due 1,23,456 now", 123456, "1,23,456"),
        ("due $1,000", 1000, "1,000"),
        ("a loss of (5.00)", -5, "(5.00)"),
        ("a loss of 5.00-", -5, "5.00-"),
        ("a loss of −5", -5, "−5"),
        ("a loss of -$5.00", -5, "-$5.00"),
        ("balance 5.00 CR", -5, "5.00 CR"),
        ("12% of it", 12, "12"),
        ("12% of it", 0.12, "12%"),
        ("1/2 of it", 0.5, "1/2"),
        ("2½ of it", 2.5, "2½"),
        ("1.2 million people", 1_200_000, "1.2 million"),
        ("3k users", 3000, "3k"),
        ("€5 bn", 5_000_000_000, "5 bn"),
        ("2 lakh", 200_000, "2 lakh"),
        ("5.2e-3 m", 0.0052, "5.2e-3"),
        ("5.2 × 10⁻³ m", 0.0052, "5.2 × 10⁻³"),
        ("three men", 3, "three"),
        ("the first", 1, "first"),
        ("twenty-one men", 21, "twenty-one"),
        ("drei Männer", 3, "drei"),
        ("a dozen", 12, "dozen"),
        ("two dozen eggs", 24, "two dozen"),
        ("one hundred and five men", 105, "one hundred and five"),
        ("twelve thousand five hundred", 12_500, "twelve thousand five hundred"),
        ("Two million, three", 2_000_000, "Two million"),
        ("nineteen hundred and four", 1904, "nineteen hundred and four"),
        ("quatre-vingt-dix ans", 90, "quatre-vingt-dix"),
        ("einundzwanzig Tage", 21, "einundzwanzig"),
        ("two-thirds of it", 0.667, "two-thirds"),
        ("three quarters of it", 0.75, "three quarters"),
        ("10 men", "ten", "10"),
        ("one, two", 2, "two"),
        ("１２３ 円", 123, "１２３"),
        ("٣٤٥", 345, "٣٤٥"),
        ("1 , 234 . 50", 1234.5, "1 , 234 . 50"),
        ("12.34 m", 12.3, "12.34"),
        ("1000 m", 1000.0, "1000"),
        ("on 2021-03-30", 2021, "2021"),
        ("5kg", 5, "5"),
        (".5 m", 0.5, ".5"),
        ("12 men", "12.0", "12"),
        ("12 % of it", "12%", "12 %"),
        ("損失 ▲5,000", -5000, "▲5,000"),
        ("Assets - 14,729\nDebts 5 7", 0, "-"),
        ("סך )1,234( בלבד", -1234, ")1,234("),
        ("$1,000-$2,000", 1000, "1,000"),
        ("was R72 000 in", 72000, "72 000"),
    ],
)
def test_a_notation_says_its_value(text: str, value: float | str, saying: str) -> None:
    """The shortest range that says the value is found, with its sign, scale and brackets."""
    assert sayings(text, value) == [saying]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(5.00)", 5),
        ("5.00-", 5),
        ("-5", 5),
        ("5", -5),
        ("1,234.50", 234.5),
        ("1,234.50", 1234),
        ("HO3", 3),
        ("12.34", 34),
        ("12:30", 30),
        ("1,234", True),
        ("1,234", None),
        ("03/04", "03/04"),
    ],
)
def test_another_value_is_not_surely_said(text: str, value: float | str | bool | None) -> None:
    """A part of a number, or a number with the other sign, does not surely say a value."""
    assert not sayings(text, value)  # type: ignore[arg-type]


def test_the_document_tells_its_decimal_separator() -> None:
    """`1,234` is grouped beside points, and decimal beside commas."""
    assert sayings("1,234 and 2.50 and 7.25", 1234) == ["1,234"]
    assert sayings("1,234 and 2,50 and 7,25", 1234) == []
    assert sayings("1,234 and 2,50 and 7,25", 1.234) == ["1,234"]
    assert sayings("1.234 and 2,50 and 7,25", 1234) == ["1.234"]


def test_the_same_characters_are_exact() -> None:
    """A number as JSON writes it is exact, any other notation is a value, a rounded one is fuzzy."""
    finder = NumberFinder("12 12.0 1,200.55")
    kinds = {value: [place.kind for place in finder.places(Leaf((), value), 9)] for value in (12, 1200.6)}
    assert kinds == {12: ["exact", "value"], 1200.6: ["fuzzy"]}
