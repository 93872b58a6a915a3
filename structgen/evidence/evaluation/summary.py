"""Sum an evaluation up: by field, by kind of error, and by document."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from structgen.evidence.evaluation.documents import EvaluatedDocument, EvaluatedLeaf
from structgen.evidence.evaluation.error_kinds import ErrorKind
from structgen.evidence.statistics import wilson


@dataclass
class FieldSummary:
    """The leaves of one field over all documents."""

    field: str
    exact: int = 0
    normalised: int = 0
    """Right but not exact."""
    errors: Counter[ErrorKind] = dataclasses.field(default_factory=Counter)

    def add(self, leaf: EvaluatedLeaf) -> None:
        """Count a leaf."""
        if leaf.error is not None:
            self.errors[leaf.error] += 1
        elif leaf.level == "exact":
            self.exact += 1
        else:
            self.normalised += 1

    @property
    def right(self) -> int:
        """The number of leaves that are right."""
        return self.exact + self.normalised

    @property
    def count(self) -> int:
        """The number of leaves."""
        return self.right + self.errors.total()

    @property
    def share_right(self) -> float:
        """The share of the leaves that are right."""
        return self.right / self.count if self.count else 1.0

    @property
    def precision(self) -> float | None:
        """The share of the answer's values that are right; None for no values."""
        given = self.count - self.errors["missing"]
        return self.right / given if given else None

    @property
    def recall(self) -> float | None:
        """The share of the gold values that are there and right; None for no values."""
        wanted = self.count - self.errors["invented"]
        return self.right / wanted if wanted else None

    def to_json(self) -> dict[str, Any]:
        """Return the counts and shares."""
        low, high = wilson(self.right, self.count)
        return {
            "field": self.field,
            "count": self.count,
            "exact": self.exact,
            "normalised": self.normalised,
            "errors": dict(sorted(self.errors.items())),
            "share_right": round(self.share_right, 4),
            "interval": [round(low, 4), round(high, 4)],
            "precision": None if self.precision is None else round(self.precision, 4),
            "recall": None if self.recall is None else round(self.recall, 4),
        }


@dataclass(frozen=True)
class Evaluation:
    """The documents of one run over a data set."""

    name: str
    documents: tuple[EvaluatedDocument, ...]

    def fields(self) -> list[FieldSummary]:
        """Return the fields in the order in which they appear first."""
        by_field: dict[str, FieldSummary] = {}
        for document in self.documents:
            for leaf in document.counted:
                by_field.setdefault(leaf.field, FieldSummary(leaf.field)).add(leaf)
        return list(by_field.values())

    def total(self) -> FieldSummary:
        """Return all leaves as one field, named `*`."""
        total = FieldSummary("*")
        for document in self.documents:
            for leaf in document.counted:
                total.add(leaf)
        return total

    @property
    def macro(self) -> float:
        """The mean over the documents of the share of leaves that are right."""
        shares = [document.share_right for document in self.documents]
        return sum(shares) / len(shares) if shares else 1.0

    def worst(self) -> list[EvaluatedDocument]:
        """Return the documents, those with most errors by share first."""
        return sorted(self.documents, key=lambda document: document.share_right)

    def to_json(self) -> dict[str, Any]:
        """Return the summary: totals, fields, and the documents, the worst first."""
        return {
            "name": self.name,
            "documents": len(self.documents),
            "without_object": sum(document.problem is not None for document in self.documents),
            "macro": round(self.macro, 4),
            "total": self.total().to_json(),
            "fields": [each.to_json() for each in self.fields()],
            "worst": [
                {
                    "id": document.id,
                    "share_right": round(document.share_right, 4),
                    "errors": _errors(document),
                }
                for document in self.worst()
            ],
        }


def _errors(document: EvaluatedDocument) -> Sequence[dict[str, Any]]:
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
