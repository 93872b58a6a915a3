"""Scalars are equal exactly, but for notation, or as numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.comparison import is_empty, key, level

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


@pytest.mark.parametrize(
    ("gold", "answer", "expected"),
    [
        ("a", "a", "exact"),
        (1, 1.0, "exact"),
        (True, 1, "different"),
        ("Masonry Veneer", "masonry-veneer", "normalised"),
        ("ＡＢＣ １", "abc1", "normalised"),
        ("2020-03-30", "30 March 2020", "normalised"),
        ("2020-03-30", "30.03.2020", "normalised"),
        ("2020-03-30", "2020-03-31", "different"),
        (1000, "1,000.00", "normalised"),
        (0.1234561, 0.1234562, "normalised"),
        (0.12345, 0.12346, "different"),
        (10**30, 10**30 + 1, "different"),
        (None, " ", "normalised"),
        (None, 0, "different"),
        (False, None, "different"),
        (True, "true", "normalised"),
        ("1.5 m", "15 m", "different"),
        ("1.5 m", "1.5m", "normalised"),
        ("-5 °C", "5 °C", "different"),
        ("−5", "-5", "normalised"),
        ("00123", "123", "numeric"),
        (1234.5, "$1,234.50", "numeric"),
        ("12%", "12", "normalised"),
        ("costs 12 dollars", 12, "numeric"),
        ("two 3 and 4", 3, "different"),
        ("---", "...", "different"),
        ("हिन्दी", "हनद", "different"),
    ],
)
def test_two_scalars_are_equal_up_to_a_level(gold: Any, answer: Any, expected: str) -> None:
    """The strictest level that holds, in both directions."""
    assert level(gold, answer) == expected
    assert level(answer, gold) == expected


@given(SCALARS, SCALARS)
def test_levels_are_symmetrical(left: Any, right: Any) -> None:
    """Which of the two is gold makes no difference, and every scalar equals itself exactly."""
    assert level(left, right) == level(right, left)
    assert level(left, left) == "exact"


@given(st.text(alphabet="aBc1 .-_é", max_size=12))
def test_space_and_case_make_no_difference(text: str) -> None:
    """White space around a text and its case are notation."""
    assert key(f" {text.upper()} ") == key(text)
    assert (key(text) == "") == is_empty(text)
