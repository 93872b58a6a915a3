"""Numbers in text keep sign, point and digits, and other readings of them are named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.parsing.coercion.number_text import Number, find_number, read_number

CERTAIN: list[tuple[str, Number]] = [
    ("5", 5), ("-5", -5), ("+5", 5), ("−5", -5), ("–5", -5), ("－5", -5), ("１２．５", 12.5), ("٣٫٥", 3.5),
    ("1,234.56", 1234.56), ("1.234,56", 1234.56), ("1'234.56", 1234.56), ("1’234.56", 1234.56),
    ("1\u00a0234,56", 1234.56), ("1\u202f234\u202f567", 1234567), ("12,34,567.89", 1234567.89), ("12,34,567", 1234567),
    ("1,234,567", 1234567), ("1.234.567", 1234567), ("1_000", 1000), ("0,50", 0.5), ("0.123", 0.123), ("0,123", 0.123),
    ("1234,5", 1234.5), (".5", 0.5), ("5.", 5), ("$1,200", 1200), ("-$5", -5), ("$-5", -5), ("($5)", -5),
    ("(1,234.50)", -1234.5), ("1.234,56-", -1234.56), ("€5", 5), ("5 EUR", 5), ("USD 12.50", 12.5), ("CHF 5.–", 5),
    ("kr 1.234,50", 1234.5), ("1e25", 10**25), ("1.5e-3", 0.0015), ("1.5×10^3", 1500), ("12345678901234567890", 12345678901234567890),
]  # fmt: skip
DOUBTFUL: list[tuple[str, bool, Number, tuple[Number, ...]]] = [
    ("1,234", False, 1234, (1.234,)), ("1.234", False, 1.234, (1234,)), ("1.234", True, 1234, (1.234,)),
    ("1.000", False, 1, (1000,)), ("1.000", True, 1000, (1,)), ("€1.234", False, 1234, (1.234,)), ("12,3456", False, 12.3456, (123456,)),
    ("(5)", True, -5, (5,)), ("5-", True, -5, (5,)), ("- 5", True, -5, (5,)), ("5 CR", True, -5, (5,)), ("5.00 DR", False, 5, (-5,)),
    ("$5 CR", False, -5, (5,)), ("12%", False, 12, (0.12,)), ("-5 per cent", False, -5, (-0.05,)), ("1 234", True, 1234, ()),
    ("1/4", False, 0.25, ()), ("(1,234)", False, -1234, (-1.234,)),
]  # fmt: skip
NONE = [
    "--5", "(-5)", "-(5)", "5-5", "-5-", "-5 CR", "₹5 CR", "1.2.3", "1,2,3", "12 34", "0.123,5", "1,23,4", "1 234.567,8", "$5 EUR",
    "3 1/2", "1/0", "0x1F", "five", "", "-", "1e999999", "5,-", "NaN", "Infinity", "1.234.56", "10:30", "2026-03-05", "½",
]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), CERTAIN)
def test_a_number_of_one_reading_is_coerced(text: str, number: Number) -> None:
    """A notation that all readers understand alike has no alternative."""
    reading = read_number(text, integer=False)
    assert reading is not None
    assert (reading.value, reading.risk, reading.alternatives) == (number, "coerced", ())


@pytest.mark.parametrize(("text", "integer", "number", "others"), DOUBTFUL)
def test_a_number_of_several_readings_is_inferred(
    text: str, integer: bool, number: Number, others: tuple[Number, ...]
) -> None:
    """The likelier reading is the value, and the others are named."""
    reading = read_number(text, integer=integer)
    assert reading is not None
    assert (reading.value, reading.risk, reading.alternatives) == (number, "inferred", others)


@pytest.mark.parametrize("text", NONE)
def test_a_text_that_spells_no_number_is_not_read(text: str) -> None:
    """Two signs, odd groups, two currencies and other texts are no number."""
    assert read_number(text, integer=False) is None


def test_an_integer_keeps_a_fraction_away() -> None:
    """A text of a fraction is no integer."""
    assert read_number("12.5", integer=True) is None
    assert read_number("1,5", integer=True) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("about 40 people", 40), ("costs -5 degrees", -5), ("roughly $1,234.50 today", 1234.5), ("30 min", 30), ("It is −7.", -7)],
)  # fmt: skip
def test_the_one_number_of_a_sentence_is_found(text: str, number: Number) -> None:
    """A number among words is inferred, with its sign."""
    reading = find_number(text)
    assert reading is not None
    assert (reading.value, reading.risk) == (number, "inferred")


@pytest.mark.parametrize(
    "text",
    ["minus 5", "Item - 5", "about (5)", "5 to 10", "1.5 million", "5 below zero", "a-5", "v1.5", "pages 5-", "1h 30 min",
     "5 CR today", "not 5", "10:30", "5k", "2026-03-05", "a loss of 5"],
)  # fmt: skip
def test_a_number_that_other_words_change_is_not_found(text: str) -> None:
    """A scale, a negation, a dash, brackets and further digits leave the sentence without a number."""
    assert find_number(text) is None


AMOUNTS = st.decimals(-10_000_000, 10_000_000, places=2)
GROUPS = st.sampled_from(
    [(",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("'", "."), ("", "."), ("", ",")]
)
AFFIXES = st.sampled_from(["{}", "${}", "{} EUR", "€{}", "CHF {}", "{} kr", " {} "])


def _spelt(amount: Decimal, group: str, point: str) -> str:
    return f"{amount:,}".replace(",", "\x00").replace(".", point).replace("\x00", group)


@given(AMOUNTS, GROUPS, AFFIXES)
@settings(max_examples=500, deadline=None)
def test_an_amount_is_read_in_every_locale(amount: Decimal, separators: tuple[str, str], affix: str) -> None:
    """An amount with decimals, spelt by a locale, has its value or is refused, and never another one."""
    text = affix.format(_spelt(amount, *separators))
    reading = read_number(text, integer=False)
    assert reading is None or reading.value == float(amount)
    assert reading is not None or amount < 0 or separators[0] == " "


@given(AMOUNTS.filter(lambda amount: amount > 0), GROUPS, st.sampled_from(["({})", "{}-", "-{}", "−{}"]))
@settings(max_examples=300, deadline=None)
def test_an_amount_keeps_its_sign(amount: Decimal, separators: tuple[str, str], sign: str) -> None:
    """A negative amount is never read as a positive one."""
    reading = read_number(sign.format(_spelt(amount, *separators)), integer=False)
    assert reading is not None
    assert (reading.value, reading.alternatives) == (-float(amount), ())


@given(st.integers(-10_000_000, 10_000_000), GROUPS, st.booleans())
@settings(max_examples=500, deadline=None)
def test_a_grouped_integer_is_right_or_inferred(
    number: int, separators: tuple[str, str], integer: bool
) -> None:
    """An integer in groups has its value, or it is inferred and its value is among the alternatives."""
    reading = read_number(_spelt(Decimal(number), *separators), integer=integer)
    assert reading is not None
    assert number in (reading.value, *reading.alternatives)
    assert reading.value == number or reading.risk == "inferred"


@given(st.decimals(0, 100_000, places=3), st.sampled_from([".", ","]), st.booleans())
@settings(max_examples=500, deadline=None)
def test_three_decimals_are_right_or_inferred(amount: Decimal, point: str, integer: bool) -> None:
    """A number of three decimals has its value, or it is inferred and its value is named, or it is refused."""
    reading = read_number(str(amount).replace(".", point), integer=integer)
    if reading is None or reading.value == float(amount):
        return
    is_integer_reading = integer and point == ","  # no integer has three decimals
    assert is_integer_reading or (
        reading.risk == "inferred" and float(amount) in map(float, reading.alternatives)
    )


@given(st.text(alphabet="0123456789.,-+()%$€ CRDR'/eE", max_size=14))
@settings(max_examples=1500, deadline=None)
def test_a_reading_has_the_digits_of_its_text(text: str) -> None:
    """The digits of a value without an exponent, a share or a fraction are those of its text, in order."""
    reading = read_number(text, integer=False)
    if reading is None or any(mark in text for mark in "eE/"):
        return
    spelt = "".join(filter(str.isdigit, text)).strip("0")
    read = "".join(filter(str.isdigit, format(Decimal(repr(reading.value)), "f"))).strip("0")
    assert spelt == read
    assert reading.value <= 0 or "-" not in text.replace(",-", "").replace(".-", "")
