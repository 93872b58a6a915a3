"""How well the scores of an evaluation's leaves tell right values from wrong ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.statistics import auroc, coverage, ece, ece_by_chance

PRECISION_NAMES = ("0.99", "0.995")
"""Precisions that a calibration has thresholds for."""
PRECISION = 0.99
"""Share of the values without a review that should be right."""


@dataclass(frozen=True)
class ScoreSummary:
    """The scores, or the confidences where all leaves have one, and whether each value is right."""

    member: Literal["score", "confidence"]
    scores: Sequence[float]
    labels: Sequence[bool]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """The least confidence that needs no review, by the precision of the rest, as a calibration has it."""

    def accepted(self) -> list[dict[str, Any]]:
        """Return what each threshold makes of the values: the share to review, and what is right of the rest.

        The threshold comes from other documents, so the share tells whether it keeps its promise here.
        """
        members = []
        for precision, least in self.thresholds.items():
            kept = [label for score, label in zip(self.scores, self.labels, strict=True) if score >= least]
            members.append({
                "precision": float(precision),
                "threshold": least,
                "review": round(1 - len(kept) / len(self.labels), 4),
                "right": round(sum(kept) / len(kept), 4) if kept else None,
            })  # fmt: skip
        return members

    def to_json(self) -> dict[str, Any]:
        """Return the number of values, AUROC and ECE, and the share to review for 99% right in the rest."""
        ranking, error = auroc(self.scores, self.labels), ece(self.scores, self.labels)
        chance = ece_by_chance(self.scores)
        without_review = coverage(self.scores, self.labels, PRECISION)
        return {
            "member": self.member,
            "count": len(self.labels),
            "auroc": None if ranking is None else round(ranking, 4),
            "ece": None if error is None else round(error, 4),
            "ece_by_chance": None if chance is None else round(chance, 4),
            "review": round(without_review.review, 4),
            "thresholds": self.accepted(),
        }


def score_summary(documents: Iterable[EvaluatedDocument], thresholds: Any = None) -> ScoreSummary | None:
    """Return the scores of the values that answers have; None where no evidence has a score.

    The thresholds are those of the calibration that gave the confidences; anything but numbers by the names
    of precisions is left out.
    """
    known = []
    for document in documents:
        for leaf in document.counted:
            if leaf.answer_pointer is None or leaf.error == "missing":
                continue
            proof = document.evidence.get(leaf.answer_pointer)
            if proof is not None and (proof.score is not None or proof.confidence is not None):
                known.append((proof, leaf.is_right))
    if not known:
        return None
    labels = [is_right for _, is_right in known]
    confidences = [proof.confidence for proof, _ in known if proof.confidence is not None]
    if len(confidences) == len(known):
        return ScoreSummary("confidence", confidences, labels, _numbers(thresholds))
    with_score = [(proof.score, is_right) for proof, is_right in known if proof.score is not None]
    return ScoreSummary("score", [score for score, _ in with_score], [label for _, label in with_score])


def _numbers(given: Any) -> dict[str, float]:
    if not isinstance(given, Mapping):
        return {}
    return {
        name: float(least)
        for name, least in given.items()
        if name in PRECISION_NAMES and isinstance(least, int | float)
    }
