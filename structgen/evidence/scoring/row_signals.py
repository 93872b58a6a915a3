"""Signals of a value among others: its row, its column, and the whole answer."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from structgen.evidence.comparison import key
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.scoring.answer import Answer, column
from structgen.evidence.scoring.totals import totals

MIN_ROWS = 3
"""Rows from which the repetition of a value tells anything."""
FAR = 10
"""Lines from the middle of its row at which a place is as far away as can be."""


class RowSignals:
    """Signals that compare a leaf with those of its row and its column. Built once for an answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        whole = answer.said_share(answer.leaves)
        self._whole = 1.0 if whole is None else whole
        self._row_shares = {path: answer.said_share(row) for path, row in answer.rows.items()}
        self._column_shares = {name: answer.said_share(members) for name, members in answer.columns.items()}
        self._lines = {path: self._middle(row) for path, row in answer.rows.items()}
        listed = totals(answer)
        self._total_rows = {leaf.row for leaf in answer.leaves if leaf.pointer in listed}

    def of(self, leaf: Leaf) -> dict[str, float]:
        """Return the signals of a leaf; shares that are not known are those of the whole answer."""
        row, members = self._row_shares[leaf.row], self._column_shares[column(leaf)]
        return {
            "answer_said": self._whole,
            "row_said": self._whole if row is None else row,
            "column_said": self._whole if members is None else members,
            "row_distance": self._row_distance(leaf),
            "row_is_total": float(leaf.row in self._total_rows),
            "repeats": self._repeats(leaf),
            "out_of_order": self._out_of_order(leaf),
        }

    def _repeats(self, leaf: Leaf) -> float:
        """Return the share of the other rows that have the same value in the column."""
        size = len(self.answer.columns[column(leaf)])
        same = self.answer.column_keys[column(leaf)][key(leaf.value)]
        return 0.0 if size < MIN_ROWS else (same - 1) / (size - 1)

    def _row_distance(self, leaf: Leaf) -> float:
        """Return how many lines the place is from the middle of its row, as a share of `FAR`, up to 1."""
        proof, middle = self.answer.evidence.get(leaf.pointer), self._lines[leaf.row]
        if not leaf.row or middle is None or proof is None or proof.start is None:
            return 0.0
        return min(1.0, abs(self.answer.line(proof.start) - middle) / FAR)

    def _out_of_order(self, leaf: Leaf) -> float:
        """Return 1 where the row stands before the row before, or after the row after."""
        if not leaf.row or not isinstance(leaf.row[-1], int):
            return 0.0
        before, here, after = (
            self._lines.get((*leaf.row[:-1], leaf.row[-1] + step)) for step in (-1, 0, 1)
        )  # fmt: skip
        if here is None:
            return 0.0
        return float((before is not None and before > here) or (after is not None and after < here))

    def _middle(self, row: Sequence[Leaf]) -> float | None:
        proofs = (self.answer.evidence.get(leaf.pointer) for leaf in row)
        lines = [self.answer.line(p.start) for p in proofs if p is not None and p.start is not None]
        return median(lines) if lines else None
