"""A calibration makes scores probabilities, and its report says what they are worth on unseen documents."""

from __future__ import annotations

import itertools
import math
import random
import sys
from collections.abc import Sequence
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen import json_text
from structgen.errors import BadRequest, MissingExtra
from structgen.evidence.calibration.calibrate import calibrate
from structgen.evidence.calibration.calibration import Calibration, Term, log_odds
from structgen.evidence.calibration.fitting import cross_fitted, fit, folds
from structgen.evidence.calibration.observations import Observation, read_row, read_rows
from structgen.evidence.calibration.regression import scale_and_shift
from structgen.evidence.calibration.report import report
from structgen.evidence.statistics import brier, ece
from structgen.types import Evidence

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["document", "pages", "data", "gold", "evidence", "/total", "kind"]), inner
        )
    ),
    max_leaves=10,
)


def drawn(
    count: int, *, seed: int = 1, fields: Sequence[str] = ("/a", "/b"), **strength: float
) -> list[Observation]:
    """Draw leaves whose log-odds of being right are the weighted sum of their signals, and of their field."""
    dice = random.Random(seed)
    leaves = []
    for index in range(count):
        name = dice.choice(fields)
        signals = {"token_probability": dice.random(), "noise": dice.gauss(0, 1)}
        score = dice.random()
        total = strength.get("score", 2.0) * (log_odds(score)) / 2
        total += strength.get("token", 0.0) * (signals["token_probability"] - 0.5)
        total += strength.get("field", 0.0) * (1 if name == fields[0] else -1)
        is_right = dice.random() < 1 / (1 + math.exp(-total))
        leaves.append(Observation(index // 10, name, score, signals, is_right))
    return leaves


def row(total: Any, gold: Any, text: str = "Total: 12.50") -> dict[str, Any]:
    return {"document": text, "data": {"total": total}, "gold": {"total": gold}}


def test_confidences_of_unseen_documents_are_probabilities() -> None:
    """The report finds a small error of calibration, and a ranking that is not worse than the score's."""
    among = drawn(2000, score=1.0)
    account = report(among, cross_fitted(among))
    assert account.ranks
    assert account.ece < 0.05
    assert account.auroc is not None
    assert account.auroc_of_score is not None
    assert account.auroc > account.auroc_of_score - 0.01
    assert sum(each.count for each in account.bins) == account.count == 2000
    assert [each.precision for each in account.coverage] == [0.99, 0.995]
    assert account.interval[0] < account.share_right < account.interval[1]


def test_signals_beside_the_score_mend_the_ranking() -> None:
    """A signal that tells right from wrong where the score tells nothing is found."""
    among = drawn(1500, score=0.0, token=8.0)
    account = report(among, cross_fitted(among))
    assert account.auroc_of_score is not None
    assert account.auroc is not None
    assert account.auroc_of_score < 0.6 < 0.85 < account.auroc


def test_a_field_with_rows_of_its_own_has_its_own_term() -> None:
    """Fields that are right more or less often than others differ; one with few rows is pooled."""
    among = [*drawn(1200, field=1.5), Observation(999, "/rare", 0.5, {}, False)]
    fitted = fit(among)
    assert fitted.fields["/a"] > 0.5
    assert fitted.fields["/b"] < -0.5
    assert "/rare" not in fitted.fields
    assert (
        fitted.confidence("/a", 0.5, {})
        > fitted.confidence("/rare", 0.5, {})
        > fitted.confidence("/b", 0.5, {})
    )


def test_a_field_is_as_sure_as_its_rows_are_right() -> None:
    """Where scores tell nothing, forty rows make the confidence of a field the share that is right."""
    shares = {"/a": 0.95, "/b": 0.5, "/c": 0.1}
    among = [
        Observation(index, name, 0.5 + index % 5 / 50, {}, (7 * index) % 20 < 20 * share)
        for index in range(40)
        for name, share in shares.items()
    ]
    fitted = fit(among)
    told = {name: fitted.confidence(name, 0.54, {}) for name in shares}
    assert told == pytest.approx(shares, abs=0.1)


def test_a_calibration_of_few_documents_is_not_too_sure() -> None:
    """Signals that tell nothing do not push confidences towards 0 and 1 for documents that it never saw."""
    dice = random.Random(5)

    def noisy(documents: range) -> list[Observation]:
        return [
            Observation(index, "/a", 0.5, {f"s{n}": dice.gauss(0, 1) for n in range(40)}, dice.random() < 0.5)
            for index in documents
            for _ in range(8)
        ]

    fitted, unseen = fit(noisy(range(40))), noisy(range(40, 240))
    told = [fitted.confidence(each.field, each.score, each.signals) for each in unseen]
    assert ece(told, [each.is_right for each in unseen]) == pytest.approx(0, abs=0.08)
    assert brier(told, [each.is_right for each in unseen]) == pytest.approx(0.25, abs=0.01)


@given(st.floats(0.4, 3), st.floats(-1, 1), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)  # the first call imports scikit-learn
def test_held_out_log_odds_are_scaled(scale: float, shift: float, seed: int) -> None:
    """Log-odds that are too large by a factor, and shifted, are brought back to those that are right."""
    dice = numpy.random.default_rng(seed)
    right = dice.normal(0, 2, 4000)
    labels = dice.random(4000) < 1 / (1 + numpy.exp(-right))
    found = scale_and_shift((right - shift) / scale, labels)
    assert found == pytest.approx((scale, shift), abs=0.2 + 0.15 * scale)  # the priors pull a little


@pytest.mark.parametrize(
    ("among", "reason"),
    [
        pytest.param(drawn(60), "60 leaves, at least 100 are needed", id="too-few"),
        pytest.param(drawn(600, score=0.0), "AUROC", id="scores-that-tell-nothing"),
        pytest.param(
            [Observation(i, "/a", 0.5, {}, True) for i in range(200)], "all leaves are right", id="one-class"
        ),
        pytest.param([Observation(i, "/a", 0.5, {}, i % 3 == 0) for i in range(200)], "bins", id="one-score"),
    ],
)
def test_a_calibration_that_cannot_rank_says_why(among: list[Observation], reason: str) -> None:
    """Too few leaves, a low AUROC, or confidences in fewer than three bins are no ranking."""
    account = report(among, cross_fitted(among))
    assert not account.ranks
    assert account.verdict.startswith("cannot rank: ")
    assert reason in account.verdict
    assert json_text.loads(json_text.dumps(account.to_json()))["ranks"] is False


def test_the_verdict_says_how_many_fields_to_review() -> None:
    """A reader gets the share to look at for the rest to be right often enough."""
    among = drawn(3000, score=4.0)
    verdict = report(among, cross_fitted(among)).verdict
    assert "of the fields to be right in 99% of the rest; review " in verdict
    assert "99.5%" in verdict


@given(st.lists(st.integers(0, 12), min_size=2, max_size=60))
def test_no_document_is_in_two_folds(documents: list[int]) -> None:
    """The leaves of a document are held out together; one document alone is refused."""
    among = [Observation(document, "/a", 0.5, {}, True) for document in documents]
    if len(set(documents)) < 2:
        with pytest.raises(BadRequest, match="of 1 documents"):
            folds(among)
        return
    own = list(zip(documents, folds(among), strict=True))
    assert len(set(own)) == len(set(documents))
    assert len({fold for _, fold in own}) == min(5, len(set(documents)))


def test_a_calibration_file_gives_confidences() -> None:
    """A file that was written and read again gives the same confidences, and only where there is a score."""
    fitted, account = calibrate(
        [row(12.5, 12.5) if n % 3 else row(11.5, 12.5) for n in range(120)],
        {"type": "object", "properties": {"total": {"type": "number"}}},
    )
    again = Calibration.from_json(json_text.loads(json_text.dumps(fitted.to_json())))
    assert again == fitted
    assert account.documents == 120
    evidence = {"/total": Evidence("exact", 0, 1, score=0.9, signals={}), "/tax": Evidence("none")}
    told = Calibration(0.0, {"score": Term(0.0, 1.0, 1.0)}).applied(evidence, {"total": 1, "tax": 2})
    assert told["/total"].confidence == pytest.approx(0.9)
    assert told["/tax"].confidence is None


def test_a_calibration_that_cannot_rank_gives_no_confidence() -> None:
    """What cannot tell right from wrong is never called confidence."""
    evidence = {"/total": Evidence("exact", 0, 1, score=0.9, signals={})}
    assert Calibration(0.0, ranks=False).applied(evidence, {"total": 1}) == evidence


def test_rows_of_a_list_share_their_field() -> None:
    """The term of a field counts for each item of a list."""
    given = Calibration(0.0, fields={"/items/*/n": 2.0})
    evidence = {f"/items/{i}/n": Evidence("exact", 0, 1, score=0.5) for i in range(2)}
    told = given.applied(evidence, {"items": [{"n": 1}, {"n": 2}]})
    assert {proof.confidence for proof in told.values()} == {1 / (1 + math.exp(-2.0))}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "no calibration"),
        ([], "no calibration"),
        ({"kind": "structgen-calibration", "version": 9}, "version 9"),
        ({"kind": "structgen-calibration", "version": 1, "intercept": "x"}, "damaged"),
    ],
)
def test_another_file_is_refused(data: Any, message: str) -> None:
    """A file of another kind or version says so, and what to do."""
    with pytest.raises(BadRequest, match=message):
        Calibration.from_json(data)


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        (7, [""]),
        ({}, ["/document", "/data", "/gold"]),
        ({"document": "x", "pages": ["x"], "data": 1, "gold": 1}, ["/pages"]),
        ({"document": 1, "data": 1, "gold": 1}, ["/document"]),
        ({"pages": [], "data": 1, "gold": 1}, ["/pages"]),
        ({"document": "x", "data": 1, "gold": 1, "prompt": 5}, ["/prompt"]),
        ({"document": "x", "data": 1, "gold": 1, "evidence": 5}, ["/evidence"]),
        ({"document": "x", "data": 1, "gold": 1, "evidence": {"/a": {"kind": "odd"}}}, ["/evidence/~1a"]),
    ],
)
def test_a_faulty_row_names_its_fields(data: Any, pointers: list[str]) -> None:
    """Every fault has the pointer of the row and of the field in it."""
    faults = read_row(data)
    assert isinstance(faults, list)
    assert [fault.pointer for fault in faults] == pointers
    with pytest.raises(BadRequest) as caught:
        read_rows([row(1, 1), data])
    assert [fault.pointer for fault in caught.value.violations] == [f"/rows/1{each}" for each in pointers]


@given(JSON)
@settings(max_examples=200)
def test_any_json_is_a_row_or_has_faults(data: Any) -> None:
    """No row is an error of the program."""
    assert read_row(data)


def test_evidence_of_the_extraction_is_kept() -> None:
    """Signals that only the engine knows reach the calibration."""
    rows = []
    for n in range(200):
        probability = (n % 10) / 10
        told = {"kind": "exact", "candidates": 1, "score": 0.5, "signals": {"token_probability": probability}}
        rows.append({**row(12.5 if probability > 0.4 else 11.5, 12.5), "evidence": {"/total": told}})
    more = [{**each, "data": {"total": each["data"]["total"], "note": "x"}} for each in rows]
    fitted, _ = calibrate(more)
    assert fitted.terms.keys() >= {"score"}
    evidenced = [
        {**each, "evidence": {**each["evidence"], "/note": each["evidence"]["/total"]}} for each in more
    ]
    assert "token_probability" in calibrate(evidenced)[0].terms


def test_rows_without_leaves_are_refused() -> None:
    """There is nothing to calibrate, and the message says so."""
    empty = {"document": "x", "data": {}, "gold": {}}
    with pytest.raises(BadRequest, match="no leaves"):
        calibrate([empty, empty])


def test_without_the_extra_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """scikit-learn is needed to fit, and only then."""
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(MissingExtra, match=r"structgen-server\[calibrate\]"):
        fit(drawn(50))
    assert 0 < Calibration(0.0).confidence("/a", 0.5, {}) < 1


def test_bins_of_the_report_are_in_order() -> None:
    """Reliability bins go from the lowest confidences to the highest."""
    among = drawn(500)
    bins = report(among, cross_fitted(among)).bins
    assert all(a.mean_score < b.mean_score for a, b in itertools.pairwise(bins))
