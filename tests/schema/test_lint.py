"""Ineffective, contradictory and costly keywords yield warnings with stable codes."""

import json
import time
from typing import Any

import pytest

from structgen.schema import Registry, Schema
from structgen.types import Diagnostic

D4 = "http://json-schema.org/draft-04/schema#"
D7 = "http://json-schema.org/draft-07/schema#"
D2019 = "https://json-schema.org/draft/2019-09/schema"
TEXT: Any = {"type": "string"}


@pytest.mark.parametrize(
    ("definition", "at", "code", "says"),
    [
        ({"required": ["a"], "additionalProperties": False}, "/required/0", "impossible", "forbids"),
        ({"required": ["a"], "properties": {"a": False}}, "/required/0", "impossible", "false"),
        ({"items": {"type": "string", "enum": [1]}}, "/items/enum", "impossible", "none of the values"),
        ({"type": "array", "maxItems": 100_000}, "/maxItems", "costly", "bound"),
        ({"type": "string", "pattern": "^a{2,5000}$"}, "/pattern", "costly", "5000"),
        ({"type": "string", "format": "iban"}, "/format", "unknown-format", "any string has it"),
        ({"type": "string", "format": "datetime"}, "/format", "unknown-format", "'date-time'"),
        ({"type": "string", "format": "date-tiem"}, "/format", "unknown-format", "'date-time'"),
        ({"type": "integer", "format": "int32"}, "/format", "unknown-format", '"minimum"'),
        ({"type": "array", "x-structgen-keys": "a"}, "/x-structgen-keys", "unknown-keyword", "'x-structgen-key'"),
        ({"items": {"patern": "^a"}}, "/items/patern", "unknown-keyword", "did you mean 'pattern'?"),
        ({"type": "object", "propertes": {}}, "/propertes", "unknown-keyword", "'properties'"),
        ({"type": "object", "requried": ["a"]}, "/requried", "unknown-keyword", "'required'"),
        ({"type": "object", "additional_properties": False}, "/additional_properties", "unknown-keyword", "nalP"),
        ({"type": "string", "MaxLength": 3}, "/MaxLength", "unknown-keyword", "'maxLength'"),
        ({"type": "string", "regex": "a"}, "/regex", "unknown-keyword", "'pattern'"),
        ({"type": "integer", "min": 3}, "/min", "unknown-keyword", "'minimum'"),
        ({"type": "string", "unit": "EUR"}, "/unit", "unknown-keyword", "no effect"),
        ({"title": "Person", "propertes": {"a": TEXT}}, "/propertes", "unknown-keyword", "'properties'"),
        ({"$defs": {"a": {"pattrn": "a"}}}, "/$defs/a/pattrn", "unknown-keyword", "'pattern'"),
        ({"$ref": "#/parts/a", "parts": {"a": {"pattrn": "a"}}}, "/parts/a/pattrn", "unknown-keyword", "'pattern'"),
        ({"items": {}, "additionalItems": False}, "/additionalItems", "foreign-keyword", "prefixItems"),
        ({"dependencies": {"a": ["b"]}}, "/dependencies", "foreign-keyword", "dependentRequired"),
        ({"items": {"$recursiveRef": "#"}}, "/items/$recursiveRef", "foreign-keyword", "$dynamicRef"),
        ({"type": "object", "id": "urn:a"}, "/id", "foreign-keyword", "'$id'"),
        ({"items": [TEXT]}, "/items", "foreign-keyword", "prefixItems"),
        ({"extends": TEXT, "type": "string"}, "/extends", "foreign-keyword", "'allOf'"),
        ({"$schema": D7, "prefixItems": [TEXT]}, "/prefixItems", "foreign-keyword", "'items' with a list"),
        ({"$schema": D7, "unevaluatedProperties": False}, "/unevaluatedProperties", "foreign-keyword", "$schema"),
        ({"$schema": D4, "const": 3}, "/const", "foreign-keyword", "'enum' with one value"),
        ({"$schema": D4, "if": TEXT}, "/if", "foreign-keyword", "draft7 to draft2020-12"),
        ({"$schema": D7, "$ref": "#/definitions/a", "minLength": 2, "definitions": {"a": TEXT}}, "/minLength",
         "no-effect", "'allOf'"),
        ({"$schema": D7, "items": {}, "additionalItems": False}, "/additionalItems", "no-effect", "a list"),
        ({"type": "string", "minimum": 3}, "/minimum", "no-effect", "about numbers"),
        ({"type": ["array", "null"], "properties": {}}, "/properties", "no-effect", "array or null"),
        ({"then": TEXT}, "/then", "no-effect", "without 'if'"),
        ({"minContains": 2}, "/minContains", "no-effect", "without 'contains'"),
        ({"type": "string", "nullable": "yes"}, "/nullable", "no-effect", "true or false"),
        ({"nullable": True, "enum": ["a"]}, "/nullable", "no-effect", "add null"),
        ({"nullable": True, "minimum": 2}, "/nullable", "no-effect", "'type'"),
        ({"type": "string", "nullable": True, "enum": ["a"]}, "/nullable", "no-effect", "add null"),
        ({"anyOf": [TEXT], "nullable": True}, "/nullable", "nullable-without-type", "null, or"),
        ({"type": "object", "discriminator": {"propertyName": "a"}}, "/discriminator", "no-effect", "oneOf"),
        ({"enum": ["a", "b", "a"]}, "/enum", "duplicate-value", '"a"'),
        ({"required": ["a", "a"]}, "/required", "duplicate-value", '"a"'),
        ({"type": ["string", "string"]}, "/type", "duplicate-value", '"string"'),
        ({"dependentRequired": {"a": ["b", "b"]}}, "/dependentRequired/a", "duplicate-value", '"b"'),
        ({"required": ["nmae"], "properties": {"name": TEXT}}, "/required/0", "undeclared-name", "'name'"),
    ],
    ids=lambda case: case if isinstance(case, str) else json.dumps(case)[:60],
)  # fmt: skip
def test_each_kind_has_its_code_its_place_and_its_mend(
    definition: Any, at: str, code: str, says: str
) -> None:
    """A slip yields one warning with its code, pointer and advice."""
    (warning,) = Schema.parse(definition).warnings
    assert (warning.pointer, warning.code) == (at, code)
    assert says in warning.message


@pytest.mark.parametrize(
    "definition",
    [
        True, False, {}, {"title": "a", "examples": [1], "deprecated": True, "$comment": "b"}, {"x-vendor": {}},
        {"properties": {"propertes": TEXT, "ref": {}, "id": {"type": "integer"}}},
        {"$schema": D7, "items": [TEXT], "additionalItems": False, "dependencies": {"a": ["b"]}},
        {"$schema": D2019, "$recursiveAnchor": True, "items": {"$recursiveRef": "#"}},
        {"$schema": D4, "id": "urn:a", "minimum": 3, "exclusiveMinimum": True},
        {"$schema": D7, "$ref": "#/definitions/a", "description": "B.", "definitions": {"a": TEXT}},
        {"type": ["integer", "null"], "minimum": 3}, {"type": "string", "nullable": True, "example": "a"},
        {"nullable": True, "enum": ["a", None]},
        {"$ref": "#/components/schemas/A", "components": {"schemas": {"A": {"xml": {"name": "a"}, **TEXT}}}},
        {"required": ["other"], "properties": {"name": TEXT}}, {"enum": [1, "1", True, None, {"a": 1}, [1]]},
        {"default": {"propertes": 1}, "const": {"tpye": 1}},
    ],
    ids=lambda case: json.dumps(case)[:60],
)  # fmt: skip
def test_what_is_meant_as_it_stands_has_none(definition: Any) -> None:
    """Names of properties, values and annotations yield no warning."""
    assert Schema.parse(definition).warnings == []


@pytest.mark.parametrize("name", Registry().names())
def test_shipped_schemas_have_none(name: str) -> None:
    """The shipped schemas have no warning, and their grammars enforce every constraint."""
    assert Registry().get(name).diagnostics(decoded=True) == ()


def test_what_only_validation_enforces_is_told_where_the_grammar_decoded() -> None:
    """A decoded answer has a diagnostic for each constraint that the grammar lacks, with the reason of the report."""
    schema = Schema.parse({"type": "array", "uniqueItems": True, "itmes": TEXT})
    assert [w.code for w in schema.diagnostics()] == ["unknown-keyword"]
    assert [w.code for w in schema.diagnostics(decoded=True)] == ["unknown-keyword", "validated-only"]
    assert schema.diagnostics(decoded=True)[1].pointer == "/uniqueItems"
    assert schema.diagnostics(decoded=True)[1].message == schema.report["/uniqueItems"].reason


def test_there_are_a_hundred_at_most_and_the_last_says_so() -> None:
    """At most a hundred warnings are reported, in time linear in their number."""
    wrong = {f"p{i}": {f"keyword{i}": i, "type": "string", "minimum": i} for i in range(2_000)}
    schema = Schema.parse({"type": "object", "properties": wrong})
    began = time.process_time()
    warnings = schema.diagnostics(decoded=True)
    assert time.process_time() - began < 5
    assert len(warnings) == 100
    assert warnings[-1] == Diagnostic("", "more-warnings", "there are more than the 99 warnings before")


@pytest.mark.parametrize(
    "definition",
    [
        {
            "properties": {
                f"p{i}": {"tpye": "int"} | {f"name{i}{j}": "string" for j in range(60)} for i in range(500)
            }
        },
        {
            "required": [f"r{i:09}" for i in range(3_000)],
            "properties": {f"p{i:09}": {} for i in range(3_000)},
        },
        {"enum": [{"a": [i, i]} for i in range(2_000)]},
        {"properties": {f"p{i}": {"format": f"format{i}"} for i in range(2_000)}},
    ],
    ids=["near keywords", "near names", "values", "formats"],
)
def test_looking_for_slips_takes_no_longer_than_the_schema_is_worth(definition: Any) -> None:
    """The number of comparisons of names is bounded."""
    began = time.process_time()
    _ = Schema.parse({"type": "object", **definition}).warnings
    assert time.process_time() - began < 10


def test_a_list_for_items_counts_where_no_draft_is_named() -> None:
    """A list for `items` without `$schema` is read as in 2019-09, the last draft that has it."""
    schema = Schema.parse({"type": "array", "items": [TEXT, {"type": "integer"}], "additionalItems": False})
    assert schema.dialect == "draft2019-09"
    assert schema.violations(["a", 1]) == []
    assert [v.pointer for v in schema.violations([1, 1])] == ["/0"]
    assert schema.violations(["a", 1, 2])


def test_the_check_tells_them_with_their_codes() -> None:
    """`Schema.check` lists the warnings as JSON, as the route and the command print them."""
    told = Schema.parse({"type": "string", "minLenght": 3}).check()["warnings"]
    assert told == [
        {
            "pointer": "/minLenght",
            "code": "unknown-keyword",
            "message": "'minLenght' is not a keyword of JSON Schema and has no effect: did you mean 'minLength'?",
        }
    ]
