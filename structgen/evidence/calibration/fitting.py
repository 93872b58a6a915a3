"""Fit a calibration to observations, and measure it on documents that it has not seen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from structgen.errors import BadRequest
from structgen.evidence.calibration.calibration import Calibration
from structgen.evidence.calibration.observations import Observation
from structgen.evidence.calibration.regression import Strength, Table, log_loss, scale_and_shift

SIGNAL_STRENGTHS = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
FIELD_STRENGTHS = (0.3, 1.0, 3.0, 10.0)
"""Strengths of the priors that are tried on held-out documents."""
DEFAULT = Strength(signals=30.0, fields=3.0)
"""What too few documents get."""
MIN_DOCUMENTS = 6
"""Documents from which the strengths are chosen."""
MAX_CHOICE = 5_000
"""Observations that choose the strengths: more documents change the choice little, and take long."""
MAX_FOLDS = 5


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
    """Fit a calibration, with the strengths of the priors that are best for held-out documents.

    Its log-odds are scaled and shifted as suits the held-out documents.
    """
    table = Table.of(among)
    if len({each.document for each in among}) < MIN_DOCUMENTS:
        return _shortened(table.fitted(DEFAULT))
    own = folds(among)
    chosen = _sample(among)
    part, numbers = table.part(chosen), [own[index] for index in chosen]
    strength, held_out = _best(part, numbers)
    scale, shift = scale_and_shift(held_out, part.is_right)
    return _shortened(table.fitted(strength), scale, shift)


def _sample(among: Sequence[Observation]) -> list[int]:
    """Return the indices of observations of whole documents, up to a number."""
    documents = sorted({each.document for each in among})
    random.Random(1).shuffle(documents)
    by_document: dict[int, list[int]] = {document: [] for document in documents}
    for index, each in enumerate(among):
        by_document[each.document].append(index)
    chosen: list[int] = []
    for number, document in enumerate(documents):
        if number >= MIN_DOCUMENTS and len(chosen) + len(by_document[document]) > MAX_CHOICE:
            break
        chosen += by_document[document]
    return sorted(chosen)


def _best(table: Table, numbers: Sequence[int]) -> tuple[Strength, Any]:
    """Return the strength with the least loss of held-out documents, and the log-odds that it gives them.

    The strength of the signals is chosen first, then that of the fields.
    """
    tried: dict[Strength, Any] = {}

    def loss(strength: Strength) -> float:
        if strength not in tried:
            tried[strength] = _held_out(table, numbers, strength)
        return log_loss(tried[strength], table.is_right)

    best = min((Strength(each, DEFAULT.fields) for each in SIGNAL_STRENGTHS), key=loss)
    best = min((Strength(best.signals, each) for each in FIELD_STRENGTHS), key=loss)
    return best, tried[best]


def _held_out(table: Table, numbers: Sequence[int], strength: Strength) -> Any:
    """Return the log-odds of each observation by a regression of the other folds."""
    log_odds = table.is_right * 0.0
    for fold in sorted(set(numbers)):
        held = [number == fold for number in numbers]
        rest = [not each for each in held]
        log_odds[held] = table.part(held).log_odds(table.part(rest).fitted(strength))
    return log_odds


def _shortened(fitted: Calibration, scale: float = 1.0, shift: float = 0.0) -> Calibration:
    """Return a calibration with scaled and shifted log-odds, its numbers rounded to six digits."""
    terms = {
        name: replace(
            term,
            mean=_short(term.mean),
            deviation=_short(term.deviation),
            weight=_short(scale * term.weight),
        )
        for name, term in fitted.terms.items()
    }
    fields = {name: _short(scale * offset) for name, offset in fitted.fields.items()}
    return replace(fitted, intercept=_short(scale * fitted.intercept + shift), terms=terms, fields=fields)


def _short(number: float) -> float:
    return float(f"{number:.6g}")
