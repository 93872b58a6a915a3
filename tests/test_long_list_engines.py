"""The engine that knows the truth answers with the rows of its prompt, and makes the faults it is told to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from long_lists_documents import document
from long_lists_engines import TruthEngine
from long_lists_families import GROUPS
from long_lists_faults import FAULTS
from long_lists_reading import Truth, projected
from long_lists_scoring import score

from structgen.engines.base import Constraint, EngineRequest
from structgen.types import Conversation, Message

VALUES = GROUPS["values"]
AMBIGUOUS = {"two_sides"}
"""Styles in which rows of the same text may stand in two lists."""


def answer(engine: TruthEngine, text: str, schema: Any) -> Any:
    prompt = Conversation((Message("system", "Answer."), Message("user", f"Read this.\n\n{text}")))
    return engine.answer(EngineRequest(prompt, Constraint(schema, "key")))


@pytest.fixture
def engine() -> TruthEngine:
    return TruthEngine()


@pytest.mark.parametrize("style", sorted({*GROUPS["all"]} - AMBIGUOUS))
def test_the_whole_document_gives_the_gold_object(engine: TruthEngine, style: str) -> None:
    """The answer to a whole document is its gold object."""
    for seed in range(8):
        generated = document(style, seed)
        engine.read(generated)
        assert answer(engine, generated.text, generated.schema) == generated.gold


@pytest.mark.parametrize("style", VALUES)
def test_lines_give_the_plain_values_on_them(style: str) -> None:
    """The rows of some lines are the values on these, in their order."""
    for seed in range(8):
        generated = document(style, seed)
        for pointer, ranges in generated.spans.items():
            texts = [generated.text[a:b] for a, b in ranges]
            if len(ranges) < 4 or len(set(texts)) < len(texts):
                continue
            start = generated.text.rfind("\n", 0, ranges[1][0]) + 1
            end = generated.text.find("\n", ranges[-2][1])
            rows = [row for row in Truth(generated).rows_in(generated.text[start:end]) if row[0] == pointer]
            assert rows == [(pointer, i) for i, (a, b) in enumerate(ranges) if start <= a and b <= end]


@pytest.mark.parametrize("style", sorted({*GROUPS["all"]} - {"sections", "sections_of_cards"}))
def test_a_part_of_the_text_gives_its_rows(style: str) -> None:
    """The rows of a part that is cut between rows are those of the part, in their order."""
    for seed in range(8):
        generated = document(style, seed)
        for pointer, ranges in generated.spans.items():
            texts = [generated.text[a:b] for a, b in ranges]
            if len(ranges) < 4 or len(set(texts)) < len(texts):
                continue
            part = generated.text[ranges[1][0] : ranges[-2][1]]
            rows = [row for row in Truth(generated).rows_in(part) if row[0] == pointer]
            assert rows == [(pointer, i) for i in range(1, len(ranges) - 1)]


def test_a_row_under_its_day_is_told_from_the_same_row_elsewhere(engine: TruthEngine) -> None:
    """Rows of one text have the values of the heading above them."""
    generated = document("days", 2, 400)
    engine.read(generated)
    assert answer(engine, generated.text, generated.schema) == generated.gold


def test_the_answer_has_the_shape_of_the_schema(engine: TruthEngine) -> None:
    """A schema of the list alone, of a row or of nullable values gets what it names."""
    generated = document("fixed", 4, 6)
    engine.read(generated)
    name = next(name for name, value in generated.gold.items() if isinstance(value, list))
    rows, listed = generated.gold[name], generated.schema["properties"][name]
    assert answer(engine, generated.text, {"type": "object", "properties": {name: listed}}) == {name: rows}
    assert answer(engine, generated.text, listed) == rows
    start, end = generated.spans[f"/{name}"][2]
    assert answer(engine, generated.text[start:end], listed["items"]) == rows[2]
    nullable = {
        "type": "object",
        "properties": {"other": {"type": ["string", "null"]}},
        "required": ["other"],
    }
    assert answer(engine, "nothing", nullable) == {"other": None}


def test_references_and_alternatives_are_followed() -> None:
    """The parts of a lowered schema are found behind `$ref` and `anyOf`."""
    schema = {
        "type": "object",
        "properties": {"rows": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/rows"}]}},
        "$defs": {"rows": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}}},
    }
    assert projected({"rows": [{"a": 1, "b": 2}]}, schema) == {"rows": [{"a": 1}]}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_made_once_or_always(fault: str) -> None:
    """A fault spoils the first answer; the second one too where it persists."""
    generated = document("group_column" if fault == "misplace" else "fixed", 3, 120)
    for persistent in (False, True):
        engine = TruthEngine(fault, persistent=persistent)
        engine.read(generated)
        first, second = (answer(engine, generated.text, generated.schema) for _ in range(2))
        assert first != generated.gold
        assert (second == generated.gold) != persistent


@pytest.mark.parametrize(
    ("fault", "complete", "precise", "exact"),
    [
        ("lazy-40", False, True, True),
        ("skip", False, True, True),
        ("repeat", True, False, True),
        ("invent", True, False, True),
        ("swap", True, True, False),
    ],
)
def test_each_fault_has_its_own_measure(fault: str, complete: bool, precise: bool, exact: bool) -> None:
    """Left out rows lower recall, more rows precision, exchanged values the exactness of rows."""
    generated = document("fixed", 3, 120)
    engine = TruthEngine(fault)
    engine.read(generated)
    counts = score(generated.gold, answer(engine, generated.text, generated.schema))
    assert (counts.recall == 1, counts.precision == 1, counts.right == counts.values) == (
        complete,
        precise,
        exact,
    )


def test_bounds_are_obeyed_where_they_are_told_to_be() -> None:
    """With `obeys_bounds` a list has at least `minItems` rows."""
    generated = document("fixed", 3, 60)
    name = next(name for name, value in generated.gold.items() if isinstance(value, list))
    listed = {**generated.schema["properties"][name], "minItems": 60}
    schema = {"type": "object", "properties": {name: listed}}
    for obeys, length in ((False, 40), (True, 60)):
        engine = TruthEngine("lazy-40", persistent=True, obeys_bounds=obeys)
        engine.read(generated)
        assert len(answer(engine, generated.text, schema)[name]) == length
