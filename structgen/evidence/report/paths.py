"""Where the leaves that an answer lacks stand among those that it has."""

from __future__ import annotations

from collections.abc import Iterable

from structgen.evidence.evaluation.documents import EvaluatedLeaf

Tokens = tuple[str, ...]


class AnswerPaths:
    """The members and items of an answer by those of the gold object that they stand for."""

    def __init__(self, leaves: Iterable[EvaluatedLeaf]) -> None:
        self._answer_of: dict[Tokens, Tokens] = {}
        for leaf in leaves:
            if leaf.gold_pointer is None or leaf.answer_pointer is None:
                continue
            gold, answer = _tokens(leaf.gold_pointer), _tokens(leaf.answer_pointer)
            if len(gold) == len(answer):
                for length in range(len(gold)):
                    self._answer_of.setdefault(gold[:length], answer[:length])

    def of_missing(self, gold_pointer: str) -> list[str | int]:
        """Return the path of a leaf that only the gold object has, within the answer.

        Its first step that the answer has no counterpart for is negative where it is the index of a list:
        -1 is item 0 of the gold object, -2 item 1. It is no item of the answer.
        """
        gold = _tokens(gold_pointer)
        known = next((n for n in range(len(gold) - 1, -1, -1) if gold[:n] in self._answer_of), 0)
        rest: list[str | int] = list(gold[known:])
        if rest and gold[known].isdecimal():
            rest[0] = -int(gold[known]) - 1
        return [*self._answer_of.get(gold[:known], ()), *rest]


def _tokens(pointer: str) -> Tokens:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
