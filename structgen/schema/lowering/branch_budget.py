"""Bound the alternatives that the schemas of one value have together."""

from __future__ import annotations

MAX_ALTERNATIVES = 128
"""Alternatives of one keyword; also the largest product for all keywords that apply to one value."""


class BranchBudget:
    """The product of the alternatives of all schemas that apply to the same instance location."""

    __slots__ = ("_product",)

    def __init__(self) -> None:
        self._product = 1

    def spend(self, alternatives: int) -> bool:
        """Multiply the product by a number of alternatives. Return whether the budget allows it."""
        product = self._product * max(1, alternatives)
        if product > MAX_ALTERNATIVES:
            return False
        self._product = product
        return True
