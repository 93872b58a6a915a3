"""Sample tokens from masked logits, with a random generator for each request."""

from __future__ import annotations

import math

import torch

from structgen.types import Sampling


class Sampler:
    """Greedy at temperature 0; otherwise top-k, then top-p, then a random draw, repeatable with a seed."""

    def __init__(self, sampling: Sampling) -> None:
        self.sampling = sampling
        self.generator = torch.Generator()
        if sampling.seed is None:
            self.generator.seed()
        else:
            self.generator.manual_seed(sampling.seed % 2**63)

    def draw(self, logits: torch.Tensor) -> tuple[int, float]:
        """Return a token and its log-probability; `logits` are on the CPU, -inf for forbidden tokens."""
        if self.sampling.temperature <= 0:
            token = int(logits.argmax())
        else:
            token = self._sample((logits - logits.max()) / self.sampling.temperature)
        return token, float(logits[token] - logits.logsumexp(0))

    def _sample(self, scaled: torch.Tensor) -> int:
        top_k, top_p = self.sampling.top_k, self.sampling.top_p
        if 0 < top_k < scaled.numel():
            least = scaled.topk(top_k).values[-1]
            scaled = scaled.masked_fill(scaled < least, -math.inf)
        probabilities = scaled.softmax(0)
        if top_p < 1:
            ordered, order = probabilities.sort(descending=True)
            beyond = ordered.cumsum(0) - ordered >= top_p
            beyond[0] = False  # the likeliest token stays for any top_p
            probabilities[order[beyond]] = 0
        return int(torch.multinomial(probabilities, 1, generator=self.generator))
