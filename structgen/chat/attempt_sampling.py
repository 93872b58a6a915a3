"""The sampling of one attempt at a reply: its seed, and the tokens that the turn leaves to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from structgen.chat.turn import ChatTurn
from structgen.engines.base import Engine
from structgen.errors import Unsatisfied
from structgen.types import Attempt, Conversation, Sampling, Usage


async def attempt_sampling(
    turn: ChatTurn, number: int, prompt: Conversation, attempts: Sequence[Attempt], engine: Engine
) -> Sampling:
    """Return the sampling of attempt `number` after others: each retry has a seed of its own.

    Raises `Unsatisfied` where `max_total_tokens` leaves no tokens for a reply.
    """
    sampling, total = turn.sampling, turn.limits.max_total_tokens
    if number > 1 and sampling.seed is not None:
        sampling = replace(sampling, seed=sampling.seed + 1_000_003 * (number - 1))
    if total is None:
        return sampling
    tokens = await engine.count(prompt)
    if tokens is None:
        tokens = max((attempt.usage.total_tokens for attempt in attempts), default=0)
    spent = sum((attempt.usage for attempt in attempts), Usage())
    left = total - spent.total_tokens - tokens - (sampling.thinking_tokens or 0)
    if left <= 0:
        raise Unsatisfied("max_total_tokens leaves no tokens for a reply", attempts, spent, (), None)
    return replace(sampling, max_tokens=min(sampling.max_tokens, left))
