"""How far into a draft it is worth going: what became of earlier ones tells how likely the next is confirmed.

A pass takes time for itself, for each request in it, and for each token. A token more in a draft costs its
own time, and saves, where it is confirmed, the part of a pass that it would have taken otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FORCED = "forced"
"""What the grammar leaves no choice about: always confirmed."""
_PRIORS = {
    FORCED: 1.0, "bytes": 0.95, "key": 0.8, "key, on": 0.97, "value": 0.5, "value, on": 0.93, "copy": 0.4,
    "copy, on": 0.85, "end": 0.7,
}  # fmt: skip
_PACE = 0.02
"""Weight of the newest of what is averaged."""
_TRIAL = 16
"""Every so many drafts one goes as far as it can: what is no longer drafted could not be learnt of."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What a pass takes for itself, and for each request in it: in the time of one token more."""

    of_pass: float
    of_request: float


ON_CPU = Costs(of_pass=30, of_request=5)
"""Measured on two cores."""
ON_GPU = Costs(of_pass=300, of_request=5)
"""An H100 makes some 300 operations while it reads a byte of the weights."""


class Odds:
    """Of one engine."""

    def __init__(self, costs: Costs) -> None:
        self._costs = costs
        self._rates = dict(_PRIORS)
        self._gained, self._drafted = 6.0, 12.0
        self._asked = 0

    def of(self, kind: str) -> float:
        """Likelihood that a token of that kind is confirmed where those before it were."""
        return self._rates[kind]

    def learn(self, kinds: Sequence[str], confirmed: int) -> None:
        """What became of a draft of these kinds of tokens."""
        for place, kind in enumerate(kinds[: confirmed + 1]):
            if kind != FORCED:
                self._rates[kind] += _PACE * ((place < confirmed) - self._rates[kind])
        self._gained += _PACE * (confirmed + 1 - self._gained)
        self._drafted += _PACE * (len(kinds) + 1 - self._drafted)

    def least(self, running: int) -> float:
        """The likelihood from which on a token is worth its time, where so many requests share a pass."""
        self._asked += 1
        if self._asked % _TRIAL == 0:
            return 0.0
        spent = self._costs.of_pass / max(1, running) + self._costs.of_request + self._drafted
        return min(0.95, self._gained / spent)
