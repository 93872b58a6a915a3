"""How well the scores of an evaluation's leaves tell right values from wrong ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.statistics import auroc, coverage, ece

PRECISION = 0.99
"""Share of the values without a review that should be right."""


@dataclass(frozen=True)
class ScoreSummary:
    """The scores, or the confidences where all leaves have one, and whether each value is right."""

    member: Literal["score", "confidence"]
    scores: Sequence[float]
    labels: Sequence[bool]

    def to_json(self) -> dict[str, Any]:
        """Return the number of values, AUROC and ECE, and the share to review for 99% right in the rest."""
        ranking, error = auroc(self.scores, self.labels), ece(self.scores, self.labels)
        without_review = coverage(self.scores, self.labels, PRECISION)
        return {
            "member": self.member,
            "count": len(self.labels),
            "auroc": None if ranking is None else round(ranking, 4),
            "ece": None if error is None else round(error, 4),
            "review": round(without_review.review, 4),
        }


def score_summary(documents: Iterable[EvaluatedDocument]) -> ScoreSummary | None:
    """Return the scores of the values that answers have; None where no evidence has a score."""
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
        return ScoreSummary("confidence", confidences, labels)
    with_score = [(proof.score, is_right) for proof, is_right in known if proof.score is not None]
    return ScoreSummary("score", [score for score, _ in with_score], [label for _, label in with_score])
