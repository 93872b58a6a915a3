"""Sum an evaluation up: by field, by kind of error, and by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.evaluation.field_summary import FieldSummary
from structgen.evidence.evaluation.lists import ListSummary
from structgen.evidence.evaluation.scores import ScoreSummary, score_summary


@dataclass(frozen=True)
class Evaluation:
    """The documents of one run over a data set."""

    name: str
    documents: tuple[EvaluatedDocument, ...]
    run: Mapping[str, Any] = field(default_factory=dict)
    """What made the answers: `models`, `schemas`, `prompts`, `options`, `thresholds` of a `calibration`."""

    def fields(self) -> list[FieldSummary]:
        """Return the fields in the order in which they appear first."""
        by_field: dict[str, FieldSummary] = {}
        for document in self.documents:
            for leaf in document.counted:
                by_field.setdefault(leaf.field, FieldSummary(leaf.field)).add(leaf, document.id)
        return list(by_field.values())

    def total(self) -> FieldSummary:
        """Return all leaves as one field, named `*`."""
        total = FieldSummary("*")
        for document in self.documents:
            for leaf in document.counted:
                total.add(leaf, document.id)
        return total

    def lists(self) -> list[ListSummary]:
        """Return the rows of the lists in the order in which the lists appear first."""
        by_field: dict[str, ListSummary] = {}
        for document in self.documents:
            for each in document.lists:
                by_field.setdefault(each.field, ListSummary(each.field)).add(each)
        return list(by_field.values())

    def scores(self) -> ScoreSummary | None:
        """Return how sure the values were said to be; None for evidence without scores."""
        calibration = self.run.get("calibration")
        thresholds = calibration.get("thresholds") if isinstance(calibration, Mapping) else None
        return score_summary(self.documents, thresholds)

    @property
    def macro(self) -> float:
        """The mean over the documents of the share of leaves that are right."""
        shares = [document.share_right for document in self.documents]
        return sum(shares) / len(shares) if shares else 1.0

    def worst(self) -> list[EvaluatedDocument]:
        """Return the documents, those with the most errors by share first; of equal ones the larger first."""
        return sorted(self.documents, key=lambda each: (each.share_right, -len(each.counted)))

    def to_json(self) -> dict[str, Any]:
        """Return the summary: totals, fields, and the documents, the worst first."""
        scores = self.scores()
        return {
            "name": self.name,
            "documents": len(self.documents),
            "without_object": sum(document.problem is not None for document in self.documents),
            "macro": round(self.macro, 4),
            "total": self.total().to_json(),
            "fields": [each.to_json() for each in self.fields()],
            "lists": [each.to_json() for each in self.lists()],
            "scores": None if scores is None else scores.to_json(),
            "worst": [
                {
                    "id": document.id,
                    "share_right": round(document.share_right, 4),
                    "errors": errors_of(document),
                }
                for document in self.worst()
            ],
        }


def errors_of(document: EvaluatedDocument) -> Sequence[dict[str, Any]]:
    """Return the wrong leaves of a document in the order of its gold object."""
    return [
        {
            "field": leaf.field,
            "error": leaf.error,
            "gold": leaf.gold,
            "answer": leaf.answer,
            "gold_pointer": leaf.gold_pointer,
            "answer_pointer": leaf.answer_pointer,
        }
        for leaf in document.leaves
        if leaf.error is not None
    ]
