"""Items of a list are delivered one by one: each once, in order, and never withdrawn."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, RootModel, field_validator

from structgen import Generator, Schema
from structgen.engines.base import Constraint
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import EngineUnavailable, Incomplete, InvalidSchema, StructgenError, Unsatisfied
from structgen.schema.list_items import ListSchema
from structgen.types import Limits


class Row(BaseModel):
    a: int = Field(ge=0)

    @field_validator("a")
    @classmethod
    def _not_thirteen(cls, a: int) -> int:
        if a == 13:
            raise ValueError("thirteen is unlucky")
        return a


class Rows(RootModel[list[Row]]):
    pass


NUMBERS = {"type": "array", "items": {"type": "integer", "minimum": 0}}


def delivered(engine: FakeEngine, schema: Any, **options: Any) -> tuple[list[Any], StructgenError | None]:
    """Return the items that came, and the error after them."""
    items = []
    with Generator(engine) as generator:
        try:
            for item in generator.iter_extract(schema, "the document", **options):
                items.append(item)
        except StructgenError as error:
            return items, error
    return items, None


KINDS: list[Any] = [
    pytest.param(list[Row], '[{"a":1},{"a":2}]', [Row(a=1), Row(a=2)], id="list"),
    pytest.param(Row, '[{"a":1},{"a":2}]', [Row(a=1), Row(a=2)], id="type-of-the-items"),
    pytest.param(Rows, '[{"a":1}]', [Row(a=1)], id="root-model"),
    pytest.param(Annotated[list[Row], Field(min_length=1)], '[{"a":1}]', [Row(a=1)], id="annotated"),
    pytest.param(set[int], "[1,2]", [1, 2], id="set"),
    pytest.param(tuple[int, ...], "[1,2]", [1, 2], id="tuple"),
    pytest.param(tuple[int, str], '[1,"a"]', [1, "a"], id="tuple-of-types"),
    pytest.param(int, "[1,2]", [1, 2], id="scalar"),
    pytest.param(NUMBERS, "[1,2]", [1, 2], id="json-schema"),
    pytest.param(Schema.parse(NUMBERS), "[1,2]", [1, 2], id="schema"),
    pytest.param(list[Row], "[]", [], id="empty"),
]


@pytest.mark.parametrize(("schema", "reply", "items"), KINDS)
def test_items_have_the_type_of_the_list(schema: Any, reply: str, items: list[Any]) -> None:
    """Items of a type are typed, others are plain JSON."""
    assert delivered(FakeEngine([reply]), schema) == (items, None)


@pytest.mark.parametrize("schema", [{"type": "object"}, {"type": ["array", "null"]}, True], ids=str)
def test_a_schema_without_a_list_is_refused(schema: Any) -> None:
    """A JSON Schema has to be that of a list; the error shows one."""
    engine = FakeEngine(["[1]"])
    items, error = delivered(engine, schema)
    assert isinstance(error, InvalidSchema)
    assert '{"type": "array"' in str(error)
    assert not items
    assert not engine.requests


def test_an_item_comes_before_the_list_is_complete() -> None:
    """The first item is there while the model still writes, and closing the iterator stops the model."""
    engine = FakeEngine([Reply('[{"a":1},' + '{"a":2},' * 2_000 + '{"a":3}]', delay=0.001)])
    with Generator(engine) as generator:
        items = generator.iter_extract(Row, "the document")
        assert next(items) == Row(a=1)
        items.close()
        assert engine.cancelled == 1


def test_a_slow_reader_holds_the_generation() -> None:
    """No more than a few events wait for the reader."""
    engine = FakeEngine(["[" + ",".join(map(str, range(2_000))) + "]"])
    with Generator(engine) as generator:
        items = generator.iter_extract(list[int], "the document")
        assert [next(items) for _ in range(3)] == [0, 1, 2]
        assert engine.cancelled == 0
        items.close()
        assert engine.cancelled == 1  # it had not run ahead to its end


def test_an_invalid_item_stops_the_delivery_until_a_retry() -> None:
    """The retry keeps the delivered items by its grammar, and goes on after them."""
    engine = FakeEngine(['[{"a":1},{"a":-2},{"a":3}]', '[{"a":1},{"a":2},{"a":3}]'])
    assert delivered(engine, Row) == ([Row(a=1), Row(a=2), Row(a=3)], None)
    constraint = engine.requests[1].constraint
    assert isinstance(constraint, Constraint)
    assert isinstance(constraint.schema, dict)
    assert constraint.schema["allOf"][-1] == {
        "type": "array",
        "prefixItems": [{"const": {"a": 1}}],
        "minItems": 1,
    }


def test_validators_of_the_type_judge_each_item() -> None:
    """An item that only Python's validators reject is not delivered."""
    engine = FakeEngine(['[{"a":1},{"a":13}]', '[{"a":1},{"a":14}]'])
    assert delivered(engine, Row) == ([Row(a=1), Row(a=14)], None)


def test_a_list_that_differs_from_the_delivered_items_is_an_error() -> None:
    """Nothing is withdrawn silently: the error names the first item that differs."""
    items, error = delivered(FakeEngine(['[{"a":1},{"a":-2}]', '[{"a":5},{"a":2}]']), Row)
    assert items == [Row(a=1)]
    assert isinstance(error, Unsatisfied)
    assert [v.pointer for v in error.violations] == ["/0"]
    assert error.last == [{"a": 5}, {"a": 2}]
    assert len(error.attempts) == 2
    assert str(error).endswith("delivered before: 1 item of the list")


def test_what_holds_for_the_whole_list_is_checked_at_its_end() -> None:
    """The items are delivered, and then the error says how many they are."""
    schema = {**NUMBERS, "minItems": 3}
    items, error = delivered(FakeEngine(["[1,2]"]), schema, limits=Limits(max_attempts=2))
    assert items == [1, 2]
    assert isinstance(error, Unsatisfied)
    assert str(error).endswith("delivered before: 2 items of the list")


def test_a_retry_may_add_items_to_a_list_that_is_too_short() -> None:
    """The delivered items stay, and the missing ones follow them."""
    assert delivered(FakeEngine(["[1,2]", "[1,2,3]"]), {**NUMBERS, "minItems": 3}) == ([1, 2, 3], None)


def test_an_item_that_repeats_another_is_not_delivered_where_items_are_unique() -> None:
    """So a retry can replace it."""
    schema = {**NUMBERS, "uniqueItems": True}
    assert delivered(FakeEngine(["[1,2,2]", "[1,2,3]"]), schema) == ([1, 2, 3], None)


def test_a_cut_list_keeps_its_complete_items() -> None:
    """The items before the cut are delivered, and the error has the account."""
    items, error = delivered(FakeEngine([Reply('[{"a":1},{"a":2', "length")]), Row)
    assert items == [Row(a=1)]
    assert isinstance(error, Incomplete)
    assert "delivered before: 1 item" in str(error)
    assert error.attempts[0].status == "incomplete"


@pytest.mark.parametrize("rows_at_once", [50, 1], ids=["whole", "segments"])
def test_a_list_that_lacks_rows_tells_the_items_that_were_delivered(rows_at_once: int) -> None:
    """Whether the document is read whole or in segments."""
    item = {"type": "object", "properties": {"item": {"type": "string"}, "price": {"type": "number"}}}
    schema = {"type": "array", "items": {**item, "required": ["item", "price"]}}
    bolt, washer = '{"item":"bolt","price":1.2}', '{"item":"washer","price":0.1}'
    answers = [f"[{bolt},{washer}]"] if rows_at_once > 1 else [f"[{bolt}]", f"[{washer}]"]
    document = "Item;Price\nbolt;1.20\nnut;0.40\nwasher;0.10\n"
    items, limits = [], {"rows_per_segment": rows_at_once}
    error: StructgenError | None = None
    with Generator(FakeEngine(answers)) as generator:
        try:
            for each in generator.iter_extract(schema, document, limits=limits):
                items.append(each)
        except Incomplete as caught:
            error = caught
    assert isinstance(error, Incomplete)
    assert str(error).endswith(f"; delivered before: {len(items)} items of the list")
    assert error.coverage is not None


def test_items_survive_the_loss_of_the_engine() -> None:
    """The attempt after the loss repeats the delivered items, which come once."""
    lost = Reply('[{"a":1},{"a":2},', error=EngineUnavailable("down", 0.0))
    engine = FakeEngine([lost, '[{"a":1},{"a":2},{"a":3}]'])
    items, error = delivered(engine, Row, limits=Limits(on_engine_loss="retry"))
    assert (items, error) == ([Row(a=1), Row(a=2), Row(a=3)], None)


@pytest.mark.parametrize("reply", ['```json\n[{"a":1}]\n```', 'Here: [{"a":"1"},]'], ids=["fenced", "prose"])
def test_a_repaired_list_comes_at_its_end(reply: str) -> None:
    """Items of a text that needs repair are delivered once the list is valid."""
    assert delivered(FakeEngine([reply]), Row, strategy="repair") == ([Row(a=1)], None)


def test_several_candidates_come_at_the_end() -> None:
    """With `n`, the items are those of the first valid list."""
    assert delivered(FakeEngine(["[-1]", "[2]"]), NUMBERS, n=2, limits=Limits(max_attempts=1)) == ([2], None)


TEXTS = st.lists(st.integers(-1, 4), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.booleans(), st.integers(0, 3), st.booleans())
def test_whatever_the_attempts_write_no_item_comes_twice_or_changes(
    attempts: list[list[int]], unique: bool, least: int, cut: bool
) -> None:
    """The delivered items begin the valid list, or an error says how many were delivered."""
    schema = {**NUMBERS, "uniqueItems": unique, "minItems": least}
    replies: list[str | Reply] = [json.dumps(items, separators=(",", ":")) for items in attempts]
    if cut:
        replies[-1] = Reply(str(replies[-1])[:-1], "length")
    engine = FakeEngine(replies, cycle=False)
    items, error = delivered(engine, schema, limits=Limits(max_attempts=len(replies)))
    if error is None:
        assert items == attempts[len(engine.requests) - 1]
        assert not Schema.parse(schema).violations(items)
    else:
        assert all(item >= 0 for item in items)
        assert not items or f"delivered before: {len(items)} item" in str(error)
        assert not items or any(items == written[: len(items)] for written in attempts)


def test_the_schema_of_the_items_leaves_the_rest_alone() -> None:
    """Only keywords of the whole list are left out."""
    definition = {"type": "array", "minItems": 2, "contains": {"const": 1}, "items": {"$ref": "#/$defs/n"},
                  "$defs": {"n": {"type": "integer"}}}  # fmt: skip
    items = ListSchema.of(definition).items
    assert items.violations([5]) == []
    assert items.violations(["5"])
