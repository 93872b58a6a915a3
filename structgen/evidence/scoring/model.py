"""The shipped model of the score: logistic regressions over signals, as plain numbers in a JSON file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import repeat
from operator import mul
from typing import Any, Self

from structgen import json_text

FILE = "score_model.json"
VERSION = 1
"""Version of the file's format."""


@dataclass(frozen=True)
class LogisticModel:
    """A logistic regression over named signals."""

    intercept: float
    weights: Mapping[str, float]
    requires: Sequence[str] = ()
    """Signals without which the model does not apply; all others count as 0 where they are not known."""
    fitted: Mapping[str, Any] = field(default_factory=dict)
    """How the numbers were fitted."""

    def applies(self, signals: Mapping[str, float]) -> bool:
        """Whether all signals that the model requires are known."""
        return all(name in signals for name in self.requires)

    def score(self, signals: Mapping[str, float]) -> float:
        """Return the score of a leaf, 0 to 1."""
        known = map(signals.get, self.weights, repeat(0.0))
        total = self.intercept + sum(map(mul, self.weights.values(), known))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))

    def to_json(self) -> dict[str, Any]:
        """Return the model as it stands in the file."""
        return {
            "requires": list(self.requires),
            "intercept": self.intercept,
            "weights": dict(self.weights),
            "fitted": dict(self.fitted),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a model of the file."""
        return cls(data["intercept"], data["weights"], tuple(data["requires"]), data["fitted"])


@cache
def shipped_models() -> tuple[LogisticModel, ...]:
    """Return the models of this package, those that require the most signals first."""
    data = json_text.loads(files(__package__).joinpath(FILE).read_text("utf-8"))
    if data["version"] != VERSION:
        raise ValueError(f"{FILE} has version {data['version']}; this code reads version {VERSION}")
    return tuple(LogisticModel.from_json(model) for model in data["models"])


def score(signals: Mapping[str, float]) -> float:
    """Return the score of a leaf by the first model whose signals are known."""
    return next(model for model in shipped_models() if model.applies(signals)).score(signals)
