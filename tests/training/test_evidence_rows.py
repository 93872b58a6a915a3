"""Rows for the score: documents of our own keep their values, and wrong answers are wrong."""

from __future__ import annotations

from random import Random

import pytest

from structgen.evidence.alignment import align
from training.evidence_answers import GoldDocument, documents, noisy
from training.evidence_errors import ERRORS, answers, places

GOLD = {"seller": "Blue Harbour Tools", "date": "2024-05-03", "total": 59.5, "paid": True, "note": None}
DOCUMENT = GoldDocument("letter", "Seller: Blue Harbour Tools, May 3. Total due 59.50, paid.", None, GOLD)


def test_a_number_always_gives_the_same_document() -> None:
    """Rows can be drawn again."""
    assert list(documents(7, 8)) == list(documents(7, 8))


def test_noise_keeps_the_values() -> None:
    """A scanner's errors change labels only."""
    texts = {noisy(DOCUMENT, Random(seed)).text for seed in range(20)}
    assert len(texts) > 10
    assert all("Blue Harbour Tools" in text and "59.50" in text for text in texts)


@pytest.mark.parametrize("kind", ERRORS)
def test_each_kind_of_error_changes_most_values(kind: str) -> None:
    """A mistake gives another value, by chance now and then the same one."""
    changed = [
        ERRORS[kind](place, Random(seed)) != place.value
        for seed in range(20)
        for place in places(GOLD, DOCUMENT.text)
    ]
    assert sum(changed) > 0.6 * len(changed)


def test_answers_have_right_and_wrong_leaves() -> None:
    """Systems differ in how often they err."""
    shares = set()
    for seed in range(10):
        for answer in answers(DOCUMENT, Random(seed)).values():
            pairs = align(GOLD, answer)
            shares.add(sum(pair.is_right for pair in pairs) / len(pairs))
    assert len(shares) > 3
    assert min(shares) < 0.7
