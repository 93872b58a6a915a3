"""The error that a chain of attempts ends with: its best answer decides which one that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from structgen.errors import GenerationError, Incomplete, Unsatisfied
from structgen.parsing.incremental.partial_json import partial
from structgen.strategies.loop_detection import Loop
from structgen.strategies.token_budget import Budget
from structgen.suggestions import plural
from structgen.types import Violation

_SHOWN = 300
"""Characters of a violation's message that a detail repeats."""


@dataclass
class Best:
    """The best whole answer of a chain: the last one that is JSON, else the last one at all."""

    value: Any = None
    violations: Sequence[Violation] = ()
    exists: bool = False
    """Whether any attempt ended by itself."""
    _readable: bool = False

    def offer(self, value: Any, violations: Sequence[Violation], *, readable: bool) -> None:
        """Take a whole answer, unless it is no JSON and an earlier one was."""
        if readable >= self._readable:
            self.value, self.violations, self._readable = value, violations, readable
            self.exists = True


@dataclass(frozen=True, slots=True)
class Cut:
    """An answer that ended before it was whole. `needed`: tokens of the shortest valid one, where known."""

    text: str
    allowed: int
    needed: int | None = None
    loop: Loop | None = None

    def violation(self) -> list[Violation]:
        """The loop by its name, for the account of the attempt."""
        if self.loop is None:
            return []
        return [Violation(partial(self.text).cut_at or "", "loop", str(self.loop))]


def cut_off(cut: Cut, best: Best, budget: Budget) -> GenerationError:
    """Return the error for a chain whose last answer was cut: a whole answer with violations says more."""
    if best.exists:
        if cut.loop is not None:
            return unsatisfied(best, budget, f"the last attempt was ended: {cut.loop}")
        bound = "max_total_tokens" if budget.in_all(cut.allowed) else "its token budget"
        return unsatisfied(best, budget, f"{bound} cut the last one")
    found = partial(cut.text)
    cut_at = found.cut_at or ""
    used = budget.attempts[-1].usage.completion_tokens
    where = cut_at or "its start"
    detail = f"the answer was cut after {used} tokens at {where}: {budget.remedy(cut.allowed)}"
    if cut.loop is not None:
        detail = (
            f"{cut.loop}; it was ended after {used} tokens at {where}: bound the value in the schema "
            "(maximum, maxLength, maxItems), change the prompt, or sample with a temperature"
        )
    elif cut.needed is not None:
        detail = f"the shortest valid answer takes {cut.needed} tokens: raise max_tokens to that or more"
    return Incomplete(detail, budget.attempts, budget.spent, found.value, cut_at)


def unsatisfied(best: Best, budget: Budget, reason: str = "") -> Unsatisfied:
    """Return the error with the violations and the value of the best whole answer."""
    detail = "no attempt"
    if count := len(budget.attempts):
        attempts, violations = plural(count, "attempt"), plural(len(best.violations), "violation")
        detail = f"{attempts}, the last whole answer has {violations}{_first(best.violations)}"
        if not best.exists:
            detail = f"{attempts}, none gave a whole answer"
    if reason:
        detail = f"{detail}: {reason}"
    return Unsatisfied(detail, budget.attempts, budget.spent, best.violations, best.value)


def _first(violations: Sequence[Violation]) -> str:
    """Return the first violation in words, to follow their number."""
    if not violations:
        return ""
    first = violations[0]
    rank = "first " if len(violations) > 1 else ""
    return f" ({rank}{first.pointer or 'the value'}: {first.message[:_SHOWN]})"
