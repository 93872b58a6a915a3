"""How well scores tell right values from wrong ones: ranking, calibration, and how many to review.

`scores` are numbers, `labels` tell whether each value is right; both have the same length.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Z_95 = 1.959963984540054
"""Standard deviations around the mean that hold 95% of a normal distribution."""
Bins = Literal["equal_width", "equal_mass"]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Values whose scores lie in one range: how many, their mean score, and the share that is right."""

    low: float
    high: float
    count: int
    mean_score: float
    share_right: float
    interval: tuple[float, float]
    """The Wilson interval of the share, at 95%."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of the values that need no review, where those above a threshold are right often enough."""

    precision: float
    threshold: float | None
    """Lowest score that needs no review; None where no threshold reaches the precision."""
    share: float
    """Share of all values at or above the threshold."""
    right: float | None
    """Share of those that is right; None for none."""

    @property
    def review(self) -> float:
        """The share of the values that a person looks at."""
        return 1 - self.share


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Return the probability that a right value has a higher score than a wrong one; a tie counts half.

    None where all values are right or all are wrong.
    """
    _check(scores, labels)
    right = sum(map(bool, labels))
    wrong = len(labels) - right
    if not right or not wrong:
        return None
    wins, wrong_below = 0.0, 0
    for _, group in groupby(sorted(zip(scores, labels, strict=True)), key=lambda pair: pair[0]):
        tied = [bool(label) for _, label in group]
        right_here = sum(tied)
        wrong_here = len(tied) - right_here
        wins += right_here * (wrong_below + wrong_here / 2)
        wrong_below += wrong_here
    return wins / (right * wrong)


def brier(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Return the mean squared difference of the scores from 1 for right and 0 for wrong; None for none."""
    _check(scores, labels)
    if not labels:
        return None
    return math.fsum((s - bool(label)) ** 2 for s, label in zip(scores, labels, strict=True)) / len(labels)


def ece(
    scores: Sequence[float], labels: Sequence[bool], count: int = 10, bins: Bins = "equal_width"
) -> float | None:
    """Return the expected calibration error: the mean, by mass, of what bins claim and what is right.

    Each bin claims the mean of its scores, not its middle. None for no values.
    """
    filled = reliability(scores, labels, count, bins)
    if not filled:
        return None
    errors = (bin_.count * abs(bin_.mean_score - bin_.share_right) for bin_ in filled)
    return math.fsum(errors) / len(labels)


def ece_by_chance(scores: Sequence[float], count: int = 10) -> float | None:
    """Return the `ece` of bins of equal width that right probabilities have on average; None for no values.

    A bin of few values differs from what it claims even if each value is right as often as its score says:
    an `ece` near this one tells of no fault. Values count as independent of one another.
    """
    if not scores:
        return None
    variances: dict[int, float] = {}
    for score in scores:
        number = min(max(int(score * count), 0), count - 1)
        variances[number] = variances.get(number, 0.0) + score * (1 - score)
    # The mean of the absolute value of a normal variable.
    return math.fsum(math.sqrt(2 / math.pi * each) for each in variances.values()) / len(scores)


def reliability(
    scores: Sequence[float], labels: Sequence[bool], count: int = 10, bins: Bins = "equal_width"
) -> list[ReliabilityBin]:
    """Return the bins that hold values, from the lowest scores to the highest.

    `equal_width` divides 0 to 1, `equal_mass` the values; equal scores are never divided, so that there may
    be fewer bins.
    """
    _check(scores, labels)
    ordered = sorted(zip(scores, map(bool, labels), strict=True), key=lambda pair: pair[0])
    width = 1 / count
    grouped: dict[int, list[tuple[float, bool]]] = {}
    seen = 0
    for score, group in groupby(ordered, key=lambda pair: pair[0]):
        members = list(group)
        number = int(score * count) if bins == "equal_width" else seen * count // len(ordered)
        grouped.setdefault(min(max(number, 0), count - 1), []).extend(members)
        seen += len(members)
    return [
        _bin(members, (number * width, (number + 1) * width) if bins == "equal_width" else None)
        for number, members in grouped.items()
    ]


def _bin(members: list[tuple[float, bool]], limits: tuple[float, float] | None) -> ReliabilityBin:
    low, high = limits or (members[0][0], members[-1][0])
    right = sum(label for _, label in members)
    return ReliabilityBin(
        low,
        high,
        len(members),
        math.fsum(score for score, _ in members) / len(members),
        right / len(members),
        wilson(right, len(members)),
    )


def wilson(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Return the Wilson interval of a share; 0 to 1 where there are no trials."""
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes of {trials} trials")
    if not trials:
        return 0.0, 1.0
    low, high = _wilson(successes / trials, trials, z)
    return (0.0 if successes == 0 else low), (1.0 if successes == trials else high)


def _wilson(share: float, trials: float, z: float) -> tuple[float, float]:
    square = z * z
    middle = share + square / (2 * trials)
    margin = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    return max(0.0, (middle - margin) / scale), min(1.0, (middle + margin) / scale)


def clustered_wilson(groups: Sequence[tuple[int, int]], z: float = Z_95) -> tuple[float, float]:
    """Return the interval of a share whose trials come in groups, each with its successes and its trials.

    Trials of one document are alike, and tell less than independent ones. The Wilson interval is that of the
    number of independent trials that would vary as the shares of the groups do (Kish's design effect), with
    Student's quantile for few groups. Where all trials succeed, or none, groups tell nothing of the variance.
    """
    filled = [(successes, trials) for successes, trials in groups if trials]
    right, total, size = sum(r for r, _ in filled), sum(n for _, n in filled), len(filled)
    if size < 2 or right in (0, total):
        return wilson(right, total, z)
    share = right / total
    spread = math.fsum((r - share * n) ** 2 for r, n in filled) * size / (size - 1)
    effect = max(1.0, spread / (share * (1 - share) * total))
    return _wilson(share, total / effect, _student(z, size - 1))


def _student(z: float, freedom: int) -> float:
    """Return Student's quantile near a normal one, by its expansion in the inverse degrees of freedom."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def coverage(scores: Sequence[float], labels: Sequence[bool], precision: float) -> Coverage:
    """Return the largest share of values, those of the highest scores, of which enough are right.

    Equal scores are accepted together or not at all.
    """
    _check(scores, labels)
    ordered = sorted(zip(scores, map(bool, labels), strict=True), key=lambda pair: -pair[0])
    best, accepted, right = Coverage(precision, None, 0.0, None), 0, 0
    for score, group in groupby(ordered, key=lambda pair: pair[0]):
        tied = [label for _, label in group]
        accepted += len(tied)
        right += sum(tied)
        if right >= precision * accepted - 1e-9:
            best = Coverage(precision, score, accepted / len(ordered), right / accepted)
    return best


def _check(scores: Sequence[float], labels: Sequence[bool]) -> None:
    if len(scores) != len(labels):
        raise ValueError(f"{len(scores)} scores for {len(labels)} labels")
