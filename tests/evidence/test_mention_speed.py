"""Numbers and dates are read in time linear in the text."""

from __future__ import annotations

from time import process_time

import pytest

from structgen.evidence.grounding.dates import DateFinder
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.numbers import NumberFinder

LENGTH, FACTOR = 2_000, 8
PIECES = [
    "1", "0", "1,", "1.", "1/", "1-", "1:", "1 ", "1 , ", " 111", "1,111", "(1", "-1", "- ", "$", "(", "½", "1/2 ", "I",
    "IV ", "a", "a-", "one ", "hundred ", "quatre-", "quatre-vingt ", "two-thirds ", "March ", "1 March ", "March 1-", "Mar 21 ", "2021-", "1月", "年",
    "1 hour ", "3pm ", "15:00 ", "2021-03-05 ", "1,2 3,4",
]  # fmt: skip


def cost(text: str) -> float:
    """Return the seconds of finding a number, a date, a time, and a duration."""
    best = float("inf")
    for _ in range(2):
        began = process_time()
        numbers, dates = NumberFinder(text), DateFinder(text)
        for value in (1, 11.1, 111.25, -1, 0.5, "one"):
            numbers.places(Leaf((), value), 9)
        for spelling in ("2021-03-05", "2021-03", "15:00", "2021-03-05T15:00:00", "PT1H"):
            dates.places(Leaf((), spelling), 9)
        best = min(best, process_time() - began)
    return best


@pytest.mark.parametrize("piece", PIECES)
def test_long_runs_of_one_piece_are_read_in_linear_time(piece: str) -> None:
    """Eight times the text takes about eight times the time, and never 64 times."""
    short, long = (cost(piece * (length // len(piece))) for length in (LENGTH, LENGTH * FACTOR))
    assert long < 0.05 + 3 * FACTOR * short
