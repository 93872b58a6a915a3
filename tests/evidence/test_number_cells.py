"""A number in a cell has one reading: nothing that stands around it can change its sign or its power."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.grounding.numbers_cells import Cells
from structgen.evidence.grounding.numbers_context import readings
from structgen.evidence.grounding.numbers_scales import Scales
from structgen.evidence.grounding.numbers_separators import Power

_PIECES = [
    " ", "  ", "\t", "\u00a0", ":", "=", "|", ";", ",", ".", "-", "+", "(", ")", "$", "€", "%", "7", "12", "x", "×10",
    "minus", "negative", "CR", "DR", "million", "k", "USD", "Rs.", "▲", "total", "/", "'", '"', "#",
]  # fmt: skip
_around = st.lists(st.sampled_from(_PIECES), max_size=6).map("".join)
_SCALES = Scales((), False)


@settings(deadline=None)
@given(_around, st.sampled_from(["5", "120", "1,234.50", "0.5", "05"]), _around)
def test_a_cell_has_one_reading(before: str, digits: str, after: str) -> None:
    """Whatever the cell finder takes for a cell is read as the bare number."""
    text, start = before + digits + after, len(before)
    end = start + len(digits)
    if Cells(text).is_cell(start, end):
        found = list(readings(text, start, end, [Power(0, 0.1)], _SCALES))
        assert found == [(0, False, start, end, 0.1)]


@settings(deadline=None)
@given(_around, _around, st.integers(0, 8))
def test_what_was_read_before_does_not_change_what_is_a_cell(before: str, after: str, repeats: int) -> None:
    """The finder keeps what it read by the characters around, and says the same with and without that."""
    text = (before + "5" + after) * (repeats + 1)
    starts = [at for at, character in enumerate(text) if character == "5"]
    kept = Cells(text)
    assert [kept.is_cell(at, at + 1) for at in starts] == [Cells(text).is_cell(at, at + 1) for at in starts]


@pytest.mark.parametrize("text", ["5", "5\n", "\t5\t", "1 5 7", "total: 5\n", "a   5  b", "amount | 5\n"])
def test_cells_and_values_behind_labels_are_cells(text: str) -> None:
    """Line ends, tabs, gaps, digits and the end of a label stand around a cell."""
    assert Cells("some text\n" + text).is_cell(10 + text.index("5"), 11 + text.index("5"))


@pytest.mark.parametrize(
    "text", ["- 5\n", "(  5  )", "minus 5\n", "5 %", "5 million", "$ 5\n", "5kg", "05\n"]
)
def test_what_a_sign_or_scale_may_change_is_no_cell(text: str) -> None:
    """Signs, brackets, words, scales and leading zeros have to be read."""
    start = text.index("05") if "05" in text else text.index("5")
    end = start + (2 if "05" in text else 1)
    assert not Cells("some text\n" + text).is_cell(10 + start, 10 + end)
