"""Count the leaves of one field: right, and wrong by kind of error."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import Any

from structgen.evidence.evaluation.documents import EvaluatedLeaf
from structgen.evidence.evaluation.error_kinds import ErrorKind
from structgen.evidence.statistics import clustered_wilson


@dataclass
class FieldSummary:
    """The leaves of one field over all documents."""

    field: str
    exact: int = 0
    normalised: int = 0
    """Right but not exact."""
    errors: Counter[ErrorKind] = dataclasses.field(default_factory=Counter)

    by_document: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)
    """Right leaves, and all leaves, of each document."""

    def add(self, leaf: EvaluatedLeaf, document: str) -> None:
        """Count a leaf of the document with this id."""
        right, count = self.by_document.get(document, (0, 0))
        self.by_document[document] = right + leaf.is_right, count + 1
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
    def numeric(self) -> int:
        """The number of leaves that name the right number in other words; they count as errors."""
        return self.errors["notation"]

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
        low, high = clustered_wilson(list(self.by_document.values()))
        return {
            "field": self.field,
            "count": self.count,
            "exact": self.exact,
            "normalised": self.normalised,
            "numeric": self.numeric,
            "missing": self.errors["missing"],
            "invented": self.errors["invented"],
            "errors": dict(sorted(self.errors.items())),
            "share_right": round(self.share_right, 4),
            "interval": [round(low, 4), round(high, 4)],
            "precision": None if self.precision is None else round(self.precision, 4),
            "recall": None if self.recall is None else round(self.recall, 4),
        }
