"""Ranking, calibration and review are measured as the definitions say."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.statistics import (
    auroc,
    brier,
    clustered_wilson,
    coverage,
    ece,
    ece_by_chance,
    reliability,
    wilson,
)

SCORED = st.lists(st.tuples(st.sampled_from([i / 8 for i in range(9)]), st.booleans()), max_size=30)
Pairs = list[tuple[float, bool]]


def split(scored: Pairs) -> tuple[list[float], list[bool]]:
    return [score for score, _ in scored], [label for _, label in scored]


@given(SCORED)
def test_auroc_is_the_share_of_pairs_in_the_right_order(scored: Pairs) -> None:
    """Every pair of a right and a wrong value is compared; a tie counts half."""
    right = [score for score, label in scored if label]
    wrong = [score for score, label in scored if not label]
    pairs = [(r > w) + (r == w) / 2 for r, w in itertools.product(right, wrong)]
    expected = sum(pairs) / len(pairs) if pairs else None
    assert auroc(*split(scored)) == (None if expected is None else pytest.approx(expected))


@given(SCORED, st.sampled_from(["equal_width", "equal_mass"]), st.integers(1, 12))
def test_bins_hold_every_value_once(scored: Pairs, bins: str, count: int) -> None:
    """Bins come in order, none is empty, equal scores share one, and ECE is their mean by mass."""
    found = reliability(*split(scored), count, bins)  # type: ignore[arg-type]
    assert sum(bin_.count for bin_ in found) == len(scored)
    assert len(found) <= count
    assert all(a.high <= b.low + 1e-12 for a, b in itertools.pairwise(found))
    assert all(bin_.interval[0] <= bin_.share_right <= bin_.interval[1] for bin_ in found)
    assert all(bin_.low - 1e-12 <= bin_.mean_score <= bin_.high + 1e-12 for bin_ in found)
    error = ece(*split(scored), count, bins)  # type: ignore[arg-type]
    if scored:
        gaps = (bin_.count / len(scored) * abs(bin_.mean_score - bin_.share_right) for bin_ in found)
        assert error == pytest.approx(math.fsum(gaps))
    else:
        assert error is None


def test_equal_mass_bins_hold_as_many_values_each() -> None:
    """Values near each other are divided by their number, where bins of equal width see one bin."""
    scores = [0.9 + i / 1000 for i in range(40)]
    labels = [i % 2 == 0 for i in range(40)]
    assert [bin_.count for bin_ in reliability(scores, labels, 4, "equal_mass")] == [10, 10, 10, 10]
    assert [bin_.count for bin_ in reliability(scores, labels, 4)] == [40]


def test_known_errors_of_calibration() -> None:
    """Scores of 0.75 of which half are right are wrong by a quarter."""
    assert ece([0.75] * 4, [True, False] * 2) == 0.25
    assert brier([0.75] * 4, [True, False] * 2) == pytest.approx((0.0625 + 0.5625) / 2)
    assert brier([], []) is None
    assert ece([1.0, 0.0], [True, False]) == 0


@pytest.mark.parametrize("count", [60, 300, 3000])
def test_right_probabilities_have_an_error_by_chance(count: int) -> None:
    """Labels drawn with the probabilities that the scores say have this error on average."""
    dice = random.Random(count)
    scores = [dice.betavariate(0.7, 0.5) for _ in range(count)]
    drawn = [ece(scores, [dice.random() < score for score in scores]) or 0.0 for _ in range(200)]
    assert ece_by_chance(scores) == pytest.approx(sum(drawn) / 200, rel=0.08)


def test_certain_scores_have_no_error_by_chance() -> None:
    """Scores of 0 and 1 leave nothing to chance, and no scores have no error."""
    assert ece_by_chance([0.0, 1.0]) == 0
    assert ece_by_chance([]) is None


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (0, 0, 0, 1),
        (0, 10, 0, 0.2775),
        (10, 10, 0.7225, 1),
        (50, 100, 0.4038, 0.5962),
        (1, 2, 0.0945, 0.9055),
    ],
)
def test_wilson_intervals(successes: int, trials: int, low: float, high: float) -> None:
    """Known intervals at 95%."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("documents", [8, 40])
@pytest.mark.parametrize("alike", [False, True], ids=["independent", "alike"])
def test_intervals_of_documents_hold_the_share(documents: int, alike: bool) -> None:
    """They hold the true share in 95% of the draws, also where the twelve values of a document are alike."""
    dice, share, draws, held = random.Random(documents), 0.7, 600, 0
    for _ in range(draws):
        groups = []
        for _ in range(documents):
            own = dice.betavariate(2 * share, 2 * (1 - share)) if alike else share
            groups.append((sum(dice.random() < own for _ in range(12)), 12))
        low, high = clustered_wilson(groups)
        held += low <= share <= high
    assert 0.92 < held / draws < 0.99


@given(st.lists(st.integers(0, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=12))
def test_intervals_of_documents_are_never_narrower(groups: list[tuple[int, int]]) -> None:
    """They hold the share, and are as wide as those of independent values at the least."""
    right, total = sum(r for r, _ in groups), sum(n for _, n in groups)
    low, high = clustered_wilson(groups)
    plain = wilson(right, total)
    assert 0 <= low <= high <= 1
    assert total == 0 or low <= right / total <= high
    assert high - low >= plain[1] - plain[0] - 1e-9


def test_a_share_above_one_is_refused() -> None:
    """More successes than trials have no interval."""
    with pytest.raises(ValueError, match="3 successes of 2 trials"):
        wilson(3, 2)


@given(SCORED, st.sampled_from([0.5, 0.9, 1.0]))
def test_coverage_is_the_largest_share_that_is_right_often_enough(scored: Pairs, precision: float) -> None:
    """Every threshold is tried here; none accepts more values at that precision."""
    shares = [0.0]
    for threshold in {score for score, _ in scored}:
        accepted = [label for score, label in scored if score >= threshold]
        if sum(accepted) >= precision * len(accepted):
            shares.append(len(accepted) / len(scored))
    found = coverage(*split(scored), precision)
    assert found.share == max(shares)
    assert found.review == 1 - max(shares)
    if found.threshold is not None:
        assert found.right is not None
        assert found.right >= precision


def test_scores_and_labels_of_different_lengths_are_refused() -> None:
    """A missing label is a mistake of the caller."""
    with pytest.raises(ValueError, match="2 scores for 1 labels"):
        auroc([0.1, 0.2], [True])
