"""The error that a chain of attempts ends with: its best answer decides which one that is."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from structgen.errors import GenerationError, Incomplete, StructgenError, Unsatisfied
from structgen.messages import counted
from structgen.strategies.assessment import Assessment
from structgen.strategies.generation import Generation
from structgen.strategies.token_budget import TokenBudget
from structgen.types import Attempt, Usage, Violation

E = TypeVar("E", bound=StructgenError)
_MAX_MESSAGE = 300
"""Characters of a violation's message that a detail repeats."""


@dataclass
class BestAnswer:
    """The best finished answer of a chain: the last one that is JSON, else the last one at all."""

    value: Any = None
    violations: Sequence[Violation] = ()
    exists: bool = False
    """Whether any attempt ended by itself."""
    _is_json: bool = False

    def offer(self, assessment: Assessment) -> None:
        """Take a finished answer, unless it is not JSON and an earlier one was."""
        if assessment.is_json >= self._is_json:
            self.value, self.violations = assessment.value, assessment.violations
            self._is_json = assessment.is_json
            self.exists = True


def with_account(error: E, attempts: Sequence[Attempt], usage: Usage) -> E:
    """Return a copy of the error that has the attempts before it and their usage."""
    copied = copy.copy(error)
    copied.attempts, copied.usage = tuple(attempts), usage
    return copied


def cut_off(
    generation: Generation, max_tokens: int, best: BestAnswer, budget: TokenBudget
) -> GenerationError:
    """Return the error for a chain whose last answer was cut after `max_tokens`, or ended for its loop.

    An earlier finished answer with violations explains more than the cut one.
    """
    loop = generation.loop
    if best.exists:
        if loop is not None:
            return unsatisfied(best, budget, f"the last attempt was ended: {loop}")
        bound = "max_total_tokens" if budget.total_is_the_bound(max_tokens) else "its token budget"
        return unsatisfied(best, budget, f"{bound} cut the last one")
    answer = generation.partial
    cut_at = answer.cut_at or ""
    used = budget.attempts[-1].usage.completion_tokens
    where = "" if generation.plain else f" at {cut_at or 'its start'}"
    bounding = "bound the value in the schema (maximum, maxLength, maxItems)"
    if generation.plain:
        bounding = "bound the text in its format"
    detail = f"the answer was cut after {used} tokens{where}: {budget.remedy(max_tokens)}"
    if loop is not None:
        detail = (
            f"{loop}; it was ended after {used} tokens{where}: {bounding}, change the prompt, or sample with "
            "a temperature"
        )
    elif generation.shortest_completion_tokens is not None:
        tokens = generation.shortest_completion_tokens
        detail = f"the shortest valid answer takes {tokens} tokens: raise max_tokens to that or more"
    return Incomplete(detail, budget.attempts, budget.spent, answer.value, cut_at)


def unsatisfied(best: BestAnswer, budget: TokenBudget, reason: str = "") -> Unsatisfied:
    """Return the error with the violations and the value of the best finished answer."""
    detail = "no attempt"
    if count := len(budget.attempts):
        attempts, violations = counted(count, "attempt"), counted(len(best.violations), "violation")
        detail = f"{attempts}, the last finished answer has {violations}{_first(best.violations)}"
        if not best.exists:
            detail = f"{attempts}, none gave a finished answer"
    if reason:
        detail = f"{detail}: {reason}"
    return Unsatisfied(detail, budget.attempts, budget.spent, best.violations, best.value)


def _first(violations: Sequence[Violation]) -> str:
    """Return the first violation in words, to follow their number."""
    if not violations:
        return ""
    first = violations[0]
    rank = "first " if len(violations) > 1 else ""
    return f" ({rank}{first.pointer or 'the value'}: {first.message[:_MAX_MESSAGE]})"
