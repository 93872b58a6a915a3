"""What an evaluation says of one document, and of all together."""

from __future__ import annotations

import pytest

from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.evaluation.summary import Evaluation

GOLD = {
    "name": "Alpine Tools Ltd",
    "total": 12.5,
    "paid": None,
    "rows": [{"sku": "A-10", "n": 4}, {"sku": "B-20", "n": 7}],
}


@pytest.mark.parametrize(
    ("answer", "field", "kind"),
    [
        pytest.param({"name": None}, "/name", "missing", id="missing"),
        pytest.param({"paid": "yes"}, "/paid", "invented", id="invented"),
        pytest.param(
            {"rows": [{"sku": "A-10", "n": 7}, {"sku": "B-20", "n": 7}]},
            "/rows/*/n",
            "other_row",
            id="other-row",
        ),
        pytest.param({"name": "A-10"}, "/name", "other_field", id="other-field"),
        pytest.param({"name": "Alpine Tools"}, "/name", "partial", id="partial"),
        pytest.param({"name": "Alpine Toois Ltd"}, "/name", "spelling", id="spelling"),
        pytest.param({"name": "Bergmann"}, "/name", "different", id="different"),
    ],
)
def test_an_error_has_its_kind(answer: dict[str, object], field: str, kind: str) -> None:
    """The kind tells where to look for the cause."""
    document = EvaluatedDocument.of("1", "text", GOLD, GOLD | answer)
    assert [(leaf.field, leaf.error) for leaf in document.leaves if not leaf.is_right] == [(field, kind)]


def test_other_notations_of_a_value_are_right_but_not_exact() -> None:
    """Case, spaces and zeros are notation."""
    document = EvaluatedDocument.of(
        "1", "text", GOLD, GOLD | {"name": "ALPINE  TOOLS LTD.", "total": "12.50"}
    )
    assert document.share_right == 1
    summary = Evaluation("run", (document,)).total()
    assert (summary.exact, summary.normalised, summary.errors.total()) == (4, 2, 0)


def test_a_document_without_an_object_misses_every_value() -> None:
    """Leaves that are absent on both sides are not counted."""
    document = EvaluatedDocument.of("1", "text", GOLD, None, problem="unsatisfied")
    evaluation = Evaluation("run", (document, EvaluatedDocument.of("2", "text", GOLD, GOLD)))
    assert evaluation.total().errors == {"missing": 6}
    assert evaluation.macro == 0.5
    assert [each.id for each in evaluation.worst()] == ["1", "2"]
    assert evaluation.to_json()["without_object"] == 1


def test_a_missing_row_does_not_shift_the_rows_behind_it() -> None:
    """Items are aligned by what they share."""
    document = EvaluatedDocument.of("1", "text", GOLD, GOLD | {"rows": GOLD["rows"][1:]})
    assert [(leaf.gold_pointer, leaf.error) for leaf in document.leaves if leaf.error] == [
        ("/rows/0/sku", "missing"),
        ("/rows/0/n", "missing"),
    ]
