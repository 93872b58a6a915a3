"""Schemas and values that once crashed, hung or were wrongly refused have the right result."""

import json
import os
import subprocess
import sys
import time
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import Schema

D4 = "http://json-schema.org/draft-04/schema#"
D6 = "http://json-schema.org/draft-06/schema#"
D7 = "http://json-schema.org/draft-07/schema#"
TEXT: Any = {"type": "string"}


@pytest.mark.parametrize(
    ("definition", "pointer"),
    [
        pytest.param({"const": 5, "$ref": "#/const"}, "/$ref", id="ref-to-a-number"),
        pytest.param({"$schema": D4, "items": {"$ref": ["#"]}}, "/items/$ref", id="ref-that-is-no-string"),
        pytest.param({"title": "x", "$ref": "#/title"}, "/$ref", id="ref-to-a-string"),
        pytest.param({"required": ["a"], "$ref": "#/required"}, "/$ref", id="ref-to-an-array"),
        pytest.param({"foo": {"$ref": "#/bar"}, "$ref": "#/foo"}, "/$ref/$ref", id="dangling-behind-a-ref"),
        pytest.param({"foo": {"$ref": "#/foo"}, "$ref": "#/foo"}, "/$ref", id="loop-behind-a-ref"),
        pytest.param({"foo": {"type": "strin"}, "$ref": "#/foo"}, "/type", id="no-schema-behind-a-ref"),
        pytest.param({"x-defs": {"a": TEXT}, "$ref": "#/x-defs/a"}, "/$ref", id="ref-into-a-vendor-keyword"),
        pytest.param({"const": float("nan")}, "/const", id="nan"),
        pytest.param({"const": "\ud800"}, "/const", id="lone-surrogate"),
        pytest.param({"enum": {1, 2}}, "/enum", id="no-json-value"),
        pytest.param({"properties": {1: TEXT}}, "/properties", id="key-of-another-type"),
        pytest.param({"$id": "http://["}, "/$id", id="no-uri"),
        pytest.param(
            {"$schema": D4, "dependentSchemas": "a"}, "/dependentSchemas", id="shape-of-a-later-draft"
        ),
    ],
)
def test_bad_schemas_are_refused_with_a_pointer(definition: Any, pointer: str) -> None:
    """An invalid schema is refused by `Schema.parse`, with its pointer."""
    with pytest.raises(InvalidSchema) as caught:
        Schema.parse(definition)
    assert caught.value.violations[0].pointer == pointer


def test_a_text_too_long_for_a_path_is_refused() -> None:
    """A text too long for a path raises `InvalidSchema`, not `OSError`."""
    with pytest.raises(InvalidSchema, match="no schema file"):
        Schema.parse("a" * 5000)


@pytest.mark.parametrize(
    ("value", "pointer", "keyword"),
    [
        pytest.param({"a": [float("inf")]}, "/a/0", "number", id="infinity"),
        pytest.param({"a/b": float("nan")}, "/a~1b", "number", id="nan"),
        pytest.param([10**5000], "/0", "number", id="too-many-digits"),
        pytest.param({"a": "\ud800"}, "/a", "string", id="lone-surrogate"),
        pytest.param({1: "a"}, "", "key", id="key-of-another-type"),
        pytest.param([{1, 2}], "/0", "type", id="set"),
    ],
)
def test_what_json_cannot_carry_is_a_violation(value: Any, pointer: str, keyword: str) -> None:
    """A value that JSON cannot represent is a violation even under `true`."""
    (violation,) = Schema.parse({"uniqueItems": True, "multipleOf": 3}).violations(value)
    assert (violation.pointer, violation.keyword) == (pointer, keyword)


@pytest.mark.parametrize(
    ("divisor", "value", "valid"),
    [(0.1, 10**400, True), (0.1, 1e300, True), (3, 10**4000, False), (0.01, 19.999, False)],
    ids=["400-digits", "huge-float", "4000-digits", "decimals"],
)
def test_multiples_are_exact_at_any_size(divisor: Any, value: Any, valid: bool) -> None:
    """`multipleOf` is exact beyond the digits of decimals."""
    assert (not Schema.parse({"multipleOf": divisor}).violations(value)) is valid


@pytest.mark.parametrize("keyword", ["additionalProperties", "unevaluatedProperties"])
def test_names_are_matched_with_our_patterns(keyword: str) -> None:
    """Patterns of names know Unicode classes and the strict `$`."""
    schema = Schema.parse({"patternProperties": {"^\\p{L}$": {}}, keyword: False})
    assert schema.violations({"é": 1}) == []
    assert schema.violations({"é\n": 1})[0].keyword == keyword


@pytest.mark.parametrize("keyword", ["additionalProperties", "unevaluatedProperties"])
@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$"])
def test_no_name_hangs_the_check(keyword: str, pattern: str) -> None:
    """An exponential pattern of names ends at the time limit."""
    schema = Schema.parse({"patternProperties": {pattern: {}}, keyword: False})
    began = time.process_time()
    assert schema.violations({"a" * 60 + "!": 1, "a" * 61 + "!": 1})
    assert time.process_time() - began < 3


def test_a_slow_pattern_ends_the_check() -> None:
    """The first timeout of a pattern ends the validation, also below `not`."""
    slow = "^(a|aa)+$"
    began = time.process_time()
    texts = [f"{'a' * 60}!{i}" for i in range(1000)]
    assert Schema.parse({"items": {"pattern": slow}}).violations(texts)
    assert Schema.parse({"not": {"pattern": slow}}).violations(texts[0])
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param({"$schema": D7, "items": {"$ref": "#"}, "pattern": "^(a|aa)+$"}, id="a-reference-to-the-root"),
        pytest.param({"items": {"$schema": D7, "pattern": "^(a|aa)+$"}}, id="a-part-that-names-its-draft"),
        pytest.param({"items": {"not": {"$schema": D7, "not": {"pattern": "^(a|aa)+$"}}}}, id="inside-not"),
    ],
)  # fmt: skip
def test_a_schema_that_names_its_draft_has_the_same_patterns(definition: Any) -> None:
    """A subschema with `$schema` keeps the time limit of patterns."""
    (violation,) = Schema.parse(definition).violations(["a" * 60 + "!"])
    assert "took more than" in violation.message


def test_a_reference_to_a_root_that_names_its_draft_keeps_all_rules() -> None:
    """A reference to a root with `$schema` keeps Unicode classes and decimal multiples."""
    members = {"r": {"$ref": "#"}, "t": {"pattern": r"^\p{L}+$"}, "m": {"multipleOf": 0.01}}
    schema = Schema.parse({"$schema": D7, "properties": members})
    assert schema.violations({"r": {"t": "é", "m": 19.99}}) == []
    assert schema.violations({"r": {"t": "1", "m": 0.001}}) != []
    assert schema.accepts(schema.definition, {"t": "é"})


def test_the_order_of_violations_is_that_of_the_value() -> None:
    """The order of violations does not depend on the hash seed."""
    code = (
        "from structgen.schema import Schema;"
        "s = Schema.parse({'additionalProperties': {'type': 'integer'}});"
        "print([v.pointer for v in s.violations({c: c for c in 'qwertzuiop'})])"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        assert ran.stdout.strip() == str([f"/{c}" for c in "qwertzuiop"])


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int | str

    @field_validator("lives")
    @classmethod
    def few(cls, lives: Any) -> Any:
        if lives == 99:
            raise ValueError("too many")
        return lives


class Dog(BaseModel):
    kind: Literal["dog"]


class Home(BaseModel):
    pets: list[Annotated[Cat | Dog, Field(discriminator="kind")]]
    first: Cat | Dog


def test_pointers_of_the_types_validators_lead_into_the_value() -> None:
    """Pointers of Pydantic errors leave out the names of union branches."""
    cat = {"kind": "cat", "lives": 99}
    pointers = {v.pointer for v in Schema.parse(Home).violations({"pets": [cat], "first": cat})}
    assert pointers == {"/pets/0/lives", "/first/lives", "/first/kind"}


BA: Any = {"properties": {"b": {}, "a": {}}}


@pytest.mark.parametrize(
    ("definition", "value", "names"),
    [
        ({"additionalProperties": BA}, {"q": {"a": 1, "b": 2}}, '{"q":{"b":2,"a":1}}'),
        ({"patternProperties": {"^q": BA}}, {"q": {"a": 1, "b": 2}}, '{"q":{"b":2,"a":1}}'),
        ({"prefixItems": [BA]}, [{"a": 1, "b": 2}], '[{"b":2,"a":1}]'),
        ({"allOf": [{"properties": {"b": {}}}, BA]}, {"a": 1, "b": 2}, '{"b":2,"a":1}'),
        (
            {"oneOf": [
                {"properties": {"k": {"const": 1}, "a": {}, "b": {}}},
                {"properties": {"b": {}, "a": {}, "k": {"const": 2}}},
            ]},
            {"k": 2, "a": 1, "b": 2},
            '{"b":2,"a":1,"k":2}',
        ),
        ({"items": {"$ref": "#b"}, "$defs": {"x": {"$anchor": "b", **BA}}}, [{"a": 1, "b": 2}], '[{"b":2,"a":1}]'),
        ({"items": {"$ref": "#/$defs/%C3%A4"}, "$defs": {"ä": BA}}, [{"a": 1, "b": 2}], '[{"b":2,"a":1}]'),
        (
            {"$id": "https://x.example/s", "items": {"$ref": "part"}, "$defs": {"p": {"$id": "part", **BA}}},
            [{"a": 1, "b": 2}],
            '[{"b":2,"a":1}]',
        ),
    ],
    ids=["additional", "pattern", "tuple", "allOf", "oneOf", "anchor", "percent", "id"],
)  # fmt: skip
def test_members_are_arranged_wherever_they_are_declared(definition: Any, value: Any, names: str) -> None:
    """Members come in the order of the schema, wherever it declares them."""
    assert json_text.dumps(Schema.parse(definition).arrange(value)) == names


def test_an_embedded_resource_whose_references_seem_to_lead_in_a_circle() -> None:
    """An anchor of an embedded resource is not mistaken for one of the root."""
    inner = {"$anchor": "item", "properties": {"b": {}, "a": {}}}
    embedded = {"$id": "http://r.example/w", "$ref": "#item", "$defs": {"k": inner}}
    outer = {"$anchor": "item", "$ref": "#/$defs/w"}
    schema = Schema.parse({"properties": {"p": {"$ref": "#/$defs/w"}}, "$defs": {"w": embedded, "k": outer}})
    value = {"p": {"a": 1, "b": 2}}
    assert schema.violations(value) == []
    assert schema.arrange(value) == value


def accepts(grammar: Any, text: str) -> bool:
    """Whether llguidance compiles the grammar and lets this very text through."""
    llguidance = pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
    options = {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}
    made = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(grammar), defaults=options)
    matcher = llguidance.LLMatcher(llguidance.LLTokenizer("byte"), made, log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    tokens = list(text.encode())
    return matcher.try_consume_tokens(tokens) == len(tokens) and bool(matcher.is_accepting())


NODE: Any = {"type": "object", "properties": {"next": {"$ref": "#/$defs/n", "type": "object"}}}
PAIR: Any = {"a": TEXT, "b": TEXT}


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        pytest.param({"type": "object", "properties": PAIR, "minProperties": 1}, {"b": "x"}, id="least"),
        pytest.param({"$defs": {"n": NODE}, "$ref": "#/$defs/n"}, {"next": {"next": {}}}, id="circle"),
        pytest.param({"$schema": D4, "const": 5}, 6, id="const-of-draft-4"),
        pytest.param({"$schema": D4, "type": "string", "format": "date"}, "x", id="date-of-draft-4"),
        pytest.param({"$schema": D6, "type": "string", "format": "uuid"}, "x", id="uuid-of-draft-6"),
        pytest.param({"$schema": D7, "prefixItems": [TEXT], "items": {"type": "integer"}}, [1], id="tuple"),
        pytest.param({"type": "number", "maximum": 1e300}, 5, id="huge-bound"),
        pytest.param({"type": "number", "exclusiveMinimum": 5e-324}, 5, id="tiny-bound"),
        pytest.param({"type": "integer", "minimum": -(2**63)}, 5, id="bound-of-64-bits"),
        pytest.param({"type": "integer", "multipleOf": 10**10}, 10**10, id="huge-divisor"),
        pytest.param({"type": "number", "multipleOf": 0.25}, 2.5, id="divisor-of-quarters"),
        pytest.param({"type": "number", "multipleOf": 123.456}, 0, id="divisor-of-many-digits"),
        pytest.param({"type": "array", "minItems": 1.0}, [1], id="length-written-as-a-float"),
        pytest.param({"type": "object", "patternProperties": {"a": {}, "b": {}}}, {"ab": 1}, id="overlap"),
        pytest.param(
            {"type": "object", "allOf": [{"patternProperties": {"a": {}}}, {"patternProperties": {"b": {}}}]},
            {"ab": 1},
            id="overlap-in-allOf",
        ),
        pytest.param({"type": "string", "pattern": "^(?>a+)b$"}, "aab", id="atomic-group"),
        pytest.param({"type": "string", "pattern": "^a{$"}, "a{", id="brace"),
        pytest.param({"type": "string", "pattern": r"^[a-\d]$"}, "a", id="class-in-a-range"),
        pytest.param({"type": "string", "pattern": r"^[\b]$"}, "\b", id="backspace"),
        pytest.param({"type": "string", "pattern": r"^\uD83D\uDE00$"}, "\U0001f600", id="surrogate-pair"),
        pytest.param({"type": "integer", "enum": [2, -0.5]}, 2, id="enum-beyond-its-type"),
        pytest.param(
            {
                "type": "object",
                "additionalProperties": {"type": "integer"},
                "allOf": [
                    {"if": {"properties": {"k": {"const": 2}}}, "then": False},
                    {"if": {"properties": {"k": {"enum": [1, 3]}}, "required": ["k"]}, "then": {"required": ["y"]}},
                ],
            },
            {"k": 3, "y": 1},
            id="intervals-between-integers",
        ),
        pytest.param({"type": ["null", "integer"], "enum": [1.5, None]}, None, id="fraction-among-constants"),
        pytest.param({"type": ["null", "integer"], "anyOf": [{"const": 1.5}, {"const": 2}]}, 2, id="fraction-as-branch"),
        pytest.param({"type": ["null", "integer"], "minimum": 1.2, "allOf": [{"maximum": 1.8}]}, None, id="no-integer-between"),
        pytest.param(
            {
                "patternProperties": {
                    "^a": {},
                    "^(a|b)$": {"oneOf": [{"properties": {}}, {"properties": {}, "type": "object"}]},
                }
            },
            {"b": None, "a": None},
            id="names-that-a-pattern-lists",
        ),
        pytest.param(
            {"properties": {"c": {}}, "patternProperties": {"^(b|a)$": {}}, "required": ["d"]},
            {"d": 4, "a": 3, "b": 2, "c": 1},
            id="names-of-a-pattern-after-properties",
        ),
        pytest.param({"dependentRequired": {"a": [], "b": ["a"]}}, {"a": 1, "b": 2}, id="no-dependents"),
        pytest.param({"dependentSchemas": {"a": True, "b": {"required": ["a"]}}}, {"a": 1, "b": 2}, id="dependents-of-any-kind"),
        pytest.param({"type": "string", "pattern": "^[[a]$"}, "[", id="bracket-in-class"),
        pytest.param({"type": "string", "pattern": "^[a&&b]$"}, "&", id="ampersands-in-class"),
        pytest.param({"type": "string", "pattern": "^(\\/?[a-z]*($|\\/))*$"}, "a/b", id="anchor-in-loop"),
        pytest.param(
            {"type": "string", "format": "email", "pattern": "@x\\.com$", "maxLength": 40},
            "a@x.com",
            id="email-and-pattern",
        ),
    ],
)  # fmt: skip
def test_the_grammar_compiles_and_is_not_narrower(definition: Any, value: Any) -> None:
    """llguidance compiles the lowered schema and accepts all valid values, unlike the raw schema."""
    schema = Schema.parse(definition)
    assert schema.violations(value) == []
    assert accepts(schema.grammar, json_text.dumps(schema.arrange(value)))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
@settings(max_examples=60, deadline=None)
def test_definitions_may_have_any_name(name: str) -> None:
    """Definitions may have names that are not URI fragments, such as `Record<string,any>`."""
    fragment = name.replace("~", "~0").replace("/", "~1").replace("%", "%25")
    try:
        schema = Schema.parse({"$defs": {name: TEXT}, "properties": {"a": {"$ref": f"#/$defs/{fragment}"}}})
    except InvalidSchema:
        return  # a name that the reference would have to escape
    assert accepts(schema.grammar, '{"a":"b"}')


NUMBERS = st.one_of(st.integers(-50, 50), st.sampled_from([0.5, 0.01, 0.25, 2.0, 1e-7, 10**12]))
BOUNDED = st.fixed_dictionaries(
    {"type": st.just("number")},
    optional={"minimum": NUMBERS, "maximum": NUMBERS, "multipleOf": NUMBERS.filter(lambda n: n > 0)},
)


@given(BOUNDED, st.decimals(-60, 60, places=2).map(float))
@settings(max_examples=150, deadline=None)
def test_numbers_that_validate_pass_the_grammar(definition: Any, value: float) -> None:
    """The grammar accepts every valid number, whatever the bounds and divisors."""
    try:
        schema = Schema.parse(definition)
    except InvalidSchema:
        return  # crossed bounds
    number = int(value) if value.is_integer() else value
    if not schema.violations(number):
        assert accepts(schema.grammar, json_text.dumps(number))
