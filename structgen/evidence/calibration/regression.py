"""Logistic regression of observations, with normal priors of its weights."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from structgen.errors import MissingExtra
from structgen.evidence.calibration.calibration import Calibration, Term, log_odds
from structgen.evidence.calibration.observations import Observation

MIN_FIELD = 20
"""Observations from which a field has a term of its own."""
MIN_SIGNALS = 300
"""Observations from which signals count beside the score."""
SCALE_PRIOR = 10.0
"""Precision of the priors of a scale, which is near 1, and of a shift, which is near 0."""
_KNOWN = 0.9
"""Share of the observations that must know a signal."""
_LEAST_DEVIATION = 1e-9
_STEPS, _LEAST_STEP = 50, 1e-9


@dataclass(frozen=True, slots=True)
class Strength:
    """The precisions (inverse variances) of the normal priors around 0: the larger, the nearer to 0."""

    signals: float
    """That of the weight of a signal, for a standard deviation of it."""
    fields: float
    """That of a field's own term, in log-odds."""


class Table:
    """Observations in columns: the score and the signals, NaN where one is unknown."""

    def __init__(self, names: Sequence[str], values: Any, fields: Any, is_right: Any) -> None:
        self.names, self._values, self._fields, self.is_right = names, values, fields, is_right

    @classmethod
    def of(cls, among: Sequence[Observation]) -> Table:
        """Return the table of observations; `MissingExtra` without scikit-learn."""
        numpy, _ = _libraries()
        known = Counter(name for each in among for name in each.signals)
        enough = len(among) >= MIN_SIGNALS
        often = sorted(n for n, count in known.items() if enough and count >= _KNOWN * len(among))
        columns = [[log_odds(each.score) for each in among]]
        columns += [[each.signals.get(name, math.nan) for each in among] for name in often]
        fields = numpy.array([each.field for each in among], dtype=object)
        is_right = numpy.array([each.is_right for each in among], dtype=bool)
        return cls(["score", *often], numpy.array(columns, dtype=float).T, fields, is_right)

    def part(self, chosen: Any) -> Table:
        """Return the rows that a mask chooses."""
        return Table(self.names, self._values[chosen], self._fields[chosen], self.is_right[chosen])

    def fitted(self, strength: Strength) -> Calibration:
        """Fit a regression; a constant where all observations are right, or all are wrong."""
        numpy, logistic_regression = _libraries()
        count, right = len(self.is_right), int(self.is_right.sum())
        own = [name for name, size in Counter(self._fields).items() if size >= MIN_FIELD]
        terms = self._terms()
        if right in (0, count) or not (own or terms):
            return Calibration(log_odds((right + 0.5) / (count + 1)))
        step = (strength.signals / strength.fields) ** 0.5  # one penalty then gives both precisions
        columns = [self._standard(name, term) for name, term in terms.items()]
        columns += [step * (self._fields == name) for name in own]
        regression = logistic_regression(C=1 / strength.signals, max_iter=2000)
        regression.fit(numpy.column_stack(columns).astype(float), self.is_right)
        weights = [float(weight) for weight in regression.coef_[0]]
        weighted = [replace(t, weight=w) for t, w in zip(terms.values(), weights, strict=False)]
        return Calibration(
            float(regression.intercept_[0]),
            dict(zip(terms, weighted, strict=True)),
            {name: step * weight for name, weight in zip(own, weights[len(terms) :], strict=True)},
        )

    def log_odds(self, fitted: Calibration) -> Any:
        """Return the log-odds that a calibration gives each observation."""
        numpy, _ = _libraries()
        total = numpy.array([fitted.fields.get(name, 0.0) for name in self._fields]) + fitted.intercept
        for name, term in fitted.terms.items():
            total += term.weight * self._standard(name, term)
        return total

    def _terms(self) -> dict[str, Term]:
        """Return the mean and deviation of each column that varies."""
        terms = {}
        for name, column in zip(self.names, self._values.T, strict=True):
            known = column[column == column]
            if len(known) and (deviation := float(known.std())) > _LEAST_DEVIATION:
                terms[name] = Term(float(known.mean()), deviation, 0.0)
        return terms

    def _standard(self, name: str, term: Term) -> Any:
        """Return a column in deviations from its mean; 0 where it is unknown."""
        numpy, _ = _libraries()
        return numpy.nan_to_num((self._values[:, self.names.index(name)] - term.mean) / term.deviation)


def log_loss(log_odds: Any, is_right: Any) -> float:
    """Return the mean negative logarithm of the probability that was given to what is the case."""
    numpy, _ = _libraries()
    return float((numpy.logaddexp(0, log_odds) - is_right * log_odds).mean())


def scale_and_shift(log_odds: Any, is_right: Any) -> tuple[float, float]:
    """Return the factor and the addend that make log-odds of held-out documents fit best (Platt scaling).

    Their priors keep them near 1 and 0. A regression is too sure of what it saw, most with few documents.
    """
    numpy, _ = _libraries()
    columns = numpy.column_stack([log_odds, numpy.ones(len(log_odds))])
    near, weights = numpy.array([1.0, 0.0]), numpy.array([1.0, 0.0])

    def loss(tried: Any) -> float:
        missed = len(log_odds) * log_loss(columns @ tried, is_right)
        return missed + float(SCALE_PRIOR * ((tried - near) ** 2).sum() / 2)

    for _ in range(_STEPS):  # Newton's method, with shorter steps where a whole one goes too far
        shares = 1 / (1 + numpy.exp(-numpy.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (shares - is_right) + SCALE_PRIOR * (weights - near)
        curve = (columns.T * (shares * (1 - shares))) @ columns + SCALE_PRIOR * numpy.eye(2)
        step, now = numpy.linalg.solve(curve, slope), loss(weights)
        while abs(step).max() > _LEAST_STEP and loss(weights - step) > now:
            step = step / 2
        weights = weights - step
        if abs(step).max() <= _LEAST_STEP:
            break
    return float(weights[0]), float(weights[1])


def _libraries() -> tuple[Any, Any]:
    try:
        import numpy
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtra("calibrate", error) from error
    return numpy, LogisticRegression
