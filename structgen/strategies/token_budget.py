"""Tokens of a chain of attempts: what the next one may make, and which bound cut the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from structgen.engines.base import Engine
from structgen.strategies.base import Task
from structgen.types import Attempt, Message, Usage


@dataclass(frozen=True, slots=True)
class Budget:
    """Of one task; `attempts` are those made so far."""

    task: Task
    engine: Engine
    attempts: Sequence[Attempt]

    @property
    def spent(self) -> Usage:
        """The usage of all attempts."""
        return sum((attempt.usage for attempt in self.attempts), Usage())

    async def next(self, messages: tuple[Message, ...]) -> int:
        """Tokens of the answer that the next attempt may make, after its prompt and what it may think.

        Where the engine cannot count a prompt, it is reckoned as the last one and its answer.
        """
        sampling, total = self.task.sampling, self.task.limits.max_total_tokens
        if total is None:
            return sampling.max_tokens
        prompt = await self.engine.count(messages)
        if prompt is None:
            prompt = max((attempt.usage.total_tokens for attempt in self.attempts), default=0)
        left = total - self.spent.total_tokens - prompt - (sampling.thinking_tokens or 0)
        return min(sampling.max_tokens, left)

    def in_all(self, allowed: int) -> bool:
        """Whether it was the total that cut the last answer, to which `allowed` tokens were allowed."""
        return allowed < self.task.sampling.max_tokens and not self._context_full()

    def remedy(self, allowed: int) -> str:
        """What would give an answer more room: the bound that cut it was one of three."""
        if self._context_full():
            context = self.engine.capabilities.context
            full = f"with its prompt it fills the context of {context} tokens"
            return f"{full}, shorten the document, or take a larger --context"
        return "raise max_total_tokens" if self.in_all(allowed) else "raise max_tokens"

    def _context_full(self) -> bool:
        context = self.engine.capabilities.context
        return context is not None and self.attempts[-1].usage.total_tokens >= context - 1
