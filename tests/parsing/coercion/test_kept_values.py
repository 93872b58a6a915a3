"""Coercion keeps values: nothing is renamed, invented or lost in silence."""

from __future__ import annotations

import json
import pickle
import re
from typing import Any

import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import structgen
from structgen import json_text
from structgen.parsing.coercion.coerce import Coercer
from structgen.parsing.coercion.coerced import Coerced
from structgen.parsing.coercion.source_text import SourceText
from structgen.parsing.coercion.subschema import subschemas_of
from structgen.schema import Schema
from structgen.types import RISKS, Risk


def closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def coerced(value: Any, definition: Any, max_risk: Risk = "inferred") -> Coerced:
    source = SourceText(json_text.dumps(value), ())
    return Coercer(Schema.parse(definition), max_risk, source).coerce(value)


TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}


@pytest.mark.parametrize(
    ("value", "definition"),
    [
        ({"data": {"id": "7"}}, closed(data={"properties": {"_id": TEXT}, "required": ["id"]})),
        ({"x": 1, "Name": "Ada"}, {"properties": {"name": TEXT, "x": TEXT}}),
        ({"x": 1, "nmae": "Ada"}, {"properties": {"name": TEXT, "x": TEXT}}),
        ({"x": 1, "Name": "Ada", "name": "Bob"}, {"properties": {"name": TEXT, "x": TEXT}, "required": ["name"]}),
    ],
    ids=["required but not declared", "optional", "similar", "both"],
)  # fmt: skip
def test_a_member_that_is_allowed_where_it_stands_is_not_renamed(value: Any, definition: Any) -> None:
    """Where further members are allowed, a key stays as it is, unless it spells an absent required one."""
    assert all(change.op != "move" for change in coerced(value, definition).changes)


def test_a_key_that_spells_an_absent_required_property_is_renamed() -> None:
    """Without the required property the object is invalid, which is evidence that the key means it."""
    result = coerced({"Name": "Ada"}, {"properties": {"name": TEXT}, "required": ["name"]})
    assert result.value == {"name": "Ada"}
    assert [change.risk for change in result.changes] == ["coerced"]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("rh-", "rh+"), ("c", "c++"), ("q1_2024", "q12024"), ("line 1 2", "line 12"), ("item_21", "item_12"),
        ("from_", "form"), ("angel", "angle"), ("contract", "contact"), ("min_price", "max_price"),
    ],
)  # fmt: skip
def test_a_key_that_differs_in_sign_or_digits_is_another_key(key: str, name: str) -> None:
    """Neither equality after normalising nor similarity drops a sign or a digit of a key."""
    result = structgen.repair(json_text.dumps({key: 1}), closed(**{name: {"type": "integer"}}))
    assert result.status == "failed"


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"value": "Amber Ltd"}, "Amber Ltd"), (["Amber Ltd"], "Amber Ltd"), ({"value": ["A"]}, "A"), ({"n": 7}, "7")],
    ids=str,
)  # fmt: skip
def test_a_wrapper_of_one_member_gives_its_value(value: Any, expected: str) -> None:
    """A string in an object or a list of one member is inferred, and the reason quotes the wrapper's key."""
    result = coerced({"name": value}, closed(name=TEXT))
    assert result.value == {"name": expected}
    assert [change.risk for change in result.changes] == ["inferred"]
    if isinstance(value, dict):
        assert next(iter(value)) in result.changes[0].reason


@pytest.mark.parametrize(
    "value", [{"value": "A", "confidence": 0.9}, ["a", "b"], {}, [], {"value": None}, [None], None], ids=str
)
def test_another_container_is_no_string(value: Any) -> None:
    """A container of several members is not written into a string, nor is an empty one."""
    assert coerced({"name": value}, closed(name=TEXT)).is_mismatch


@pytest.mark.parametrize("value", [None, ""], ids=repr)
@pytest.mark.parametrize("schema", [TEXTS, {"type": "array"}, {"type": "array", "items": {}}], ids=str)
def test_no_list_is_invented(value: Any, schema: Any) -> None:
    """Null and an empty text are no list: neither of none nor of themselves."""
    assert coerced({"tags": value}, closed(tags=schema)).is_mismatch


@pytest.mark.parametrize("word", ["none", "N/A", "null", "None.", "nil"])
def test_a_word_for_nothing_is_an_empty_list(word: str) -> None:
    """A null word that is the whole value stands for a list without items, and the reason quotes it."""
    result = coerced({"tags": word}, closed(tags=TEXTS))
    assert result.value == {"tags": []}
    assert [(change.risk, word in change.reason) for change in result.changes] == [("inferred", True)]


def test_a_word_for_nothing_among_the_choices_is_an_item() -> None:
    """Where the items may be `none`, the word is an item."""
    choices = {"type": "array", "items": {"enum": ["none", "some"]}}
    assert coerced({"tags": "none"}, closed(tags=choices)).value == {"tags": ["none"]}


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ({"anyOf": [{"enum": ["Unknown", "open"]}, {"type": "null"}]}, "Unknown"),
        ({"anyOf": [TEXTS, {"type": "null"}]}, None),
        ({"type": ["integer", "null"]}, None),
    ],
    ids=["a choice", "a list", "an integer"],
)
def test_a_null_word_is_null_unless_it_is_a_choice(definition: Any, value: Any) -> None:
    """A choice of that name comes before null, and null before a list without items."""
    word = "unknown " if value else "none"
    assert coerced(word, definition).value == value


def test_a_text_of_several_items_is_taken_apart_where_each_fits() -> None:
    """The parts that commas separate are the items where the schema tells them from a sentence."""
    choices = {"type": "array", "items": {"enum": ["red", "blue", "red, blue or green"]}}
    assert coerced("red, blue", choices).value == ["red", "blue"]
    assert coerced("1, 2; 3", {"type": "array", "items": {"type": "integer"}}).value == [1, 2, 3]
    assert coerced("red, pink", choices).is_mismatch


def test_a_text_for_a_list_of_any_texts_names_its_parts_as_alternative() -> None:
    """A text with commas may be one item or several: it is one, inferred, and the other reading is named."""
    result = coerced({"tags": "Paris, France"}, closed(tags=TEXTS))
    assert result.value == {"tags": ["Paris, France"]}
    assert [(other.pointer, other.value) for other in result.alternatives] == [("/tags", ["Paris", "France"])]


def test_an_absent_member_is_not_null_unless_that_is_its_default() -> None:
    """A required member that may be null is not invented; a declared default of null says what absence means."""
    nullable = {"type": ["string", "null"]}
    assert coerced({}, closed(note=nullable)).is_mismatch
    assert coerced({}, closed(note={**nullable, "default": None})).value == {"note": None}


def test_the_reason_of_a_removed_member_quotes_its_value() -> None:
    """A member that the schema forbids is removed with its whole value in the reason."""
    note = {"by": "Ada", "text": "x" * 300}
    result = coerced({"name": "Bob", "note": note}, closed(name=TEXT))
    [change] = result.changes
    assert (change.op, change.path, change.risk) == ("remove", "/note", "inferred")
    assert json_text.dumps(note) in change.reason


@pytest.mark.parametrize(
    ("key", "name"), [("steps_tto_take", "steps_to_take"), ("veu", "vedu"), ("min_price", "max_price"), ("year_2023", "year_2024")]
)  # fmt: skip
def test_a_forbidden_member_that_an_absent_property_may_mean_is_not_removed(key: str, name: str) -> None:
    """A key near to an optional property is neither renamed nor removed: the violation stays."""
    schema = {"type": "object", "properties": {name: {"type": "integer"}}, "additionalProperties": False}
    result = coerced({key: 5}, schema)
    assert result.is_mismatch
    assert result.value == {key: 5}


@pytest.mark.parametrize(
    ("text", "value", "kept"),
    [
        ("2026-03-05T14:30:00", "2026-03-05", "14:30"), ("Tuesday, March 3, 2026", "2026-03-03", "Tuesday"),
        ("It is due on 2026-03-05.", "2026-03-05", "due"), ("2026_03_05", "2026-03-05", ""),
    ],
)  # fmt: skip
def test_the_reason_quotes_what_a_date_loses(text: str, value: str, kept: str) -> None:
    """A time, a weekday or a sentence around a date stands in the reason of the change."""
    result = coerced(text, {"type": "string", "format": "date"})
    assert result.value == value
    assert kept in result.changes[0].reason


@pytest.mark.parametrize(
    "text",
    ["2026-03-1", "2026-12-3", "2026/03/1", "2026031", "Monday, March 3, 2026", "not on 2026-03-05", "2026-03-05 or 2026-03-06"],
)  # fmt: skip
def test_a_doubtful_date_is_not_read(text: str) -> None:
    """A date that may have lost a digit, has another weekday, is negated, or is one of two stays as it is."""
    assert coerced(text, {"type": "string", "format": "date"}).is_mismatch


@pytest.mark.parametrize(
    ("text", "pattern", "value"),
    [
        ("The code is AB-1234.", r"^[A-Z]{2}-\d{4}$", "AB-1234"),
        ("AB-1234 or CD-5678", r"^[A-Z]{2}-\d{4}$", None),
        ("code: AB-1234", r"^[A-Z]{2}-\d{4}$", "AB-1234"),
        ("mary ann@b.de", r"^[^ ]+@[^ ]+$", None),
        ("about 5 million", r"^\d+$", None),
        ("not AB-1234", r"^[A-Z]{2}-\d{4}$", None),
        ("see page 7 of AB-1234", r"^[A-Z]{2}-\d{4}$", None),
    ],
)
def test_a_sentence_names_one_value_of_the_form(text: str, pattern: str, value: str | None) -> None:
    """The one word of a sentence that matches is inferred; several, a negation or other digits are refused."""
    result = coerced(text, {"type": "string", "pattern": pattern})
    assert result.is_mismatch if value is None else result.value == value


def test_a_pointer_of_an_alternative_leads_into_the_result() -> None:
    """An ambiguous number names its other reading, below the new name of its key and its place in the list."""
    schema = closed(rows={"type": "array", "items": closed(total={"type": "number"})})
    result = coerced({"rows": [{"total": 1}, {"Total": "1,234"}]}, schema)
    assert result.value == {"rows": [{"total": 1}, {"total": 1234}]}
    assert [(other.pointer, other.value) for other in result.alternatives] == [("/rows/1/total", 1.234)]


def test_a_schema_is_taken_apart_once_and_pickled_without_its_parts() -> None:
    """A coercion leaves the parts of the schema with it; a copy in another process makes its own."""
    schema = Schema.parse(closed(total={"type": "number"}))
    first = Coercer(schema, "inferred", SourceText("", ())).coerce({"total": "$5"})
    assert subschemas_of(schema) is subschemas_of(schema)
    copy = pickle.loads(pickle.dumps(schema))
    assert subschemas_of(copy) is not subschemas_of(schema)
    assert Coercer(copy, "inferred", SourceText("", ())).coerce({"total": "$5"}) == first


WORDS = st.sampled_from(
    ["yes", "None", "1,234.50", "$5", "(5)", "5 CR", "Rh-", "red", "not red", "2026-01-31", "31.12.2026 10:30", "[1, 2]",
     '{"a": "x y"}', "no idea", "12 years", "1.0", "", "A b c", "It is 7", "1/2", "Light-Blue"]
)  # fmt: skip
KEYS = st.sampled_from(["name", "Name", "nmae", "a", "A", "b", "rh+", "value", "items", "x 1"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-20, 2030) | st.floats(-9, 9).map(lambda x: round(x, 2)) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
LEAVES: st.SearchStrategy[Any] = st.sampled_from(
    [{"type": "string"}, {"type": "integer"}, {"type": "number", "minimum": 0}, {"type": "boolean"}, {"type": "null"},
     {"enum": ["red", "blue", "light blue", "Rh+", "1", "10", None]}, {"const": 5}, {"type": "string", "format": "date"},
     {"type": ["integer", "null"]}, {"type": "string", "maxLength": 3}, {"anyOf": [{"type": "integer"}, {"enum": ["yes", "no"]}]}]
)  # fmt: skip
SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda items: {"type": "array", "items": items}),
        st.tuples(st.dictionaries(KEYS, inner, max_size=3), st.booleans(), st.booleans()).map(
            lambda drawn: {
                "type": "object",
                "properties": drawn[0],
                "required": list(drawn[0]) if drawn[1] else [],
                "additionalProperties": drawn[2],
            }
        ),
        st.lists(inner, min_size=1, max_size=2).map(lambda options: {"anyOf": options}),
    ),
    max_leaves=5,
)


CASES = st.tuples(VALUES, SCHEMAS) | st.tuples(WORDS, LEAVES)


@given(CASES)
@settings(max_examples=500, deadline=None)
def test_every_word_stands_in_the_value_or_in_a_change(case: tuple[Any, Any]) -> None:
    """A word of the given value is in the coerced one, or in the path, the value or the reason of a change."""
    value, definition = case
    result = coerced(value, definition)
    changes = [change.to_json() for change in result.changes]
    account = json.dumps([result.value, changes], ensure_ascii=False)
    assert set(_words(value)) <= set(re.findall(r"[^\W_]+", account.replace("\\n", " ").replace('\\"', '"')))


def _words(value: Any) -> list[str]:
    return re.findall(
        r"[^\W_]+", json.dumps(value, ensure_ascii=False).replace("\\n", " ").replace('\\"', '"')
    )


@given(CASES)
@settings(max_examples=300, deadline=None)
def test_coercion_is_idempotent(case: tuple[Any, Any]) -> None:
    """A coerced value that fits its schema is valid, and coercing it again changes nothing."""
    value, definition = case
    result = coerced(value, definition)
    if not result.is_mismatch:
        assert not Schema.parse(definition).violations(result.value)
        again = coerced(result.value, definition)
        assert (again.changes, json.dumps(again.value)) == ((), json.dumps(result.value))


@given(CASES, st.sampled_from(["lossless", "coerced", "inferred"]))
@settings(max_examples=300, deadline=None)
def test_the_changes_lead_to_the_result_within_the_risk(case: tuple[Any, Any], most: Risk) -> None:
    """The changes applied to the value give the result; none has a higher risk than allowed."""
    value, definition = case
    result = coerced(value, definition, most)
    assert all(RISKS.index(change.risk) <= RISKS.index(most) for change in result.changes)
    applied = jsonpatch.apply_patch(
        {"root": value}, [_below_root(change.to_json()) for change in result.changes]
    )
    assert json.dumps(applied["root"], sort_keys=True) == json.dumps(result.value, sort_keys=True)


def _below_root(operation: dict[str, Any]) -> dict[str, Any]:
    return {key: f"/root{part}" if key in ("path", "from") else part for key, part in operation.items()}


@given(VALUES, SCHEMAS)
@settings(max_examples=200, deadline=None)
def test_a_valid_value_stays(value: Any, definition: Any) -> None:
    """A value that is valid is returned as it is."""
    if not Schema.parse(definition).violations(value):
        result = coerced(value, definition)
        assert result.value is value
        assert result.changes == ()
