"""What is known of one sampled token beside its log-probability: the choice that the model had."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from structgen.types import TokenLogprob

NEGLIGIBLE = 1e-3
"""Mass of all other tokens below which the likeliest of them is not looked for: it is given that mass."""


@dataclass(frozen=True, slots=True)
class TokenChoice:
    """The choice that one token was sampled from, as the members of `TokenLogprob` of the same names."""

    choices: int = 1
    free_logprob: float | None = None
    runner_up: float = 0.0

    @classmethod
    def of(cls, logits: torch.Tensor, masked: torch.Tensor, token: int, logprob: float) -> TokenChoice:
        """Read the choice from the logits before and under the mask; `logprob` is the token's under it."""
        choices = int(torch.count_nonzero(masked > -math.inf))
        free_logprob = float(logits[token] - logits.logsumexp(0))
        runner_up = max(0.0, -math.expm1(logprob)) if choices > 1 else 0.0
        if runner_up > NEGLIGIBLE:
            values, tokens = masked.topk(2)
            other = values[1 if int(tokens[0]) == token else 0]
            runner_up = math.exp(min(0.0, logprob + float(other - masked[token])))
        return cls(choices, free_logprob, runner_up)

    def described(self, text: str, logprob: float, size: int, *, copied: bool) -> TokenLogprob:
        """Return the log-probability of the token with its choice; `size` is in bytes."""
        return TokenLogprob(text, logprob, size, self.choices, self.free_logprob, self.runner_up, copied)


FORCED = TokenChoice()
"""The choice of a token that the grammar forces: there is none."""
