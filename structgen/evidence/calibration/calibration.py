"""A calibration: plain numbers that make the score of a leaf the probability that it is right."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from structgen.errors import BadRequest
from structgen.evidence.grounding.leaves import leaves
from structgen.evidence.labelled import field_of
from structgen.types.evidence import Evidence
from structgen.types.json_members import typed

VERSION = 1
"""Version of the file's format."""
KIND = "structgen-calibration"
_EDGE = 1e-4
_LARGEST, _LEAST_DEVIATION = 1e9, 1e-9
"""Bounds of the numbers of a file: all sums of their products are finite."""
_SHOWN = 12
"""Characters of a hash that a message shows."""


@dataclass(frozen=True, slots=True)
class Term:
    """The weight of a signal, which is measured in standard deviations from its mean."""

    mean: float
    deviation: float
    weight: float


@dataclass(frozen=True)
class Calibration:
    """A logistic regression over the score, the signals, and the fields of one schema."""

    intercept: float
    terms: Mapping[str, Term] = field(default_factory=dict)
    """Terms by signal; `score` is the log-odds of the score. An unknown signal counts as its mean."""
    fields: Mapping[str, float] = field(default_factory=dict)
    """What is added for a field with enough rows of its own, by its pointer with `*` for indices."""
    ranks: bool = True
    """Whether it tells right values from wrong ones; if not, it gives no confidence."""
    schema_hash: str | None = None
    thresholds: Mapping[str, float | None] = field(default_factory=dict)
    """The lowest confidence that needs no review, by the precision of the rest; null where there is none."""

    def confidence(self, name: str, score: float, signals: Mapping[str, float]) -> float:
        """Return the probability that a leaf of the named field is right."""
        total = self.intercept + self.fields.get(name, 0.0)
        for signal, term in self.terms.items():
            value = log_odds(score) if signal == "score" else signals.get(signal)
            if value is not None:
                total += term.weight * (value - term.mean) / term.deviation
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def applied(self, evidence: Mapping[str, Evidence], value: Any) -> dict[str, Evidence]:
        """Return the evidence of a value with the confidence of each leaf; unchanged where it cannot rank."""
        names = {leaf.pointer: field_of(leaf.path) for leaf in leaves(value)}
        if not self.ranks:
            return dict(evidence)
        return {
            at: replace(proof, confidence=self.confidence(names[at], proof.score, proof.signals or {}))
            if proof.score is not None and at in names
            else proof
            for at, proof in evidence.items()
        }

    def check_schema(self, schema_hash: str | None) -> None:
        """Raise `BadRequest` if it is not the calibration of the schema with this hash; None is no schema."""
        if self.schema_hash == schema_hash:
            return
        if schema_hash is None:
            detail = f"the calibration is that of the schema {_shown(self.schema_hash)}: give this schema too"
        elif self.schema_hash is None:
            detail = "the calibration was made without a schema: make one with structgen calibrate --schema"
        else:
            detail = (
                f"the calibration is that of the schema {_shown(self.schema_hash)}, and the schema given is "
                f"{_shown(schema_hash)}: give a calibration of this schema; structgen calibrate makes it"
            )
        raise BadRequest(detail)

    def to_json(self) -> dict[str, Any]:
        """Return the contents of a calibration file."""
        return {
            "kind": KIND,
            "version": VERSION,
            "schema_hash": self.schema_hash,
            "ranks": self.ranks,
            "intercept": self.intercept,
            "terms": {n: [t.mean, t.deviation, t.weight] for n, t in self.terms.items()},
            "fields": dict(self.fields),
            "thresholds": dict(self.thresholds),
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read a calibration file; `BadRequest` for anything else, or for another version."""
        if not isinstance(data, dict) or data.get("kind") != KIND:
            raise BadRequest(f"this is no calibration: a file of structgen calibrate has the kind {KIND!r}")
        if data.get("version") != VERSION:
            raise BadRequest(
                f"the calibration has version {data.get('version')!r:.20}, and {VERSION} is read here: "
                "make it again with structgen calibrate"
            )
        try:
            return cls(
                _number(data["intercept"]),
                {name: _term(*map(_number, term)) for name, term in data["terms"].items()},
                {name: _number(offset) for name, offset in data["fields"].items()},
                _flag(data["ranks"]),
                None if data["schema_hash"] is None else typed(str, data["schema_hash"]),
                {at: None if least is None else _number(least) for at, least in data["thresholds"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadRequest(f"the calibration is damaged: {type(error).__name__} {error}") from error


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError(f"{given!r:.20} is neither true nor false")
    return given


def _number(given: Any) -> float:
    """Return a number of a file; `TypeError` or `ValueError` for anything else."""
    number: int | float = typed((int, float), given)
    if not -_LARGEST <= number <= _LARGEST:  # NaN is refused too
        raise ValueError(f"{number!r:.20} is out of range")
    return float(number)


def _term(mean: float, deviation: float, weight: float) -> Term:
    if deviation < _LEAST_DEVIATION:
        raise ValueError("a deviation is not above 0")
    return Term(mean, deviation, weight)


def _shown(schema_hash: str | None) -> str:
    return f"{schema_hash or ''!s:.{_SHOWN}}…"


def log_odds(score: float) -> float:
    """Return the log-odds of a score, which stay finite at 0 and 1."""
    inside = min(1 - _EDGE, max(_EDGE, score))
    return math.log(inside / (1 - inside))
