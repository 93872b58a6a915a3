"""Numbers of JSON5, Python and spreadsheets are read exactly, and other texts are none."""

from __future__ import annotations

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import json_text
from structgen.parsing.tolerant.number_literal import (
    GROUPED_NUMBER,
    NUMBER,
    read_grouped_number,
    read_number,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SIGNS = st.sampled_from(["", "+", "-"])
AROUND = st.sampled_from(
    ["", ",", "]", "}", ")", " ", "\n", ": 1", ";", "/* c */", "// c", "#", '"', "%", "€"]
)


def exactly(value: object) -> tuple[type, str]:
    """Return what is equal only for equal numbers of one type, with the sign of zero."""
    return type(value), repr(value)


@given(st.integers() | FLOATS)
def test_json_numbers_read_as_json_reads_them(number: float) -> None:
    """A number of JSON has the value and the type that JSON gives it."""
    literal = json.dumps(number)
    assert exactly(read_number(literal)) == exactly(number)
    assert exactly(read_number(literal.replace("e", "E"))) == exactly(number)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?", fullmatch=True))
def test_literals_of_json_read_as_json_reads_them(literal: str) -> None:
    """Every way in which JSON writes a number is read; but for one that rounds to zero."""
    assert exactly(read_number(literal)) == exactly(json.loads(literal))


@given(st.integers(min_value=0), SIGNS)
def test_json5_integers_read_exactly(number: int, sign: str) -> None:
    """Signs, hexadecimal digits of either case, a final point, and groups with `_` keep every digit."""
    value = -number if sign == "-" else number
    assert read_number(f"{sign}{number}") == value
    assert read_number(f"{sign}0x{number:x}") == read_number(f"{sign}0X{number:X}") == value
    assert read_number(f"{sign}{number:_}") == value
    assert exactly(read_number(f"{sign}{number % 10**15}.")) == exactly(
        float(value % 10**15) if sign != "-" else -float(number % 10**15)
    )


@given(st.integers(0, 10**12), SIGNS)
def test_a_fraction_needs_no_digit_before_its_point(digits: int, sign: str) -> None:
    """`.5` is a half, with every sign and exponent."""
    for exponent in ("", "e3", "E+3", "e-3"):
        literal = f"{sign}.{digits:012}{exponent}"
        assert exactly(read_number(literal)) == exactly(float(literal))


@given(st.integers(min_value=1000) | st.floats(1000, 1e15), SIGNS)
def test_grouped_numbers_read_exactly(number: float, sign: str) -> None:
    """Commas between groups of three digits are left out."""
    literal = f"{sign}{number:,}" if isinstance(number, int) else f"{sign}{number:,.2f}"
    assert exactly(read_grouped_number(literal)) == exactly(read_number(literal.replace(",", "")))
    assert read_grouped_number(literal) is not None
    assert read_number(literal) is None
    match = GROUPED_NUMBER.match(f"[{literal}, 2]", 1)
    assert match is not None
    assert match[0] == literal


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("+1", 1),
        (".5", 0.5),
        ("5.", 5.0),
        ("0x1F", 31),
        ("-0xA", -10),
        ("1_000", 1000),
        ("1_000_000.5", 1000000.5),
        ("1e5", 1e5),
        ("1E+5", 1e5),
        ("-.5e-2", -0.005),
        ("5.e2", 500.0),
        ("0", 0),
        ("-0.0", -0.0),
        ("0e999999", 0.0),
        ("0x" + "0" * 9_999 + "7", 7),
    ],
)
def test_literals_of_other_languages_are_numbers(literal: str, value: float) -> None:
    """JSON5's and Python's literals are read."""
    assert exactly(read_number(literal)) == exactly(value)


@pytest.mark.parametrize(
    "literal",
    [
        "", "+", "-", ".", "e5", "1e", "1e+", "--1", "+-1", "- 1", " 1", "1 ", "1\n", "0x", "0xG", "0x1.5", "1.2.3",
        "007", "-01", "00", "01234", "00.5", "0_1", "1_0", "1_0000", "1000_000", "1_000_", "_100", "1__000", "1,000",
        "1e999", "-1e400", "1e-999", "9" * 4301, "0x" + "f" * 4000, "Infinity", "-Infinity", "NaN", "١٢", "²", "1f",
        "12px", "0b1", "1/2", "50%", "1j",
    ],
)  # fmt: skip
def test_other_texts_are_no_numbers(literal: str) -> None:
    """Leading zeros, uneven groups, words, and numbers that JSON cannot represent are texts."""
    assert read_number(literal) is None


@pytest.mark.parametrize(
    "literal",
    [
        "1000",
        "1,00",
        "1,0000",
        "0,123",
        "01,234",
        "1,234,56",
        "1234,567",
        ",123",
        "1,234,",
        "1,234e5",
        "1,234.",
        "1 234",
    ],
)
def test_uneven_groups_are_no_numbers(literal: str) -> None:
    """Only exact groups of three digits are thousands."""
    assert read_grouped_number(literal) is None


@given(st.integers() | FLOATS, AROUND)
def test_a_number_is_matched_in_a_text(number: float, after: str) -> None:
    """A number is matched to its end, where what follows is no part of a word."""
    literal = json.dumps(number)
    match = NUMBER.match(f"[{literal}{after}", 1)
    assert match is not None
    assert match[0] == literal


@pytest.mark.parametrize(
    "text", ["12px", "1.2.3", "2024-01-01", "1-2", "0x1Fg", "1e5x", "5..", "007", "1_00", "-x", "3rd"]
)
def test_the_start_of_a_word_is_not_matched(text: str) -> None:
    """No number is matched where it would end within a word, a date or a version."""
    assert NUMBER.match(text) is None


@pytest.mark.parametrize("text", ["1,234,5", "1,2345", "1,234-5", "100, 200", "1,234x"])
def test_the_start_of_a_list_is_not_matched_as_a_group(text: str) -> None:
    """No grouped number is matched where more digits show that its commas separate."""
    assert GROUPED_NUMBER.match(text) is None


@given(st.text(alphabet="0123456789+-.,_eExXaf \u0661"))
def test_every_number_is_one_of_json(literal: str) -> None:
    """What is read can be written as JSON, reads back alike, and is matched as a whole."""
    for value, pattern in ((read_number(literal), NUMBER), (read_grouped_number(literal), GROUPED_NUMBER)):
        if value is None:
            continue
        assert math.isfinite(value)
        assert json_text.loads(json_text.dumps(value)) == value
        match = pattern.match(literal)
        assert match is not None
        assert match[0] == literal


@pytest.mark.parametrize("piece", ["1", "1_000", ",123", "0x1", ".1", "0", "e1", "_123"])
def test_long_texts_of_digits_take_linear_time(piece: str) -> None:
    """A million characters that could be a number are matched within a second, or not at all."""
    text, started = "1" + piece * (1_000_000 // len(piece)), time.perf_counter()
    for end in ("", "x", "_"):
        NUMBER.match(text + end)
        GROUPED_NUMBER.match(text + end)
        read_number(text + end)
        read_grouped_number(text + end)
    assert time.perf_counter() - started < 5
