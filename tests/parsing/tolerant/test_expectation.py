"""The expectation of a schema allows all that is valid, and names what the schema declares."""

from __future__ import annotations

import gc
import pickle
import time
import weakref
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from structgen.errors import StructgenError
from structgen.parsing.tolerant.asserted_types import ALL_TYPES
from structgen.parsing.tolerant.expectation import ANYTHING, NOTHING, Expectation, expectation_of
from structgen.schema import Schema
from structgen.schema.traversal import json_types

NAMES = ("a", "b", "c", "xy")
SCALARS = st.sampled_from([None, True, 0, -1, 1.0, 2.5, "", "a", "b", "long text"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
TYPE_NAMES = st.sampled_from(sorted(ALL_TYPES))


def of(definition: Any) -> Expectation:
    """Return the expectation of a definition, whose schema lives no longer than the call."""
    return expectation_of(Schema.parse(definition))


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Of schemas that apply others to members, items, or the same value."""
    some = st.lists(inner, min_size=1, max_size=3)
    names = st.lists(st.sampled_from(NAMES), max_size=2, unique=True)
    members = st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    optional: dict[str, st.SearchStrategy[Any]] = {
        "type": st.just("object") | st.lists(TYPE_NAMES, min_size=1, unique=True),
        "properties": members,
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "^x", "y$"]), inner, max_size=2),
        "additionalProperties": inner,
        "propertyNames": st.just({"enum": ["a", "b", "xy"]}) | st.just({"maxLength": 1}),
        "unevaluatedProperties": inner,
        "required": names,
        "dependentSchemas": st.dictionaries(st.sampled_from(NAMES), inner, max_size=1),
        "prefixItems": some,
        "items": inner,
        "allOf": some,
        "anyOf": some,
        "oneOf": some,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
    }
    return st.lists(st.sampled_from(sorted(optional)), max_size=4, unique=True).flatmap(
        lambda keywords: st.fixed_dictionaries({keyword: optional[keyword] for keyword in keywords})
    )


LEAVES = st.one_of(
    st.booleans(),
    st.just({}),
    st.builds(lambda name: {"type": name}, TYPE_NAMES),
    st.builds(lambda values: {"enum": values}, st.lists(SCALARS, min_size=1, max_size=4)),
    st.builds(lambda value: {"const": value}, VALUES),
    st.builds(lambda name: {"not": {"type": name}}, TYPE_NAMES),
    st.sampled_from([{"$ref": "#"}, {"$ref": "#/$defs/d"}]),
)
SCHEMAS = st.builds(
    lambda root, shared: {**root, "$defs": {"d": shared}} if isinstance(root, dict) else root,
    st.recursive(LEAVES, nested, max_leaves=8),
    st.recursive(LEAVES, nested, max_leaves=4),
)


def parsed(definition: Any) -> Schema | None:
    """Return the schema; None for one that is none, such as one that refers to itself without end."""
    try:
        return Schema.parse(definition)
    except StructgenError:
        return None


def assert_allowed(expectation: Expectation, value: Any) -> None:
    """Assert that a valid value is as expected, without its members and items."""
    assert not expectation.types.isdisjoint(json_types(value))
    if isinstance(value, str) and expectation.choices is not None:
        assert value in expectation.choices
    if isinstance(value, dict):
        assert expectation.required <= value.keys()
        if expectation.is_closed:
            assert all(expectation.declares(key) for key in value)
    if expectation.is_open:
        assert expectation.types == ALL_TYPES
        assert not expectation.required
        assert expectation.choices is None


def assert_all_allowed(expectation: Expectation, value: Any) -> None:
    """Assert that a valid value and all inside are as expected."""
    assert_allowed(expectation, value)
    if isinstance(value, dict):
        for key, member in value.items():
            assert_all_allowed(expectation.member(key), member)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            assert_all_allowed(expectation.item(index), item)


def valid_values(schema: Schema, value: Any) -> list[Any]:
    """Return the value where it is valid, and the one that patching makes of it."""
    patched = schema.patched(value, 1_000)
    return [*([] if schema.violations(value) else [value]), *([patched[0]] if patched else [])]


SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(SCHEMAS, VALUES)
def test_a_valid_value_is_as_expected(definition: Any, value: Any) -> None:
    """The root's expectation allows every valid value, for all keywords."""
    if (schema := parsed(definition)) is not None:
        for valid in valid_values(schema, value):
            assert_allowed(expectation_of(schema), valid)


def _has_alternatives(definition: Any) -> bool:
    if isinstance(definition, list):
        return any(_has_alternatives(item) for item in definition)
    if not isinstance(definition, dict):
        return False
    keywords = {"anyOf", "oneOf", "if", "dependentSchemas"}
    return not keywords.isdisjoint(definition) or any(_has_alternatives(v) for v in definition.values())


@SETTINGS
@given(SCHEMAS.filter(lambda definition: not _has_alternatives(definition)), VALUES)
def test_all_inside_of_a_valid_value_is_as_expected(definition: Any, value: Any) -> None:
    """Without alternatives, the expectation along each path allows every valid value."""
    if (schema := parsed(definition)) is not None:
        for valid in valid_values(schema, value):
            assert_all_allowed(expectation_of(schema), valid)


def _object(members: dict[str, Any], closed: bool, required: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": members, "required": required}
    return {**schema, "additionalProperties": False} if closed else schema


@st.composite
def _alternatives(draw: st.DrawFn, inner: st.SearchStrategy[Any]) -> Any:
    """A union of closed objects, lists and scalars, one of objects with the same members, or a closed object."""
    kind = draw(st.sampled_from(["closed", "union", "alike"]))
    branches = []
    for _ in range(1 if kind == "closed" else draw(st.integers(1, 3))):
        required = draw(st.lists(st.sampled_from(NAMES), max_size=1))
        names = ["a", "b"] if kind == "alike" else draw(st.lists(st.sampled_from(NAMES), unique=True))
        members = {name: draw(inner) for name in names}
        branches.append(_object(members, kind != "alike", required))
    if kind == "closed":
        return branches[0]
    branches += draw(
        st.lists(
            st.sampled_from([{"type": "null"}, {"enum": ["a", 1]}, {"items": {"const": 0}, "type": "array"}]),
            max_size=2,
        )
    )
    return {draw(st.sampled_from(["anyOf", "oneOf"])): branches}


CLOSED = st.recursive(LEAVES.filter(lambda leaf: "$ref" not in str(leaf)), _alternatives, max_leaves=12)


@SETTINGS
@given(
    st.recursive(LEAVES.filter(lambda leaf: "$ref" not in str(leaf)), _alternatives, max_leaves=12), VALUES
)
def test_all_inside_of_alternatives_is_as_expected(definition: Any, value: Any) -> None:
    """Where no alternative leaves open what another declares, each path allows every valid value."""
    if (schema := parsed(definition)) is not None:
        for valid in valid_values(schema, value):
            assert_all_allowed(expectation_of(schema), valid)


@SETTINGS
@given(SCHEMAS, st.lists(st.sampled_from([*NAMES, "other", 0, 1, 5]), max_size=6))
def test_no_path_fails(definition: Any, path: list[Any]) -> None:
    """Every place of every schema has an expectation, and the same at the second time."""
    if (schema := parsed(definition)) is None:
        return
    expectation = expectation_of(schema)
    for step in path:
        inner = [
            expectation.member(step) if isinstance(step, str) else expectation.item(step) for _ in range(2)
        ]
        assert inner[0] is inner[1]
        if isinstance(step, str) and step in expectation.properties:
            assert expectation.declares(step)
        expectation = inner[0]
        assert "number" not in expectation.types or expectation.allows("integer")


PERSON = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}


def test_declared_members_are_named() -> None:
    """Members have the types of their schemas; those of an open object are open, a list's items alike."""
    person = of({**PERSON, "required": ["name"]})
    assert list(person.properties) == ["name", "age"]
    assert person.required == {"name"}
    assert person.member("age").types == {"integer"}
    assert person.member("other") is ANYTHING
    assert not person.is_closed
    assert of({"items": {"type": "number"}}).item(7).types == {"number", "integer"}
    tuples = of({"prefixItems": [{"type": "null"}], "items": False})
    assert tuples.item(0).types == {"null"}
    assert tuples.item(1) is NOTHING


@pytest.mark.parametrize("definition", [True, {}, {"description": "x"}, {"anyOf": [True, {"type": "null"}]}])
def test_an_open_schema_expects_nothing_in_particular(definition: Any) -> None:
    """Schemas that say nothing are open, at the root and inside."""
    assert of(definition).is_open
    assert of(definition).member("a").is_open
    assert of(definition).item(0).is_open


def test_a_forbidden_member_is_expected_nowhere() -> None:
    """A closed object declares only its own members and those of its patterns."""
    closed = of({**PERSON, "additionalProperties": False, "patternProperties": {"^x-": {"type": "string"}}})
    assert closed.is_closed
    assert closed.member("other") is NOTHING
    assert not closed.declares("other")
    assert closed.declares("x-note")
    assert closed.member("x-note").types == {"string"}
    assert not of({"properties": {"a": False}}).declares("a")


def test_alternatives_are_joined() -> None:
    """A union has the members of all branches, requires what all require, and is closed where all are."""
    cat = {
        "type": "object",
        "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
        "required": ["kind", "lives"],
        "additionalProperties": False,
    }
    dog = {**cat, "properties": {"kind": {"const": "dog"}, "good": {"type": "boolean"}}, "required": ["kind"]}
    pet = of({"anyOf": [cat, dog, {"type": "null"}]})
    assert pet.types == {"object", "null"}
    assert list(pet.properties) == ["kind", "lives", "good"]
    assert pet.required == {"kind"}
    assert pet.is_closed
    assert pet.member("kind").choices == {"cat", "dog"}
    assert pet.member("good").types == {"boolean"}
    assert pet.member("other") is NOTHING


def test_one_open_alternative_opens_a_union() -> None:
    """A union with one alternative that lists no strings, or is not closed, lists none and is open."""
    closed = {**PERSON, "additionalProperties": False}
    union = of({"oneOf": [closed, {"type": "object", "properties": {"id": {"type": "integer"}}}]})
    assert not union.is_closed
    assert union.member("other").is_open
    assert union.member("age").types == {"integer"}
    assert of({"anyOf": [{"enum": ["a"]}, {"type": "string", "minLength": 5}]}).choices is None
    assert of({"anyOf": [{"enum": ["a"]}, {"type": "integer"}, {"const": "b"}]}).choices == {"a", "b"}


def test_a_member_of_some_alternatives_is_expected_as_they_declare_it() -> None:
    """An alternative that leaves a member open says nothing of it; a schema beside it says more."""
    branches = [{"properties": {"a": {"type": "integer"}}}, {"required": ["b"]}]
    assert of({"anyOf": branches}).member("a").types == {"integer"}
    beside = of({"properties": {"a": {"type": ["integer", "string"]}}, "anyOf": branches})
    assert beside.member("a").types == {"integer", "string"}


def test_conjuncts_are_met() -> None:
    """`allOf` and `$ref` add members and requirements, and narrow types and choices."""
    expectation = of(
        {
            "$defs": {"named": {"properties": {"name": {"enum": ["x", "y", 1]}}, "required": ["name"]}},
            "allOf": [{"$ref": "#/$defs/named"}, {"properties": {"name": {"enum": ["y", "z"]}}}],
            "required": ["id"],
            "type": "object",
        }
    )
    assert expectation.types == {"object"}
    assert expectation.required == {"name", "id"}
    assert expectation.member("name").choices == {"y"}
    assert expectation.member("name").types == {"string"}


def test_a_condition_names_its_members_and_binds_none() -> None:
    """`if` names members; `then` and `else` say what they are where nothing else does."""
    expectation = of(
        {
            "properties": {"kind": {"enum": ["a", "b"]}},
            "if": {"properties": {"kind": {"const": "a"}}},
            "then": {"properties": {"size": {"type": "integer"}}, "required": ["size"]},
        }
    )
    assert expectation.declares("size")
    assert expectation.member("size").types == {"integer"}
    assert expectation.member("kind").choices == {"a", "b"}
    assert not expectation.required


def test_names_of_an_enum_are_declared() -> None:
    """`propertyNames` that lists all names closes the object."""
    prices = of({"propertyNames": {"enum": ["s", "m"]}, "additionalProperties": {"type": "number"}})
    assert prices.is_closed
    assert list(prices.properties) == ["m", "s"]
    assert prices.member("s").allows("number")
    assert prices.member("l") is NOTHING


def test_unevaluated_members_are_forbidden() -> None:
    """`unevaluatedProperties: false` leaves the members of all schemas for the value."""
    expectation = of(
        {"allOf": [PERSON], "properties": {"id": {"type": "integer"}}, "unevaluatedProperties": False}
    )
    assert expectation.is_closed
    assert expectation.member("name").types == {"string"}
    assert expectation.member("other") is NOTHING


def test_keywords_beside_a_reference_count_by_draft() -> None:
    """Before 2019-09 a reference stands alone; keywords of other drafts say nothing."""
    definition = {"$ref": "#/definitions/p", "definitions": {"p": PERSON}, "required": ["age"]}
    old = {**definition, "$schema": "http://json-schema.org/draft-07/schema#"}
    assert not of(old).required
    assert of(definition).required == {"age"}
    assert of({"const": "x", "$schema": "http://json-schema.org/draft-04/schema#"}).is_open


def test_references_of_embedded_resources_are_followed() -> None:
    """A reference in a resource with an identifier leads from there."""
    inner = {
        "$id": "http://a.co/inner",
        "properties": {"x": {"$ref": "#/$defs/n"}},
        "$defs": {"n": {"type": "null"}},
    }
    assert of({"properties": {"inner": inner}, "$defs": {"n": {"type": "string"}}}).member("inner").member(
        "x"
    ).types == {"null"}


def test_a_recursive_schema_is_expected_at_any_depth() -> None:
    """A circle of references ends nowhere, and meets itself."""
    node = {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}}
    schema = Schema.parse(node)
    expectation = second = expectation_of(schema).member("next")
    for _ in range(5_000):
        expectation = expectation.member("next")
    assert expectation is second.member("next")


def test_circles_of_alternatives_stay_bounded() -> None:
    """Alternatives that refer to each other in conjunctions cost no more with each level."""
    refs = {name: {"$ref": f"#/$defs/{name}"} for name in "tuv"}
    member = {name: {"properties": {"c": ref}} for name, ref in refs.items()}
    definitions = {
        "t": {"allOf": [{"anyOf": [member["t"], member["u"]]}, {"anyOf": [member["u"], member["v"]]}]},
        "u": {"allOf": [{"anyOf": [member["v"], member["t"]]}, {"anyOf": [member["u"], member["t"]]}]},
        "v": {"oneOf": [member["t"], {"allOf": [member["u"], member["v"]]}]},
    }
    schema = Schema.parse({"$defs": definitions, **refs["t"]})
    expectation, started = expectation_of(schema), time.process_time()
    for _ in range(200):
        expectation = expectation.member("c")
    assert time.process_time() - started < 5


def test_a_slow_pattern_decides_nothing() -> None:
    """A pattern that takes exponential time leaves its members open, in short time."""
    expectation = of({"patternProperties": {"^(a|a)*$": {"type": "null"}}, "additionalProperties": False})
    started = time.process_time()
    for index in range(100):
        assert expectation.member("a" * 40 + f"{index}!") is ANYTHING
    assert time.process_time() - started < 5


def test_expectations_live_as_long_as_their_schema() -> None:
    """The expectation of a schema is computed once, stays out of pickles, and is freed with it."""
    schema = Schema.parse({**PERSON, "title": "freed"})
    assert expectation_of(schema) is expectation_of(schema)
    assert expectation_of(pickle.loads(pickle.dumps(schema))) is expectation_of(schema)
    freed = weakref.ref(schema)
    del schema
    gc.collect()
    assert freed() is None


def test_unknown_names_are_not_kept() -> None:
    """Members that no schema names leave nothing behind: keys come from texts."""
    expectation = of({**PERSON, "patternProperties": {"^x": {"type": "string"}}})
    for index in range(1_000):
        expectation.member(f"x{index}")
        expectation.member(f"y{index}")
    assert len(gc.get_referents(expectation._known)) <= 2 * len(expectation.names)
