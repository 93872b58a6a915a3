"""One document of an evaluation: its text, its two objects, and what became of each leaf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from structgen.evidence.alignment import align
from structgen.evidence.comparison import Level
from structgen.evidence.evaluation.error_kinds import ErrorKind, GoldValues, field_of
from structgen.evidence.evaluation.lists import ListSummary, list_summaries
from structgen.evidence.source import Source
from structgen.types import Evidence


@dataclass(frozen=True, slots=True)
class EvaluatedLeaf:
    """A leaf of the gold object and the one of the answer that stands for it."""

    field: str
    """The pointer with `*` in place of indices."""
    gold_pointer: str | None
    answer_pointer: str | None
    gold: Any
    answer: Any
    level: Level
    error: ErrorKind | None
    """What is wrong; None for a leaf that is right, or absent on both sides."""
    is_absent: bool = False
    """Whether neither object has a value here."""

    @property
    def is_right(self) -> bool:
        """Whether both values are equal but for their notation."""
        return self.error is None


@dataclass(frozen=True)
class EvaluatedDocument:
    """A document with its gold object and the extracted one; `problem` tells why there is none."""

    id: str
    source: Source
    gold: Any
    data: Any = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    leaves: tuple[EvaluatedLeaf, ...] = ()
    problem: str | None = None
    lists: tuple[ListSummary, ...] = ()
    """The rows of its lists."""

    @classmethod
    def of(
        cls,
        id: str,  # noqa: A002
        source: str | Sequence[str] | Source,
        gold: Any,
        data: Any = None,
        *,
        evidence: Mapping[str, Evidence] | None = None,
        problem: str | None = None,
    ) -> Self:
        """Align the extracted object with the gold one; without an object all gold values are missing."""
        pairs = align(gold, data)
        values = GoldValues(pairs)
        leaves = []
        for pair in pairs:
            path = pair.answer_path if pair.gold_path is None else pair.gold_path
            leaves.append(
                EvaluatedLeaf(
                    field_of(path or ()),
                    pair.gold_pointer,
                    pair.answer_pointer,
                    pair.gold,
                    pair.answer,
                    pair.level,
                    values.error_kind(pair),
                    pair.outcome == "absent",
                )
            )
        return cls(
            id,
            Source.of(source),
            gold,
            data,
            dict(evidence or {}),
            tuple(leaves),
            problem,
            list_summaries(gold, data, pairs),
        )

    @property
    def counted(self) -> tuple[EvaluatedLeaf, ...]:
        """The leaves that at least one of the objects has a value for."""
        return tuple(leaf for leaf in self.leaves if not leaf.is_absent)

    @property
    def share_right(self) -> float:
        """The share of the counted leaves that are right; 1 where both objects are empty, 0 without one."""
        counted = self.counted
        if not counted:
            return 1.0 if self.problem is None else 0.0
        return sum(leaf.is_right for leaf in counted) / len(counted)
