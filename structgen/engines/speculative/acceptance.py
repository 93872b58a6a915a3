"""Adaptive draft length: acceptance rates per source of tokens, weighed against the cost of a forward pass.

A pass takes time for itself, for each sequence in it, and for each token. One more drafted token costs its
own time, and saves, where it is accepted, its share of a later pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class DraftSource(StrEnum):
    """Origin of a drafted token. Tokens after the first one of a text are accepted more often."""

    FORCED = "forced"
    """The only token that the grammar allows: always accepted."""
    FORCED_BYTES = "forced bytes"
    """A token of bytes that the grammar forces, where another tokenization of them is allowed too."""
    KEY = "key"
    KEY_REST = "key, continued"
    VALUE = "value"
    VALUE_REST = "value, continued"
    COPY = "copy"
    """The continuation of an n-gram match."""
    COPY_REST = "copy, continued"
    VALUE_END = "end of value"


_PRIORS = {
    DraftSource.FORCED: 1.0,
    DraftSource.FORCED_BYTES: 0.95,
    DraftSource.KEY: 0.8,
    DraftSource.KEY_REST: 0.97,
    DraftSource.VALUE: 0.5,
    DraftSource.VALUE_REST: 0.93,
    DraftSource.COPY: 0.4,
    DraftSource.COPY_REST: 0.85,
    DraftSource.VALUE_END: 0.7,
}
"""Acceptance rates before the first draft."""
_SMOOTHING = 0.02
"""Weight of the newest observation in the moving averages."""
_EXPLORATION = 16
"""Every 16th draft is not cut short, so that the acceptance of unlikely tokens stays measured."""


@dataclass(frozen=True, slots=True)
class PassCost:
    """Fixed costs of a forward pass, in units of the time that one more token takes."""

    per_pass: float
    per_sequence: float


ON_CPU = PassCost(per_pass=30, per_sequence=5)
"""Measured on two cores."""
ON_GPU = PassCost(per_pass=300, per_sequence=5)
"""An H100 makes some 300 operations while it reads a byte of the weights."""


class AcceptanceModel:
    """Exponential moving averages of acceptance, over all sequences of one engine."""

    def __init__(self, cost: PassCost) -> None:
        self._cost = cost
        self._rates = dict(_PRIORS)
        self._accepted_per_pass, self._drafted_per_pass = 6.0, 12.0
        self._drafts = 0

    def rate(self, source: DraftSource) -> float:
        """Return the probability that a token is accepted, given that the tokens before it were."""
        return self._rates[source]

    def update(self, sources: Sequence[DraftSource], accepted: int) -> None:
        """Learn from a draft whose first `accepted` tokens were accepted; later ones were not judged."""
        for index, source in enumerate(sources[: accepted + 1]):
            if source is not DraftSource.FORCED:
                self._rates[source] += _SMOOTHING * ((index < accepted) - self._rates[source])
        self._accepted_per_pass += _SMOOTHING * (accepted + 1 - self._accepted_per_pass)
        self._drafted_per_pass += _SMOOTHING * (len(sources) + 1 - self._drafted_per_pass)

    def threshold(self, running: int) -> float:
        """Return the least probability of a token worth its time; `running` sequences share a pass."""
        self._drafts += 1
        if self._drafts % _EXPLORATION == 0:
            return 0.0
        cost = self._cost.per_pass / max(1, running) + self._cost.per_sequence + self._drafted_per_pass
        return min(0.95, self._accepted_per_pass / cost)
