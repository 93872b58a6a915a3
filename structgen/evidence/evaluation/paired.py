"""Compare two runs over the same documents: what got better, what got worse, and whether it can be told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from structgen.evidence.comparison import key
from structgen.evidence.evaluation.documents import EvaluatedDocument, EvaluatedLeaf
from structgen.evidence.evaluation.summary import Evaluation

Verdict = Literal["better", "worse", "no difference can be told"]
SEED = 20_26
RESAMPLES, MIN_RESAMPLES = 2_000, 400
"""Samples of the bootstrap, and how many it has at least where there are many documents."""
MAX_STEPS = 4_000_000
"""Documents that the samples of all intervals of a comparison have together, but for `MIN_RESAMPLES`."""
MIN_DOCUMENTS = 5
"""Documents that an interval needs: with fewer, their samples are nearly all alike."""
LEVEL = 0.95

Counts = tuple[int, int, int, int]
"""Right leaves and all leaves of a document, in the old run and in the new one."""


@dataclass(frozen=True)
class PairedDifference:
    """The share of the leaves that are right in two runs over the same documents."""

    field: str
    documents: int
    old: float
    new: float
    interval: tuple[float, float] | None
    """Where the difference lies with 95%: a bootstrap over documents; None for too few documents."""
    fixed: int
    broken: int

    @property
    def difference(self) -> float:
        """The new share minus the old one."""
        return self.new - self.old

    @property
    def verdict(self) -> Verdict:
        """Whether the new run is better; an interval that holds 0 cannot tell."""
        if self.interval is None or self.interval[0] <= 0 <= self.interval[1]:
            return "no difference can be told"
        return "better" if self.difference > 0 else "worse"

    def to_json(self) -> dict[str, Any]:
        """Return the members of a comparison."""
        return {
            "field": self.field,
            "documents": self.documents,
            "old": round(self.old, 4),
            "new": round(self.new, 4),
            "difference": round(self.difference, 4),
            "interval": None if self.interval is None else [round(edge, 4) for edge in self.interval],
            "verdict": self.verdict,
            "fixed": self.fixed,
            "broken": self.broken,
        }


@dataclass(frozen=True)
class ChangedLeaf:
    """A leaf that one run has right and the other has wrong."""

    document: str
    field: str
    pointer: str | None
    """Pointer into the gold object; None for a value that the gold object has no place for."""
    gold: Any
    answer: Any
    """The wrong answer."""
    error: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the members of a comparison."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class RunComparison:
    """Two runs over the documents that both have."""

    old: str
    new: str
    total: PairedDifference
    fields: tuple[PairedDifference, ...]
    fixed: tuple[ChangedLeaf, ...]
    broken: tuple[ChangedLeaf, ...]
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """What differs between the runs, by its name in `run`: the old and the new value."""
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    """Ids of the documents that only one of the runs has; they are not compared."""

    def to_json(self) -> dict[str, Any]:
        """Return the members of a comparison."""
        return {
            "old": self.old,
            "new": self.new,
            "changes": {name: {"old": old, "new": new} for name, (old, new) in self.changes.items()},
            "total": self.total.to_json(),
            "fields": [each.to_json() for each in self.fields],
            "fixed": [leaf.to_json() for leaf in self.fixed],
            "broken": [leaf.to_json() for leaf in self.broken],
            "only_old": list(self.only_old),
            "only_new": list(self.only_new),
        }


def compare_runs(old: Evaluation, new: Evaluation) -> RunComparison:
    """Compare two evaluations document by document, by the gold values of the new one."""
    before = {document.id: document for document in old.documents}
    pairs = [(_under(before[each.id], each), each) for each in new.documents if each.id in before]
    names = list(dict.fromkeys(leaf.field for pair in pairs for side in pair for leaf in side.counted))
    fixed, broken = [], []
    for left, right in pairs:
        fixed += _only_wrong_in(left, right)
        broken += _only_wrong_in(right, left)
    known = {document.id for document in new.documents}
    return RunComparison(
        old.name,
        new.name,
        _difference("*", [_counts(pair) for pair in pairs], 1, len(fixed), len(broken)),
        tuple(_field_differences(pairs, names, fixed, broken)),
        tuple(fixed),
        tuple(broken),
        _changes(old.run, new.run),
        tuple(id_ for id_ in before if id_ not in known),
        tuple(document.id for document in new.documents if document.id not in before),
    )


def paired_interval(
    counts: Sequence[Counts], resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float] | None:
    """Return the interval of the difference of the shares, from samples of documents with replacement.

    The same samples count for both runs, so that exchanging the runs turns the interval around 0.
    """
    if len(counts) < MIN_DOCUMENTS:
        return None
    source, size = random.Random(seed), len(counts)
    differences = []
    for _ in range(resamples):
        sums = [sum(column) for column in zip(*source.choices(counts, k=size), strict=True)]
        differences.append(_share(sums[2], sums[3]) - _share(sums[0], sums[1]))
    differences.sort()
    cut = int((1 - LEVEL) / 2 * resamples)
    return differences[cut], differences[-1 - cut]


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs and is known of both runs: answers without a model's name tell nothing of it."""
    return {
        name: (old[name], new[name])
        for name in old
        if name in new and old[name] != new[name] and (name == "prompts" or (old[name] and new[name]))
    }


def _under(document: EvaluatedDocument, other: EvaluatedDocument) -> EvaluatedDocument:
    """Return a document, evaluated again where the gold values of the other one differ."""
    if document.gold == other.gold:
        return document
    return EvaluatedDocument.of(
        document.id, document.source, other.gold, document.data, problem=document.problem
    )


def _field_differences(
    pairs: Sequence[tuple[EvaluatedDocument, EvaluatedDocument]],
    names: Sequence[str],
    fixed: Sequence[ChangedLeaf],
    broken: Sequence[ChangedLeaf],
) -> list[PairedDifference]:
    counts: dict[str, list[Counts]] = {name: [] for name in names}
    for pair in pairs:
        for name, of_pair in _counts_by_field(pair).items():
            counts[name].append(of_pair)
    fixed_in, broken_in = (Counter(leaf.field for leaf in side) for side in (fixed, broken))
    return [_difference(name, counts[name], len(names), fixed_in[name], broken_in[name]) for name in names]


def _counts_by_field(pair: tuple[EvaluatedDocument, EvaluatedDocument]) -> dict[str, Counts]:
    sums: dict[str, list[int]] = {}
    for at, side in enumerate(pair):
        for leaf in side.counted:
            of_field = sums.setdefault(leaf.field, [0, 0, 0, 0])
            of_field[2 * at] += leaf.is_right
            of_field[2 * at + 1] += 1
    return {name: (a, b, c, d) for name, (a, b, c, d) in sums.items()}


def _counts(pair: tuple[EvaluatedDocument, EvaluatedDocument]) -> Counts:
    old, new = ([leaf.is_right for leaf in side.counted] for side in pair)
    return sum(old), len(old), sum(new), len(new)


def _difference(
    name: str, counts: Sequence[Counts], intervals: int, fixed: int, broken: int
) -> PairedDifference:
    sums = [sum(column) for column in zip(*counts, strict=True)] or [0, 0, 0, 0]
    affordable = MAX_STEPS // (intervals * max(1, len(counts)))
    resamples = max(MIN_RESAMPLES, min(RESAMPLES, affordable))
    return PairedDifference(
        name,
        len(counts),
        _share(sums[0], sums[1]),
        _share(sums[2], sums[3]),
        paired_interval(counts, resamples),
        fixed,
        broken,
    )


def _share(right: int, count: int) -> float:
    return right / count if count else 1.0


def _only_wrong_in(document: EvaluatedDocument, other: EvaluatedDocument) -> list[ChangedLeaf]:
    """Return the leaves that are wrong in a document and not in the other one of the same id."""
    excused = Counter(_identity(leaf) for leaf in other.leaves if leaf.error is not None)
    changed = []
    for leaf in document.leaves:
        if leaf.error is None:
            continue
        if excused[_identity(leaf)] > 0:
            excused[_identity(leaf)] -= 1
        else:
            changed.append(
                ChangedLeaf(document.id, leaf.field, leaf.gold_pointer, leaf.gold, leaf.answer, leaf.error)
            )
    return changed


def _identity(leaf: EvaluatedLeaf) -> tuple[str, str]:
    """Return what makes wrong leaves of two runs one: the gold leaf, or the field and value it invents."""
    if leaf.gold_pointer is not None:
        return "gold", leaf.gold_pointer
    return leaf.field, key(leaf.answer)
