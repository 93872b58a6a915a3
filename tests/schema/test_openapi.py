"""Validation, grammar and report support `nullable` and `discriminator` of OpenAPI 3.0."""

import json
from typing import Any

import pytest

from structgen import json_text, repair
from structgen.schema import Schema

pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
from test_lowering import accepts

D7 = "http://json-schema.org/draft-07/schema#"
TEXT: Any = {"type": "string"}
WHOLE: Any = {"type": "integer"}


def pet(name: str, **more: Any) -> Any:
    return {"type": "object", "properties": {"kind": TEXT, name: {"type": "boolean"}}, **more}


CONST: Any = {"type": "object", "properties": {"kind": {"const": "c"}, "n": WHOLE}}
BRANCHES: Any = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
SCHEMAS: Any = {"components": {"schemas": {"Cat": pet("purrs"), "Dog": pet("barks"), "C": CONST}}}
KIND: Any = {"discriminator": {"propertyName": "kind"}}
MAPPED: Any = {
    "discriminator": {
        "propertyName": "kind",
        "mapping": {"kitty": "#/components/schemas/Cat", "puss": "Cat"},
    }
}


@pytest.mark.parametrize(
    ("definition", "valid", "invalid"),
    [
        pytest.param({**TEXT, "nullable": True}, [None, "a"], [1], id="nullable"),
        pytest.param({**TEXT, "nullable": False}, ["a"], [None], id="not nullable"),
        pytest.param({"type": ["string", "null"], "nullable": True}, [None, "a"], [1], id="with null already"),
        pytest.param({**TEXT, "nullable": True, "minLength": 2}, [None, "ab"], ["a"], id="with a bound"),
        pytest.param(
            {**TEXT, "nullable": True, "enum": ["a"]}, ["a"], [None], id="an enum without null rules"
        ),
        pytest.param(
            {**TEXT, "nullable": True, "enum": ["a", None]}, ["a", None], ["b"], id="an enum with null"
        ),
        pytest.param({"nullable": True, "minimum": 2}, [None, 2], [1], id="without a type"),
        pytest.param(
            {"items": {"$ref": "#/c/A"}, "c": {"A": {**WHOLE, "nullable": True}}},
            [[None, 1]],
            [["a"]],
            id="behind a reference",
        ),
        pytest.param(
            {"items": {"$ref": "#/c/A", "nullable": True}, "c": {"A": WHOLE}},
            [[None, 1]],
            [["a"]],
            id="beside a reference",
        ),
        pytest.param(
            {"items": {"allOf": [{"$ref": "#/c/A"}], "nullable": True}, "c": {"A": WHOLE}},
            [[None, 1]],
            [["a"]],
            id="beside allOf",
        ),
        pytest.param(
            {"oneOf": [WHOLE, {"type": "boolean"}], "nullable": True}, [None, 1, True], ["a"], id="oneOf"
        ),
        pytest.param(
            {"anyOf": [WHOLE, {"type": "null"}], "nullable": True}, [None, 1], ["a"], id="anyOf with null"
        ),
        pytest.param(
            {"type": "object", "allOf": [{"$ref": "#/c/A"}], "nullable": True, "c": {"A": {"required": ["a"]}}},
            [None, {"a": 1}],
            [{}],
            id="a type beside allOf",
        ),
        pytest.param(
            {"$schema": D7, "items": {"$ref": "#/definitions/A"}, "definitions": {"A": {**WHOLE, "nullable": True}}},
            [[None]],
            [["a"]],
            id="draft 7",
        ),
        pytest.param(
            {"anyOf": [{**WHOLE, "nullable": True}, {"type": "boolean"}], "nullable": True},
            [None, 1],
            ["a"],
            id="nested",
        ),
        pytest.param(
            {"oneOf": BRANCHES, **KIND, **SCHEMAS},
            [{"kind": "Cat", "purrs": True}, {"kind": "Dog"}],
            [{"kind": "cat"}, {"kind": "Bird"}, {}, {"purrs": True}],
            id="discriminator by name",
        ),
        pytest.param(
            {"anyOf": BRANCHES, **KIND, **SCHEMAS},
            [{"kind": "Cat"}],
            [{"kind": "cat"}, {}],
            id="discriminator of anyOf",
        ),
        pytest.param(
            {"oneOf": BRANCHES, **MAPPED, **SCHEMAS},
            [{"kind": "kitty"}, {"kind": "puss"}, {"kind": "Dog", "barks": True}],
            [{"kind": "Cat"}, {"kind": "dog"}, {}],
            id="discriminator with mapping",
        ),
        pytest.param(
            {"$schema": D7, "oneOf": BRANCHES, **MAPPED, **SCHEMAS},
            [{"kind": "kitty"}, {"kind": "Dog"}],
            [{"kind": "Cat"}, {}],
            id="discriminator in draft 7",
        ),
        pytest.param(
            {"items": {"$ref": "#/components/Pet"}, "components": {"Pet": {"oneOf": BRANCHES, **KIND}, **SCHEMAS["components"]}},
            [[{"kind": "Dog", "barks": False}]],
            [[{}], [{"kind": "dog"}]],
            id="discriminator behind a reference",
        ),
        pytest.param(
            {"oneOf": [{"$ref": "#/components/schemas/C"}, BRANCHES[1]], **KIND, **SCHEMAS},
            [{"kind": "c", "n": 1}, {"kind": "Dog"}],
            [{"n": 1}, {"kind": "C"}],
            id="a constant is kept",
        ),
        pytest.param(
            {"oneOf": [CONST, {"type": "object", "properties": {"kind": {"enum": ["d", "e"]}}}, {"type": "null"}], **KIND},
            [None, {"kind": "c", "n": 1}, {"kind": "e"}],
            [{}, {"n": 1}],
            id="branches without a name",
        ),
        pytest.param(
            {"oneOf": [{"$ref": "#/c/A%20b"}], **KIND, "c": {"A b": {"type": "object"}}},
            [{"kind": "A b"}],
            [{}, {"kind": "A%20b"}],
            id="a name with a space",
        ),
        pytest.param(
            {"anyOf": [{"$ref": "#/c/A"}, WHOLE], **KIND, "c": {"A": {"type": "object", "additionalProperties": False}}},
            [{}, 1],
            [{"kind": "A"}],
            id="a closed branch without the property",
        ),
        pytest.param(
            {"oneOf": BRANCHES, **KIND, "nullable": True, **SCHEMAS},
            [None, {"kind": "Cat"}],
            [{}, {"kind": "cat"}],
            id="nullable beside discriminator",
        ),
    ],
)  # fmt: skip
def test_it_is_understood(definition: Any, valid: list[Any], invalid: list[Any]) -> None:
    """The grammar accepts valid values, and rejects only invalid ones."""
    schema = Schema.parse(definition)
    for value in valid:
        assert schema.violations(value) == [], value
        assert accepts(schema.grammar, json_text.dumps(value)), value
        assert repair(json_text.dumps(value), definition).status == "unchanged"
    decoded = not schema.report.validated
    for value in invalid:
        assert schema.violations(value), value
        assert not (decoded and accepts(schema.grammar, json_text.dumps(value))), value


@pytest.mark.parametrize(
    ("definition", "places"),
    [
        ({**TEXT, "nullable": True}, ["/type"]),
        (
            {"items": {"$ref": "#/c/A", "nullable": True}, "c": {"A": WHOLE}},
            ["/c/A/type", "/items/nullable"],
        ),
        (
            {"properties": {"a": {"allOf": [{"minLength": 2}], "nullable": True}}},
            ["/properties/a/allOf/0/minLength", "/properties/a/nullable"],
        ),
        (
            {"anyOf": [{"anyOf": [TEXT, WHOLE], "nullable": True}], "nullable": True},
            ["/anyOf", "/anyOf/0/anyOf", "/anyOf/0/anyOf/0/type", "/anyOf/0/anyOf/1/type", "/anyOf/0/nullable",
             "/nullable"],
        ),
        (
            {"oneOf": BRANCHES, **MAPPED, **SCHEMAS},
            ["/components/schemas/Cat/properties/kind/type", "/components/schemas/Cat/properties/purrs/type",
             "/components/schemas/Cat/type", "/components/schemas/Dog/properties/barks/type",
             "/components/schemas/Dog/properties/kind/type", "/components/schemas/Dog/type", "/discriminator",
             "/oneOf"],
        ),
        (
            {"$schema": D7, "oneOf": BRANCHES[:1], **KIND, **SCHEMAS},
            ["/components/schemas/Cat/properties/kind/type", "/components/schemas/Cat/properties/purrs/type",
             "/components/schemas/Cat/type", "/discriminator", "/oneOf"],
        ),
        (
            {"oneOf": [{**CONST, "required": ["n"]}, {"properties": {"kind": {"const": "d"}}}], **KIND},
            ["/discriminator", "/oneOf", "/oneOf/0/properties/kind/const", "/oneOf/0/properties/n/type",
             "/oneOf/0/required", "/oneOf/0/type", "/oneOf/1/properties/kind/const"],
        ),
    ],
    ids=lambda case: json.dumps(case)[:60],
)  # fmt: skip
def test_the_report_points_into_the_schema_that_was_given(definition: Any, places: list[str]) -> None:
    """A rewritten constraint keeps the pointer of its OpenAPI keyword."""
    schema = Schema.parse(definition)
    assert sorted(schema.report) == places
    assert schema.definition == definition
    assert schema.report.validated == []


def test_a_reference_into_what_would_move_still_leads_there() -> None:
    """`nullable` has no effect on a schema into which a reference leads."""
    schema = Schema.parse(
        {"properties": {"a": {"anyOf": [TEXT], "nullable": True}, "b": {"$ref": "#/properties/a/anyOf/0"}}}
    )
    assert schema.violations({"a": "x", "b": "y"}) == []
    assert [v.pointer for v in schema.violations({"a": None})] == ["/a"]


def test_branches_that_lead_to_each_other_end() -> None:
    """The values of a tag are computed once per schema, also for circular branches."""
    names = [f"S{i}" for i in range(30)]
    refs = [{"$ref": f"#/$defs/{name}"} for name in names]
    part = {"type": "object", "properties": {"child": {"anyOf": refs, **KIND}}}
    parts = {
        name: {**part, "anyOf": [{"$ref": f"#/$defs/{names[i + 1]}"}, {}]}
        for i, name in enumerate(names[:-1])
    }
    schema = Schema.parse({"anyOf": refs, **KIND, "$defs": {**parts, names[-1]: part}})
    assert schema.violations({"kind": "S3", "child": {"kind": "S4"}}) == []
    assert schema.violations({"kind": "S3", "child": {}})


def test_what_is_put_right_and_pinned_is_of_the_same_schema() -> None:
    """Patching and pinning allow null where `nullable` does."""
    schema = Schema.parse(
        {"type": "object", "properties": {"a": {**WHOLE, "nullable": True}}, "required": ["a"]}
    )
    assert repair("{a: None}", schema).value == {"a": None}
    assert schema.patched({"a": "x"}, 20) is not None
    assert schema.arrange({"a": None}) == {"a": None}


def test_the_parts_of_a_branch_keep_their_pointers() -> None:
    """Parts of a branch keep their pointers, also before 2019-09, where a `$ref` moves into `allOf`."""
    draft7 = "http://json-schema.org/draft-07/schema#"
    branch = {"allOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["a"]}]}
    definition = {"$schema": draft7, "anyOf": [branch], "discriminator": {"propertyName": "kind"}}
    report = Schema.parse(definition).report
    assert {"/anyOf/0/allOf/0/properties/a/type", "/anyOf/0/allOf/1/required"} <= report.keys()
