"""Fit a calibration to observations, and measure it on documents that it has not seen."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from structgen.errors import BadRequest, MissingExtra
from structgen.evidence.calibration.calibration import Calibration, Term, log_odds
from structgen.evidence.calibration.observations import Observation
from structgen.evidence.statistics import brier

PENALTIES = (1.0, 0.1, 0.01, 0.001)
"""Strengths of the regularisation that are tried on held-out documents."""
MAX_FOLDS = 5
MIN_FIELD = 20
"""Observations from which a field has a term of its own."""
FIELD_PRIOR = 10
"""Observations that weigh against a field's own term: a field with few rows stays near all others."""
MIN_SIGNALS = 300
"""Observations from which signals count beside the score."""
_KNOWN = 0.9
"""Share of the observations that must know a signal."""


def folds(among: Sequence[Observation]) -> list[int]:
    """Return the fold of each observation; all leaves of a document share one.

    Raises `BadRequest` for fewer than two documents: no document could be held out.
    """
    documents = sorted({each.document for each in among})
    if len(documents) < 2:
        raise BadRequest(
            f"the rows have leaves of {len(documents)} documents: give labelled rows of two at least, "
            "better of a hundred"
        )
    random.Random(0).shuffle(documents)
    count = min(MAX_FOLDS, len(documents))
    fold_of = {document: index % count for index, document in enumerate(documents)}
    return [fold_of[each.document] for each in among]


def cross_fitted(among: Sequence[Observation]) -> list[float]:
    """Return the confidence of each observation by a calibration that saw no leaf of its document."""
    own = folds(among)
    scores = [0.0] * len(among)
    for fold in set(own):
        fitted = fit([each for each, number in zip(among, own, strict=True) if number != fold])
        for index, each in enumerate(among):
            if own[index] == fold:
                scores[index] = fitted.confidence(each.field, each.score, each.signals)
    return scores


def fit(among: Sequence[Observation]) -> Calibration:
    """Fit a calibration; of several penalties, the best one for a held-out third is taken."""
    documents = sorted({each.document for each in among})
    held = set(documents[::3])
    inner = [each for each in among if each.document not in held]
    outer = [each for each in among if each.document in held]
    penalty = PENALTIES[1]
    if len(documents) >= 6 and _has_both(inner) and _has_both(outer):
        penalty = min(PENALTIES, key=lambda p: _loss(_fitted(inner, p), outer))
    return _fitted(among, penalty)


def _loss(fitted: Calibration, among: Sequence[Observation]) -> float:
    scores = [fitted.confidence(each.field, each.score, each.signals) for each in among]
    return brier(scores, [each.is_right for each in among]) or 0.0


def _has_both(among: Sequence[Observation]) -> bool:
    return 0 < sum(each.is_right for each in among) < len(among)


def _fitted(among: Sequence[Observation], penalty: float) -> Calibration:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtra("calibrate", error) from error
    count, right = len(among), sum(each.is_right for each in among)
    if not _has_both(among):
        return Calibration(log_odds((right + 0.5) / (count + 1)))
    names = _signal_names(among)
    columns = {name: _column(among, name) for name in names}
    terms = {name: _standard(column) for name, column in columns.items()}
    terms = {name: term for name, term in terms.items() if term.deviation > 1e-9}
    fields = [name for name, size in Counter(e.field for e in among).items() if size >= MIN_FIELD]
    step = (penalty * count / FIELD_PRIOR) ** 0.5  # a field's term then costs the same at any penalty
    rows = [
        [(columns[name][i] - term.mean) / term.deviation for name, term in terms.items()]
        + [step * (each.field == name) for name in fields]
        for i, each in enumerate(among)
    ]
    if not rows[0]:
        return Calibration(log_odds((right + 0.5) / (count + 1)))
    regression = LogisticRegression(C=1 / (penalty * count), max_iter=2000)
    regression.fit(rows, [each.is_right for each in among])
    return _calibration(regression, terms, fields, step)


def _calibration(
    regression: Any, terms: Mapping[str, Term], fields: Sequence[str], step: float
) -> Calibration:
    weights = [float(weight) for weight in regression.coef_[0]]
    own = {name: step * weight for name, weight in zip(fields, weights[len(terms) :], strict=True)}
    weighted = {
        name: Term(_short(term.mean), _short(term.deviation), _short(weight))
        for (name, term), weight in zip(terms.items(), weights[: len(terms)], strict=True)
    }
    return Calibration(
        _short(float(regression.intercept_[0])), weighted, {name: _short(w) for name, w in own.items()}
    )


def _signal_names(among: Sequence[Observation]) -> list[str]:
    """Return `score`, and the signals that most observations know, where there are enough observations."""
    if len(among) < MIN_SIGNALS:
        return ["score"]
    known = Counter(name for each in among for name in each.signals)
    return ["score", *sorted(name for name, count in known.items() if count >= _KNOWN * len(among))]


def _column(among: Sequence[Observation], name: str) -> list[float]:
    """Return the values of a signal, its mean where it is not known."""
    if name == "score":
        return [log_odds(each.score) for each in among]
    known = [float(each.signals[name]) for each in among if name in each.signals]
    mean = sum(known) / len(known)
    return [float(each.signals.get(name, mean)) for each in among]


def _standard(column: Sequence[float]) -> Term:
    mean = sum(column) / len(column)
    return Term(mean, (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5, 0.0)


def _short(number: float) -> float:
    return float(f"{number:.6g}")
