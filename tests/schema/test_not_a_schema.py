"""Input that is not a JSON Schema is refused with a guess and the schema that was meant."""

import json
from typing import Any

import pytest

from structgen.errors import InvalidSchema
from structgen.schema import Schema

PERSON: Any = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
LATEST = "https://json-schema.org/draft/2020-12/schema"
BODIES: dict[str, tuple[Any, str]] = {
    "shorthand": ({"name": "string", "age": "int"}, "shorthand for types"),
    "shorthand of TypeScript": ({"name": "string", "tags": "string[]", "age?": "number | null"}, "shorthand"),
    "shorthand of Python": ({"name": "str", "tags": "list[str]", "age": "Optional[int]"}, "shorthand"),
    "shorthand of lists": ({"name": ["string"], "address": {"street": "str"}}, "shorthand"),
    "wrapper of OpenAI": ({"name": "person", "strict": True, "schema": PERSON}, "OpenAI"),
    "wrapper with description": ({"name": "p", "description": "A.", "schema": PERSON}, "/schema"),
    "response_format": ({"type": "json_schema", "json_schema": {"name": "p", "schema": PERSON}}, "OpenAI"),
    "request": (
        {"response_format": {"type": "json_schema", "json_schema": {"schema": PERSON}}},
        "/response_format/json_schema/schema",
    ),
    "json_object": ({"type": "json_object"}, "response_format"),
    "tool of OpenAI": (
        {"type": "function", "function": {"name": "f", "parameters": PERSON}},
        "/function/parameters",
    ),
    "tool of Anthropic": ({"name": "f", "description": "A.", "input_schema": PERSON}, "Anthropic"),
    "tool of MCP": ({"name": "f", "inputSchema": PERSON}, "MCP"),
    "operation": (
        {"operationId": "f", "requestBody": {"content": {"application/json": {"schema": PERSON}}}},
        "OpenAPI operation",
    ),
    "response": ({"content": {"application/json": {"schema": PERSON}}}, "OpenAPI"),
    "OpenAPI": ({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"P": PERSON}}}, "schemas P"),
    "components": ({"components": {"schemas": {"P": PERSON}}}, "#/components/schemas/P"),
    "example": ({"invoice": "INV-1", "total": 3.5, "lines": [{"sku": "a"}]}, "example of a value"),
    "example with words of the field": ({"title": "Dune", "year": 1965}, "example of a value"),
    "example with an id": ({"id": 1, "name": "Ann"}, "example of a value"),
    "example with items": ({"customer": "A", "items": [{"sku": 1}], "total": 5}, "example of a value"),
    "example with a type": ({"type": "invoice", "number": "INV-1", "total": 5}, "example of a value"),
    "properties": ({"name": {"type": "string"}, "age": {"type": "integer"}}, "properties of an object"),
    "misspelt": ({"propertes": {"a": {"type": "string"}}}, "'propertes' should be 'properties'"),
    "misspelt type": ({"Type": "string"}, "'Type' should be 'type'"),
    "misspelt reference": ({"ref": "#"}, "'ref' should be '$ref'"),
}


@pytest.mark.parametrize(("body", "says"), BODIES.values(), ids=BODIES)
def test_what_is_no_schema_is_refused_with_what_it_looks_like(body: Any, says: str) -> None:
    """The error names what the input looks like, and the schema to send."""
    with pytest.raises(InvalidSchema, match="the schema: ") as caught:
        Schema.parse(body)
    assert says in str(caught.value)
    assert caught.value.violations[0].pointer == ""


@pytest.mark.parametrize("name", [name for name in BODIES if name not in ("misspelt reference",)])
def test_the_schema_to_send_is_one(name: str) -> None:
    """The suggested schema parses without warnings; for an OpenAPI document it is the document with a `$ref`."""
    with pytest.raises(InvalidSchema) as caught:
        Schema.parse(BODIES[name][0])
    shown = str(caught.value).partition("send ")[2]
    if shown.startswith("it with "):
        member = shown.removeprefix("it with ").partition(" added")[0]
        body = {**json.loads(f"{{{member}}}"), **BODIES[name][0]}
        assert [w.pointer for w in Schema.parse(body).warnings] == [
            f"/{word}" for word in BODIES[name][0] if word in ("openapi", "paths")
        ]
    else:
        assert Schema.parse(json.loads(shown.removeprefix("that alone: "))).warnings == []


@pytest.mark.parametrize(
    "body",
    [
        {}, {"title": "anything"}, {"description": "A.", "default": 3}, {"x-vendor": 1}, {"format": "date"},
        {"definitions": {"a": PERSON}}, {"$schema": LATEST, "vendor": 1}, {"$id": "urn:a", "vendor": 1},
        {"$ref": "#/components/schemas/P", "components": {"schemas": {"P": PERSON}}},
        {"type": "object", "schema": PERSON}, {"properties": {"schema": PERSON}},
        {"type": "object", "properties": {"schema": {"type": "string"}, "json_schema": {"type": "object"}}},
        {"properties": {"a": {"tpye": "string"}}}, {"properties": {"a": {"type:": "string"}}},
        {"properties": {"a": {"name": {"type": "string"}}}},
        {"items": [{"type": "string"}], "vendor": 1}, {"items": {}, "vendor": 1}, {"items": True, "vendor": 1},
        {"if": {"type": "string"}, "vendor": 1}, {"$schema": "http://json-schema.org/draft-04/schema#", "if": {}},
    ],
    ids=lambda body: json.dumps(body)[:60],
)  # fmt: skip
def test_what_is_a_schema_stays_one(body: Any) -> None:
    """A schema is accepted, however little it constrains."""
    Schema.parse(body)


@pytest.mark.parametrize(
    ("schema", "at", "mend"),
    [
        ({"type": "string?"}, "/type", '"type":["string","null"]'),
        ({"type": "str"}, "/type", '"type":"string"'),
        ({"type": "dict"}, "/type", '"type":"object"'),
        ({"type": "list[int]"}, "/type", '"type":"array","items":{"type":"integer"}'),
        ({"type": "date"}, "/type", '"type":"string","format":"date"'),
        ({"type": ["str", "null"]}, "/type/0", '"type":["string","null"]'),
        ({"type": ["string", "date"]}, "/type/1", '"anyOf"'),
        ({"type": "interface"}, "/type", "string, integer, number"),
        ({"type": "strng", "vendor": 1}, "/type", "did you mean 'string'?"),
        ({"items": ["string"]}, "/items", "prefixItems"),
        ({"properties": {"age": "int"}}, "/properties/age", '{"type":"integer"}'),
        ({"properties": {"tags": ["string"]}}, "/properties/tags", '"items":{"type":"string"}'),
        ({"properties": {"age": None}}, "/properties/age", "{}"),
        ({"properties": {"a": {"street": "string"}}}, "/properties/a", '"properties":{"street":'),
        ({"properties": {"age": {"type": "integer", "required": True}}}, "/properties/age/required", '["age"]'),
        ({"properties": {"age": {"required": False}}}, "/properties/age/required", "leave it out"),
        ({"properties": ["a", "b"]}, "/properties", '{"a":{},"b":{}}'),
        ({"properties": [{"name": "a", "type": "int"}]}, "/properties", '{"a":{"type":"integer"}}'),
        ({"required": "a"}, "/required", '["a"]'),
        ({"$schema": LATEST, "items": [{"type": "string"}]}, "/items", "prefixItems"),
        ({"items": "string"}, "/items", '{"type":"string"}'),
        ({"anyOf": ["string", {"type": "null"}]}, "/anyOf/0", '{"type":"string"}'),
        ({"anyOf": {"a": {}}}, "/anyOf", "a list of schemas"),
        ({"minimum": "3"}, "/minimum", "write 3"),
        ({"$schema": LATEST, "minimum": 1, "exclusiveMinimum": True}, "/exclusiveMinimum", "1 and leave out"),
        ({"enum": "a|b"}, "/enum", '["a","b"]'),
        ({"uniqueItems": "true"}, "/uniqueItems", "true without quotes"),
        ({"additionalProperties": "false"}, "/additionalProperties", "false without quotes"),
        ({"customer": "A", "minimum": "none", "total": 5}, "/minimum", "example of a value"),
    ],
    ids=lambda case: case if isinstance(case, str) else json.dumps(case)[:60],
)  # fmt: skip
def test_a_fault_says_how_to_mend_it(schema: Any, at: str, mend: str) -> None:
    """The violation of a malformed keyword says what to write, with its pointer."""
    with pytest.raises(InvalidSchema) as caught:
        Schema.parse(schema)
    assert (caught.value.violations[0].pointer, mend in str(caught.value)) == (at, True), str(caught.value)
