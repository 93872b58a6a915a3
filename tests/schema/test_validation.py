"""Every violation is reported with its pointer, and no value crashes or hangs the validator."""

import time
from typing import Any

import pytest

from structgen.schema import Schema


@pytest.mark.parametrize(
    ("format_", "good", "bad"),
    [
        ("date", "2026-02-28", "2026-02-30"),
        ("date-time", "2026-02-28T10:00:00Z", "2026-02-28 10:00"),
        ("time", "10:00:00Z", "25:00"),
        ("duration", "P1DT2H", "1 day"),
        ("email", "a@b.example", "a.example"),
        ("hostname", "a.example", "-a-.example-"),
        ("ipv4", "10.0.0.1", "10.0.0.256"),
        ("ipv6", "::1", ":::1"),
        ("uri", "https://a.example/b", "a b"),
        ("uuid", "0d4f7c1e-6f5b-4f0a-9a52-d1c1f0b7a3de", "0d4f"),
        ("regex", "^a+$", "(" + "["),
    ],
)
def test_formats_are_checked(format_: str, good: str, bad: str) -> None:
    """The packages that format checks need are installed."""
    schema = Schema.parse({"format": format_})
    assert schema.violations(good) == []
    assert schema.violations(bad)[0].keyword == "format"


D7, D19 = "http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2019-09/schema"
OUTER = {"x": {"type": "integer"}}
INNER = {"$id": "http://example.com/inner", "$defs": {"x": {"type": "string"}}, "$ref": "#/$defs/x"}
"""An embedded resource: its reference leads to its own definition, not to the one outside."""
NAMING = {"$id": "http://example.com/n", "$defs": {"z": {"properties": {"a": {}}}}, "$ref": "#/$defs/z"}


@pytest.mark.parametrize(
    ("definition", "value", "valid"),
    [
        pytest.param({"multipleOf": 0.01}, 19.99, True, id="decimals"),
        pytest.param({"multipleOf": 0.01}, 19.995, False, id="not-a-multiple"),
        pytest.param({"multipleOf": 3}, 10**60, False, id="many-digits"),
        pytest.param({"multipleOf": 1e-8}, 12391239123, True, id="tiny-divisor"),
        pytest.param({"type": "integer"}, 1.0, True, id="1.0-is-an-integer"),
        pytest.param({"uniqueItems": True}, [1, 1.0], False, id="1-equals-1.0"),
        pytest.param({"uniqueItems": True}, [1, True], True, id="true-is-not-1"),
        pytest.param({"uniqueItems": True}, [{"a": 1, "b": 2}, {"b": 2, "a": 1}], False, id="objects"),
        pytest.param({"pattern": "^\\p{L}+$"}, "José", True, id="unicode-class"),
        pytest.param({"pattern": "^\\P{L}$"}, "é", False, id="unicode-complement"),
        pytest.param({"pattern": "^[\\p{L}\\d]$"}, "٣", False, id="digits-beside-a-unicode-class"),
        pytest.param({"pattern": "^\\p{L}\\D\\s$"}, "éx ", True, id="complements-beside-a-unicode-class"),
        pytest.param({"pattern": "^a$"}, "a\n", False, id="dollar-is-the-very-end"),
        pytest.param({"pattern": "^\\d+$"}, "٣", False, id="digits-are-ascii"),
        pytest.param({"patternProperties": {"^x": {"type": "integer"}}}, {"xa": "1"}, False, id="by-pattern"),
        pytest.param({"$defs": OUTER, "not": INNER}, "s", False, id="not-a-resource"),
        pytest.param({"$defs": OUTER, "not": INNER}, 1, True, id="not-a-resource-valid"),
        pytest.param({"$defs": OUTER, "oneOf": [{"type": "string"}, INNER]}, "s", False, id="oneOf-a-resource"),
        pytest.param({"$defs": OUTER, "if": INNER, "then": {"const": "t"}}, "s", False, id="if-a-resource"),
        pytest.param({"$defs": OUTER, "contains": INNER}, [1], False, id="contains-a-resource"),
        pytest.param({"$defs": OUTER, "contains": INNER}, ["s"], True, id="contains-a-resource-valid"),
        pytest.param({"allOf": [NAMING], "unevaluatedProperties": False}, {"a": 1}, True, id="evaluated-in-a-resource"),
        pytest.param({"allOf": [NAMING], "unevaluatedProperties": False}, {"b": 1}, False, id="not-evaluated-in-a-resource"),
        pytest.param({"prefixItems": [True], "contains": {"const": 2}, "unevaluatedItems": False}, [1, 2], True, id="evaluated-items"),
        pytest.param({"prefixItems": [True], "contains": {"const": 2}, "unevaluatedItems": False}, [1, 2, 3], False, id="unevaluated-items"),
        pytest.param({"$schema": D19, "items": True, "unevaluatedItems": False}, [1], True, id="items-true"),
        pytest.param({"$schema": D7, "items": True, "additionalItems": False}, [1], True, id="no-tuple-before-additionalItems"),
        pytest.param({"$schema": D7, "items": [True], "additionalItems": False}, [1, 2], False, id="additionalItems"),
        pytest.param({"$schema": D19, "patternProperties": {"^\\p{L}$": {}}, "unevaluatedProperties": False}, {"a": 1}, True, id="names-by-our-patterns"),
        pytest.param({"format": "regex"}, "a{99999999999}", True, id="regex-of-a-large-count"),
    ],
)  # fmt: skip
def test_hard_cases(definition: Any, value: Any, valid: bool) -> None:
    """Cases in which common validators err have the right verdict."""
    assert (not Schema.parse(definition).violations(value)) is valid


def test_all_violations_are_reported_with_pointers() -> None:
    """Violations have escaped pointers (RFC 6901), in the order of the schema."""
    schema = Schema.parse(
        {"properties": {"a/b": {"type": "integer"}, "m~n": {"items": {"minLength": 2}}}, "required": ["c"]}
    )
    found = {(v.pointer, v.keyword) for v in schema.violations({"a/b": "x", "m~n": ["ok", "y"]})}
    assert found == {("/a~1b", "type"), ("/m~0n/1", "minLength"), ("", "required")}


def test_alternatives_tell_why_the_closest_failed() -> None:
    """The violation of `anyOf` has the reason of the closest branch."""
    schema = Schema.parse({"anyOf": [{"type": "integer", "minimum": 5}, {"type": "null"}]})
    (violation,) = schema.violations(3)
    assert violation.keyword == "anyOf"
    assert "minimum of 5" in violation.message


def test_an_exponential_pattern_is_a_violation_not_a_hang() -> None:
    """An exponential pattern is a violation after half a second."""
    began = time.process_time()
    (violation,) = Schema.parse({"pattern": "^(a|aa|a?)+$"}).violations("a" * 60 + "!")
    assert violation.keyword == "pattern"
    assert time.process_time() - began < 20


def test_a_value_nested_too_deeply_is_a_violation() -> None:
    """A value nested too deeply is a violation, not a crash."""
    value: Any = []
    for _ in range(100_000):
        value = [value]
    schema = Schema.parse({"items": {"$ref": "#"}})
    assert schema.violations(value)[0].keyword == "depth"


def test_long_values_do_not_fill_the_message() -> None:
    """A message shortens a long value, which the caller has already."""
    (violation,) = Schema.parse({"type": "integer"}).violations("x" * 10_000)
    assert len(violation.message) < 500


@pytest.mark.parametrize(
    "schema", [{"oneOf": [False]}, {"anyOf": [False, False]}, {"properties": {"a": False}}]
)
def test_the_schema_false_has_its_violation(schema: Any) -> None:
    """The schema false yields a violation, also as a branch."""
    found = Schema.parse(schema).violations({"a": 1})
    assert len(found) == 1
    assert found[0].keyword in ("oneOf", "anyOf", "false")


NODE = {"type": "object", "properties": {"v": {"type": "integer"}, "c": {"$ref": "#/$defs/m"}}}
TREE = {
    "both": {"allOf": [{"$ref": "#/$defs/n"}, {"$ref": "#/$defs/n"}]},
    "any": {"anyOf": [{"$ref": "#/$defs/n"}, {"allOf": [{"$ref": "#/$defs/n"}, {"required": ["w"]}]}]},
    "one": {"oneOf": [{"allOf": [{"$ref": "#/$defs/n"}, {"required": [name]}]} for name in "vw"]},
}


@pytest.mark.parametrize("ways", TREE.values(), ids=TREE)
@pytest.mark.parametrize("leaf", [1, "x"], ids=["valid", "invalid"])
def test_several_ways_to_one_definition_are_gone_once(ways: Any, leaf: Any) -> None:
    """Two references to one definition at each of 60 levels validate in linear time, with each error once."""
    schema = Schema.parse({"$ref": "#/$defs/n", "$defs": {"n": NODE, "m": ways}})
    value: Any = {"v": leaf}
    for _ in range(60):
        value = {"v": 1, "c": value}
    found = schema.violations(value)
    assert len(found) == (leaf == "x")
    assert all(violation.pointer.startswith("/c") for violation in found)
    assert schema.accepts(schema.definition, value) == (leaf == 1)


def test_a_container_that_stands_at_two_places_has_its_faults_at_both() -> None:
    """A Python container that occurs at two locations has its errors at both."""
    shared = {"v": "x"}
    items = {"items": {"$ref": "#/$defs/n"}, "$defs": {"n": NODE, "m": True}}
    assert [v.pointer for v in Schema.parse(items).violations([shared, shared])] == ["/0/v", "/1/v"]


def test_a_fault_below_alternatives_that_several_ways_led_to_has_its_own_place() -> None:
    """A memoised error below several branches keeps its own pointer, and equal errors stay two."""
    inner = {
        "anyOf": [
            {"type": "object", "properties": {"y": {"type": "string"}}, "required": ["y"]},
            {"type": "null"},
        ]
    }
    outer = {"type": "object", "properties": {"x": {"$ref": "#/$defs/B"}}}
    outer |= {"if": {"properties": {"x": {"$ref": "#/$defs/B"}}}, "then": {"required": ["q"]}}
    schema = Schema.parse({"properties": {"o": {"anyOf": [outer, {"type": "null"}]}}, "$defs": {"B": inner}})
    (violation,) = schema.violations({"o": {"x": {"y": 1}}})
    assert "closest: /o/x: " in violation.message
    pairs = [{"anyOf": [{"required": [a]}, {"required": [b]}]} for a, b in ("ab", "cd")]
    both = Schema.parse({"$ref": "#/$defs/A", "$defs": {"A": {"allOf": pairs}}})
    assert len(both.violations({})) == 2
