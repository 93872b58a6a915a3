"""Token budget of a chain of attempts: what the next one may spend, and which bound cut the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from structgen.engines.base import Engine
from structgen.types import Attempt, Conversation, Limits, Sampling, Usage


@dataclass(frozen=True, slots=True)
class TokenBudget:
    """The budget of a task or a chat turn after its `attempts` so far."""

    sampling: Sampling
    limits: Limits
    engine: Engine
    attempts: Sequence[Attempt]

    @property
    def spent(self) -> Usage:
        """The usage of all attempts."""
        return sum((attempt.usage for attempt in self.attempts), Usage())

    async def next(self, conversation: Conversation) -> int:
        """Return the tokens that the next answer may take, after its prompt and its thoughts.

        Where the engine cannot count a prompt, it is estimated as the largest one so far with its answer.
        """
        sampling, total = self.sampling, self.limits.max_total_tokens
        if total is None:
            return sampling.answer_tokens
        prompt = await self.engine.count(conversation)
        if prompt is None:
            prompt = max((attempt.usage.total_tokens for attempt in self.attempts), default=0)
        left = total - self.spent.total_tokens - prompt - (sampling.thinking_tokens or 0)
        return min(sampling.answer_tokens, left)

    def total_is_the_bound(self, max_tokens: int) -> bool:
        """Return whether `max_total_tokens` cut the last answer, which was allowed `max_tokens`."""
        return max_tokens < self.sampling.answer_tokens and not self._context_full()

    def remedy(self, max_tokens: int) -> str:
        """Return how to give an answer more room: raise the bound that cut it, one of three."""
        if self._context_full():
            context = self.engine.capabilities.context
            full = f"with its prompt it fills the context of {context} tokens"
            return f"{full}, shorten the document, or take a larger --context"
        return "raise max_total_tokens" if self.total_is_the_bound(max_tokens) else "raise max_tokens"

    def _context_full(self) -> bool:
        context = self.engine.capabilities.context
        return context is not None and self.attempts[-1].usage.total_tokens >= context - 1
