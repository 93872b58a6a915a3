"""Schemas load from all kinds of sources, and are refused with pointers to all violations."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, field_validator
from typing_extensions import TypedDict

from structgen.errors import InvalidSchema, NotFound, SchemaLimit
from structgen.schema import Registry, Schema, SchemaLimits


class Model(BaseModel):
    name: str
    count: int


@dataclass
class Data:
    name: str
    count: int


class Typed(TypedDict):
    name: str
    count: int


PLAIN = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "count": {"type": "integer"}},
    "required": ["name", "count"],
}


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(PLAIN, id="dict"),
        pytest.param(
            '{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}', id="text"
        ),
        pytest.param(Model, id="pydantic"),
        pytest.param(Data, id="dataclass"),
        pytest.param(Typed, id="typed-dict"),
    ],
)
def test_every_source_gives_a_schema_that_accepts_and_refuses(source: Any) -> None:
    """A schema from each kind of source accepts a valid value and reports the pointer of an invalid one."""
    schema = Schema.parse(source)
    assert schema.violations({"name": "a", "count": 1}) == []
    assert schema.violations({"name": 1, "count": 1})[0].pointer == "/name"


def test_any_annotation_is_a_schema() -> None:
    """A list of models is a schema, and its values load as models."""
    schema = Schema.parse(list[Model])
    assert schema.to_python([{"name": "a", "count": 2}]) == [Model(name="a", count=2)]


@pytest.mark.parametrize("name", ["s.json", "ticket.json", "forms/false.json"])
def test_a_file_is_a_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A schema loads from a path and from a path as text, relative ones included."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text('{"type": "integer"}')
    for given in (file, str(file), name):
        assert Schema.parse(given) == Schema.parse({"type": "integer"})


@pytest.mark.parametrize(
    ("text", "definition"), [(" true", True), ("false\n", False), ('{"type":"null"}', {"type": "null"})]
)
def test_text_is_a_schema(text: str, definition: Any) -> None:
    """A schema loads from JSON text with surrounding white space."""
    assert Schema.parse(text) == Schema.parse(definition)


@pytest.mark.parametrize(
    ("uri", "dialect"),
    [
        ("http://json-schema.org/draft-04/schema#", "draft4"),
        ("http://json-schema.org/draft-06/schema#", "draft6"),
        ("http://json-schema.org/draft-07/schema#", "draft7"),
        ("https://json-schema.org/draft/2019-09/schema", "draft2019-09"),
        ("https://json-schema.org/draft/2020-12/schema", "draft2020-12"),
        (None, "draft2020-12"),
    ],
)
def test_drafts_are_told_apart(uri: str | None, dialect: str) -> None:
    """`$schema` names the draft; without it the draft is 2020-12."""
    assert Schema.parse({"$schema": uri, "type": "string"} if uri else {}).dialect == dialect


def test_draft_4_is_known_by_its_boolean_bounds() -> None:
    """A boolean bound without `$schema` means draft 4, and the bound is exclusive."""
    schema = Schema.parse({"type": "integer", "minimum": 3, "exclusiveMinimum": True})
    assert schema.dialect == "draft4"
    assert schema.violations(3)
    assert not schema.violations(4)
    assert schema.grammar == {"type": "integer", "exclusiveMinimum": 3}


@pytest.mark.parametrize(
    ("definition", "pointer", "says"),
    [
        ({"type": "strin"}, "/type", "strin"),
        ({"properties": {"a": {"minimum": "1"}}}, "/properties/a/minimum", "number"),
        ({"$ref": "#/$defs/gone"}, "/$ref", "leads nowhere"),
        ({"items": {"$ref": "https://example.org/s.json"}}, "/items/$ref", "never fetched"),
        ({"$ref": "http://127.0.0.1:9/s"}, "/$ref", "never fetched"),
        ({"$ref": "#"}, "", "without end"),
        ({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#"}]}}}, "", "without end"),
        ({"enum": []}, "/enum", "empty"),
        ({"minimum": 5, "maximum": 1}, "/minimum", "above"),
        ({"properties": {"a": {"pattern": "("}}}, "/properties/a/pattern", "regular expression"),
        ({"$schema": "urn:mine"}, "/$schema", "not a known draft"),
        ({"type": "integer", "enum": ["a"]}, "/enum", "of type"),
        ({"type": "string", "const": 5}, "/const", "of type"),
        ({"type": "object", "required": ["a", "b"], "properties": {"b": False}}, "/required/1", "false"),
        ({"type": "object", "required": ["a"], "additionalProperties": False}, "/required/0", "forbids"),
    ],
)
def test_what_is_wrong_has_its_place(definition: Any, pointer: str, says: str) -> None:
    """A violation has the pointer into the schema."""
    with pytest.raises(InvalidSchema, match=says) as caught:
        Schema.parse(definition)
    assert caught.value.violations[0].pointer == pointer


def test_what_only_some_values_cannot_satisfy_is_no_contradiction() -> None:
    """A contradiction about members counts for objects alone, and an optional member may be impossible."""
    assert Schema.parse({"required": ["a"], "additionalProperties": False}).violations(5) == []
    never = {"type": "string", "const": 5}
    assert Schema.parse({"properties": {"a": never}}).violations({}) == []
    assert (
        Schema.parse({"properties": {"a": {"$ref": "#/parts/x"}}, "parts": {"x": never}}).violations({}) == []
    )
    draft7 = {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"s": {"type": "string"}}}
    assert Schema.parse({**draft7, "$ref": "#/definitions/s", **never}).violations("a") == []
    assert Schema.parse({"$schema": "http://json-schema.org/draft-04/schema#", **never}).violations("a") == []


def test_all_that_is_wrong_is_told() -> None:
    """The error lists all violations."""
    with pytest.raises(InvalidSchema) as caught:
        Schema.parse({"minLength": -1, "properties": {"a": {"type": "text"}}})
    assert {v.pointer for v in caught.value.violations} == {"/minLength", "/properties/a/type"}


@pytest.mark.parametrize(
    "text", ['{"enum": [NaN]}', '{"type":"string","type":"object"}', "{", '{"minimum":1e999}']
)
def test_schema_text_is_strict_json(text: str) -> None:
    """Schema text with NaN, duplicate keys or infinities is refused."""
    with pytest.raises(InvalidSchema):
        Schema.parse(text)


def nested(levels: int) -> Any:
    schema: Any = {"type": "string"}
    for _ in range(levels):
        schema = {"items": schema}
    return schema


@pytest.mark.parametrize(
    ("definition", "limit"),
    [
        ({"description": "x" * 1_000_001}, "max_bytes"),
        (nested(100), "max_depth"),
        ({"enum": list(range(20_000))}, "max_enum"),
        ({"pattern": "a" * 9_000}, "max_pattern_length"),
        ({"pattern": "(" * 30 + "a" + ")" * 30}, "max_pattern_depth"),
        ({"pattern": "(" * 40_000 + ")" * 40_000}, "max_pattern_length"),
    ],
)
def test_each_limit_has_its_name(definition: Any, limit: str) -> None:
    """A limit error has the name of the limit, the measured value and the allowed one."""
    with pytest.raises(SchemaLimit) as caught:
        Schema.parse(definition)
    assert caught.value.limit == limit
    assert caught.value.value > caught.value.allowed == getattr(SchemaLimits(), limit)


def test_limits_can_be_set() -> None:
    """A caller can pass other limits."""
    with pytest.raises(SchemaLimit, match="max_enum allows 2"):
        Schema.parse({"enum": [1, 2, 3]}, limits=SchemaLimits(max_enum=2))


def test_the_hash_is_of_the_canonical_form() -> None:
    """The hash ignores the order of keywords, but not that of properties."""
    one = Schema.parse({"type": "object", "properties": {"a": {}, "b": {}}})
    assert one.hash == Schema.parse({"properties": {"a": {}, "b": {}}, "type": "object"}).hash
    assert one.hash != Schema.parse({"type": "object", "properties": {"b": {}, "a": {}}}).hash


def test_vendor_keywords_are_stripped_but_properties_of_that_name_stay() -> None:
    """Keywords such as `x-guidance` are removed, properties of such names stay."""
    schema = Schema.parse({"x-guidance": {"a": 1}, "properties": {"x-id": {"type": "string", "x-b": 1}}})
    assert schema.definition == {"properties": {"x-id": {"type": "string"}}}


def test_a_types_own_validators_are_part_of_the_schema() -> None:
    """The validators of a type run once the JSON Schema has no violation."""

    class Even(BaseModel):
        count: int

        @field_validator("count")
        @classmethod
        def even(cls, value: int) -> int:
            if value % 2:
                raise ValueError("must be even")
            return value

    schema = Schema.parse(Even)
    assert schema.violations({"count": 2}) == []
    (violation,) = schema.violations({"count": 3})
    assert (violation.pointer, "must be even" in violation.message) == ("/count", True)


def test_arrange_puts_properties_in_declared_order() -> None:
    """Properties come in declared order inside objects and lists, undeclared ones after."""
    item = {"properties": {"x": {}, "y": {}}}
    schema = Schema.parse(
        {"properties": {"a": {}, "l": {"items": {"$ref": "#/$defs/i"}}}, "$defs": {"i": item}}
    )
    arranged = schema.arrange({"z": 1, "l": [{"y": 1, "x": 2}], "a": 0})
    assert list(arranged) == ["a", "l", "z"]
    assert list(arranged["l"][0]) == ["x", "y"]


def test_the_registry_names_what_it_has() -> None:
    """The error for an unknown name lists the known ones."""
    registry = Registry()
    assert {"invoice", "receipt", "contact"} <= set(registry.names())
    assert registry.get("invoice").name == "invoice"
    with pytest.raises(NotFound, match="invoice"):
        registry.get("../pyproject")
