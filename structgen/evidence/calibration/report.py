"""The report of a calibration: how it ranks, how well it is calibrated, and how many values to review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from structgen.evidence.calibration.observations import Observation
from structgen.evidence.statistics import (
    Coverage,
    ReliabilityBin,
    auroc,
    brier,
    clustered_wilson,
    coverage,
    ece,
    ece_by_chance,
    reliability,
)

MIN_AUROC, MIN_BINS, MIN_COUNT = 0.6, 3, 100
"""Below one of these, a calibration cannot rank."""
PRECISIONS = (0.99, 0.995)
"""Shares of right values among those that need no review."""


@dataclass(frozen=True)
class FieldReport:
    """The values of one field."""

    field: str
    count: int
    share_right: float
    interval: tuple[float, float]
    auroc: float | None


@dataclass(frozen=True)
class CalibrationReport:
    """What confidences that were given to unseen documents are worth."""

    count: int
    documents: int
    share_right: float
    interval: tuple[float, float]
    """The interval of the share, at 95%, where the values of a document are alike."""
    auroc: float | None
    auroc_of_score: float | None
    """That of the score before the calibration."""
    ece: float
    ece_by_chance: float
    """The ECE that the same confidences would have on average if they were right probabilities."""
    ece_equal_mass: float
    brier: float
    bins: tuple[ReliabilityBin, ...]
    coverage: tuple[Coverage, ...]
    reasons: tuple[str, ...]
    """Why it cannot rank; empty where it can."""
    fields: tuple[FieldReport, ...]

    @property
    def ranks(self) -> bool:
        """Whether it tells right values from wrong ones."""
        return not self.reasons

    @property
    def verdict(self) -> str:
        """What the report says in a sentence."""
        if not self.ranks:
            return f"cannot rank: {'; '.join(self.reasons)}"
        said = [
            f"review {each.review:.0%} of the fields to be right in {each.precision * 100:g}% of the rest"
            for each in self.coverage
            if each.threshold is not None
        ]
        return "; ".join(said) or "ranks, but no part of the fields is right often enough without review"

    def to_json(self) -> dict[str, Any]:
        """Return the report as it is printed and sent."""
        body = asdict(self)
        body["bins"] = [asdict(each) for each in self.bins]
        body["coverage"] = [{**asdict(each), "review": each.review} for each in self.coverage]
        return {"verdict": self.verdict, "ranks": self.ranks, **body}


def report(among: Sequence[Observation], confidences: Sequence[float]) -> CalibrationReport:
    """Measure confidences that were given to observations by calibrations that had not seen them."""
    labels = [each.is_right for each in among]
    bins = reliability(confidences, labels)
    area = auroc(confidences, labels)
    return CalibrationReport(
        len(among),
        len({each.document for each in among}),
        sum(labels) / len(labels),
        clustered_wilson(_by_document(among)),
        area,
        auroc([each.score for each in among], labels),
        ece(confidences, labels) or 0.0,
        ece_by_chance(confidences) or 0.0,
        ece(confidences, labels, bins="equal_mass") or 0.0,
        brier(confidences, labels) or 0.0,
        tuple(bins),
        tuple(coverage(confidences, labels, precision) for precision in PRECISIONS),
        tuple(_reasons(len(among), area, len(bins))),
        tuple(_fields(among, confidences)),
    )


def _reasons(count: int, area: float | None, filled: int) -> list[str]:
    reasons = []
    if count < MIN_COUNT:
        reasons.append(f"{count} leaves, at least {MIN_COUNT} are needed")
    if area is None:
        reasons.append("all leaves are right, or all are wrong")
    elif area < MIN_AUROC:
        reasons.append(f"AUROC {area:.3f} is below {MIN_AUROC}")
    if filled < MIN_BINS:
        reasons.append(f"the confidences fill {filled} of 10 bins, at least {MIN_BINS} are needed")
    return reasons


def _fields(among: Sequence[Observation], confidences: Sequence[float]) -> list[FieldReport]:
    groups: dict[str, list[int]] = {}
    for index, each in enumerate(among):
        groups.setdefault(each.field, []).append(index)
    reports = []
    for name, members in groups.items():
        labels = [among[i].is_right for i in members]
        area = auroc([confidences[i] for i in members], labels)
        interval = clustered_wilson(_by_document([among[i] for i in members]))
        shares = sum(labels) / len(labels), interval
        reports.append(FieldReport(name, len(labels), *shares, area))
    return reports


def _by_document(among: Sequence[Observation]) -> list[tuple[int, int]]:
    """Return the right leaves, and all leaves, of each document."""
    groups: dict[int, tuple[int, int]] = {}
    for each in among:
        right, count = groups.get(each.document, (0, 0))
        groups[each.document] = right + each.is_right, count + 1
    return list(groups.values())
