"""Evaluations of whole data sets, from Python: rows, lists, records and comparisons."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen import json_text
from structgen.errors import BadRequest
from structgen.evidence.evaluation import Evaluation, compare_runs, evaluate, from_record, to_record
from structgen.evidence.evaluation.paired import MIN_DOCUMENTS, paired_interval
from structgen.evidence.evaluation.rows import Answer, read_answer

GOLD = {"name": "Alpine Tools", "total": 12.5, "rows": [{"sku": "A-10", "n": 4}, {"sku": "B-20", "n": 7}]}
TEXT = "Alpine Tools\nA-10 4\nB-20 7\ntotal 12.50"
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
)


def rows(count: int, gold: Any = GOLD) -> list[dict[str, Any]]:
    return [{"id": f"d{number}", "document": TEXT, "gold": gold} for number in range(count)]


def run(count: int, wrong: int, name: str = "run") -> Evaluation:
    """Evaluate documents of which the first ones have a wrong total."""
    answers = {f"d{number}": GOLD | ({"total": 1} if number < wrong else {}) for number in range(count)}
    return evaluate(rows(count), answers, name=name)


@given(values)
@settings(max_examples=60, deadline=None)
def test_an_object_is_right_against_itself(value: Any) -> None:
    """There is no error, and all items of lists are complete but those without values."""
    evaluation = evaluate([{"document": "text", "gold": value}], {"1": value}, evidence=False)
    assert (evaluation.total().errors.total(), evaluation.macro) == (0, 1)
    for listed in evaluation.lists():
        assert listed.expected == listed.found >= listed.matched == listed.complete
        assert listed.duplicates == 0


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30, unique=True), st.data())
@settings(max_examples=40, deadline=None)
def test_a_dropped_row_has_exactly_its_leaves_missing(numbers: list[int], data: st.DataObject) -> None:
    """The other rows stay right, wherever the dropped one was."""
    gold = [{"sku": f"S{number}", "n": number, "at": f"row {number}"} for number in numbers]
    dropped = data.draw(st.integers(0, len(gold) - 1))
    answer = gold[:dropped] + gold[dropped + 1 :]
    evaluation = evaluate([{"document": "text", "gold": gold}], {"1": answer}, evidence=False)
    (document,) = evaluation.documents
    assert dict(evaluation.total().errors) == {"missing": 3}
    assert {leaf.gold_pointer for leaf in document.leaves if leaf.error} == {
        f"/{dropped}/{name}" for name in ("sku", "n", "at")
    }
    (listed,) = evaluation.lists()
    assert (listed.expected, listed.found, listed.matched) == (len(gold), len(gold) - 1, len(gold) - 1)


counts = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)).map(
        lambda n: (min(n[0], n[1]), n[1], min(n[2], n[3]), n[3])
    ),
    min_size=MIN_DOCUMENTS,
    max_size=20,
)


@given(counts)
@settings(max_examples=50, deadline=None)
def test_the_paired_interval_is_symmetric(pairs: list[tuple[int, int, int, int]]) -> None:
    """Runs that change places turn the interval around 0."""
    low, high = paired_interval(pairs, 200) or (0, 0)
    turned = paired_interval([(c, d, a, b) for a, b, c, d in pairs], 200)
    assert low <= high
    assert turned == (-high, -low)


def test_the_interval_holds_the_true_difference_in_most_samples() -> None:
    """Of 100 samples with a true difference of 0.1, nearly 95 have it in their interval."""
    source, hits = random.Random(1), 0
    for _ in range(100):
        sample = []
        for _ in range(40):
            old = [source.random() for _ in range(10)]
            sample.append((sum(x < 0.8 for x in old), 10, sum(x < 0.9 for x in old), 10))
        low, high = paired_interval(sample, 400) or (0, 0)
        hits += low <= 0.1 <= high
    assert 86 <= hits <= 100


def test_repeated_rows_are_duplicates_unless_the_gold_list_repeats_them() -> None:
    """A row that is there twice is found once."""
    row = {"sku": "A-10", "n": 4}
    (listed,) = evaluate(rows(1, {"rows": [row]}), {"d0": {"rows": [row, row, row]}}).lists()
    assert (listed.expected, listed.found, listed.matched, listed.duplicates) == (1, 3, 1, 2)
    assert (listed.recall, listed.precision) == (1, 1 / 3)
    (listed,) = evaluate(rows(1, {"rows": [row, row]}), {"d0": {"rows": [row, row]}}).lists()
    assert (listed.matched, listed.duplicates) == (2, 0)


def test_rows_with_their_lists_in_another_order_are_no_duplicates_of_each_other() -> None:
    """What counts as one row twice does not depend on the order of the lists inside of it."""
    gold = {"rows": [{"sizes": [1, 2]}, {"sizes": [2, 1]}]}
    answer = {"rows": [{"sizes": [1, 2]}, {"sizes": [1, 2]}]}
    listed, _ = evaluate(rows(1, gold), {"d0": answer}).lists()
    assert (listed.field, listed.matched, listed.complete, listed.duplicates) == ("/rows", 2, 2, 0)


def test_a_row_with_a_wrong_or_an_additional_value_is_not_complete() -> None:
    """It is matched by its other values."""
    answer = {"rows": [{"sku": "A-10", "n": 5}, {"sku": "B-20", "n": 7, "more": "x"}]}
    (listed,) = evaluate(rows(1, {"rows": GOLD["rows"]}), {"d0": answer}).lists()
    assert (listed.matched, listed.complete) == (2, 0)


def test_documents_without_an_answer_or_an_object_have_all_values_missing() -> None:
    """The problem says why; a failure counts as wrong even where there is nothing to miss."""
    answers = [Answer("d0", problem="incomplete: the tokens ended"), {"id": "d2", "data": GOLD}]
    evaluation = evaluate(rows(3), answers)
    assert [document.problem for document in evaluation.documents] == [
        "incomplete: the tokens ended",
        "there is no answer for this document",
        None,
    ]
    assert dict(evaluation.total().errors) == {"missing": 12}
    assert evaluate(rows(1, {"paid": None}), {}).macro == 0


def test_answers_without_evidence_are_grounded_and_scored() -> None:
    """Their scores are measured; without evidence there are none."""
    evaluation = run(3, 1)
    (document, *_) = evaluation.documents
    assert (document.evidence["/name"].kind, document.evidence["/name"].start) == ("exact", 0)
    scores = evaluation.scores()
    assert scores is not None
    assert (scores.member, scores.to_json()["count"]) == ("score", 18)
    assert evaluate(rows(1), {"d0": GOLD}, evidence=False).scores() is None


def test_rows_of_extractions_are_answers() -> None:
    """Rows with a source and whole results name their documents, models and schemas."""
    with_source = {"source": "set.jsonl:1", "schema_hash": "h", "data": GOLD}
    full = {"id": "ab12", "document_id": 7, "status": "completed", "data": GOLD, "attempts": [], "model": "m",
            "schema": {"name": "s", "hash": "h"}, "evidence": {"/name": {"kind": "exact", "start": 0, "end": 6, "candidates": 1}}}  # fmt: skip
    failed = {"source": "c.txt", "data": None, "error": {"type": "/problems/unsatisfied", "detail": "no"}}
    given_rows = [
        {"document": TEXT, "gold": GOLD},
        *({"id": i, "document": TEXT, "gold": GOLD} for i in (7, "c.txt")),
    ]
    evaluation = evaluate(given_rows, [with_source, full, failed])
    assert [document.problem for document in evaluation.documents] == [None, None, "unsatisfied: no"]
    assert list(evaluation.documents[1].evidence) == ["/name"]
    assert evaluation.run == {"models": ["m"], "schemas": [{"name": "s", "hash": "h"}], "prompts": []}


@pytest.mark.parametrize(
    ("faulty", "message"),
    [
        pytest.param([1], "/0: a row is an object", id="no-object"),
        pytest.param([{"document": "x"}], "/0/gold: the row has no `gold`", id="no-gold"),
        pytest.param([{"gold": 1}], "/0/document: the row has neither", id="no-document"),
        pytest.param([{"document": "x", "pages": ["x"], "gold": 1}], "/0/pages: the row has", id="both"),
        pytest.param([{"pages": [1], "gold": 1}], "/0/pages: the pages are not a list", id="pages"),
        pytest.param([{"document": "x", "gold": '{"a": 1}'}], "/0/gold: the gold value is a text", id="text"),
        pytest.param([{"id": True, "document": "x", "gold": 1}], "/0/id: an id is", id="id"),
        pytest.param([{"document": "x", "gold": 1, "schema": "s"}], "/0/schema: the schema", id="schema"),
        pytest.param([{"document": "x", "gold": 1, "id": 1}] * 2, "two rows have the id '1'", id="twice"),
    ],
)
def test_a_faulty_row_is_named(faulty: list[Any], message: str) -> None:
    """The pointer leads to the row and its member."""
    with pytest.raises(BadRequest) as caught:
        evaluate(faulty, {})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        pytest.param([{"data": 1}], "/0/id: the answer has neither", id="no-id"),
        pytest.param([{"id": "d0"}], "/0/data: the answer has neither", id="no-data"),
        pytest.param([{"id": "d0", "data": 1, "evidence": {"/": 1}}], "/0/evidence/~1: this is no", id="evidence"),
        pytest.param([{"id": "x", "data": 1}], "'x' names no document", id="unknown"),
        pytest.param([{"id": "d0", "data": 1}] * 2, "two answers are for the document 'd0'", id="twice"),
    ],
)  # fmt: skip
def test_a_faulty_answer_is_named(answers: list[Any], message: str) -> None:
    """Answers without a document, or two to one, are refused: they would be counted wrongly."""
    with pytest.raises(BadRequest) as caught:
        evaluate(rows(1), answers)
    assert message in str(caught.value)


@given(values)
@settings(max_examples=60, deadline=None)
def test_no_value_breaks_the_reader_of_answers(value: Any) -> None:
    """A row is an answer, or has faults."""
    for row in (value, {"id": 1, "data": value}, {"source": value, "error": value, "evidence": value}):
        assert isinstance(read_answer(row), Answer | list)


def test_a_record_is_read_again() -> None:
    """Pages, problems and evidence survive; the numbers are the same."""
    given_rows = [{"id": "p", "pages": ["Alpine Tools", "", "12.50"], "gold": GOLD}, *rows(2)]
    evaluation = evaluate(given_rows, {"p": GOLD, "d0": GOLD | {"total": 3}}, name="first")
    record = json_text.loads(json_text.dumps(to_record(evaluation)))
    again = from_record(record)
    assert json_text.loads(json_text.dumps(to_record(again))) == record
    assert next(each for each in record["documents"] if each["id"] == "p")["pages"] == given_rows[0]["pages"]
    assert evaluate(record["documents"], record["documents"]).macro == evaluation.macro


@pytest.mark.parametrize(
    "record", [None, {}, {"evaluation": 9}, {"evaluation": 1}, {"evaluation": 1, "name": "", "run": {}, "documents": [1]}]
)  # fmt: skip
def test_what_is_no_record_is_refused(record: Any) -> None:
    """The message says what is expected."""
    with pytest.raises(BadRequest, match="evaluation"):
        from_record(record)


def test_a_comparison_tells_what_got_better() -> None:
    """Totals, fields and leaves are paired by document; runs that exchange places exchange their signs."""
    comparison = compare_runs(run(20, 12, "old"), run(20, 2, "new"))
    assert (comparison.total.fixed, comparison.total.broken, comparison.total.verdict) == (10, 0, "better")
    by_field = {each.field: each for each in comparison.fields}
    assert by_field["/total"].difference == pytest.approx(0.5)
    assert by_field["/name"].interval == (0, 0)
    assert {leaf.pointer for leaf in comparison.fixed} == {"/total"}
    turned = compare_runs(run(20, 2, "new"), run(20, 12, "old"))
    assert (turned.total.difference, turned.total.verdict) == (-comparison.total.difference, "worse")
    assert turned.total.interval == tuple(-edge for edge in reversed(comparison.total.interval or ()))


@pytest.mark.parametrize(("count", "wrong"), [(20, (4, 4)), (20, (5, 4)), (MIN_DOCUMENTS - 1, (4, 0))])
def test_small_differences_and_few_documents_tell_nothing(count: int, wrong: tuple[int, int]) -> None:
    """The interval holds 0, or there is none."""
    comparison = compare_runs(run(count, wrong[0]), run(count, wrong[1]))
    assert comparison.total.verdict == "no difference can be told"


def test_a_comparison_names_what_differs_between_the_runs() -> None:
    """What only one of the runs knows is no difference."""
    answer = {"id": "d0", "data": GOLD}
    old = evaluate(rows(1), [answer | {"model": "a", "schema_hash": "1"}])
    new = evaluate(rows(1), [answer | {"model": "b", "prompt": "count"}])
    assert compare_runs(old, new).changes == {"models": (["a"], ["b"]), "prompts": ([], ["count"])}


def test_documents_of_one_run_alone_are_named_and_other_gold_values_are_evaluated_again() -> None:
    """The gold values of the new run count for both."""
    old = evaluate([*rows(1), {"id": "gone", "document": TEXT, "gold": GOLD}], {"d0": GOLD, "gone": GOLD})
    mended = [{"id": name, "document": TEXT, "gold": GOLD | {"total": 13}} for name in ("d0", "more")]
    comparison = compare_runs(old, evaluate(mended, {"d0": GOLD | {"total": 13}, "more": GOLD}))
    assert (comparison.only_old, comparison.only_new) == (("gone",), ("more",))
    assert (comparison.total.old, comparison.total.new, comparison.total.fixed) == (5 / 6, 1, 1)


def test_an_invented_value_that_stays_is_neither_fixed_nor_broken() -> None:
    """Values without a gold leaf are the same by field and value."""
    extra = GOLD | {"note": "x"}
    comparison = compare_runs(evaluate(rows(1), {"d0": extra}), evaluate(rows(1), {"d0": extra}))
    assert (comparison.fixed, comparison.broken) == ((), ())
    comparison = compare_runs(evaluate(rows(1), {"d0": extra}), evaluate(rows(1), {"d0": GOLD}))
    assert [leaf.answer for leaf in comparison.fixed] == ["x"]


def test_long_lists_take_bounded_time() -> None:
    """3,000 rows, of which every third is wrong or missing."""
    gold = [{"sku": f"S{n}", "n": n % 50, "name": f"part {n % 700}"} for n in range(3_000)]
    answer = [row | ({"n": 99} if n % 3 == 1 else {}) for n, row in enumerate(gold) if n % 3]
    started = time.process_time()
    evaluation = evaluate(rows(1, gold), {"d0": answer}, evidence=False)
    assert time.process_time() - started < 10
    assert evaluation.total().errors["missing"] == 3_000
    (listed,) = evaluation.lists()
    assert (listed.matched, listed.complete) == (2_000, 1_000)


def test_a_text_with_a_number_is_no_other_notation_of_it() -> None:
    """Only a value that is a number as a whole has the error `notation`."""
    gold = {"a": "potting soil 20 l", "b": 12.5}
    document = evaluate(rows(1, gold), {"d0": {"a": "potting soil 20", "b": "about EUR 12.50"}}).documents[0]
    assert [leaf.error for leaf in document.leaves] == ["partial", "notation"]
