"""What holds of every text: valid JSON is never touched, changes can be applied, a prefix loses nothing whole."""

import json
from random import Random
from typing import Any

import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import structgen
from structgen import json_text
from structgen.errors import BadRequest
from structgen.parsing.incremental.partial_json import partial
from structgen.parsing.tolerant.parser import TolerantParser
from structgen.schema import Schema

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
TEXTS = st.sampled_from(
    ["yes", "1,234.50", "$5", "null", "two", "A", "2026-01-31", "[1, 2]", '{"a": 1}', "x y"]
)
KEYS = st.text(max_size=6) | st.sampled_from(
    ["name", "Name", "names", "total_amount", "totalAmount", "a", "b"]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
SCHEMAS = st.sampled_from(
    [
        {"type": "object", "properties": {"name": {"type": "string"}, "total_amount": {"type": "number"}}},
        {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"enum": ["one", "two"]}}, "required": ["a"],
         "additionalProperties": False},
        {"type": "array", "items": {"type": ["integer", "null"]}},
        {"anyOf": [{"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]}, {"type": "string"}]},
        {"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {"a": {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "null"}]}},
         "additionalProperties": {"type": "string"}}}},
        {"type": "object", "properties": {"name": {"type": "object", "properties": {"a": {"type": "string", "format": "date"}}}}},
        {"type": "string"}, {"type": "number"}, {"type": "boolean"}, {"const": "two"}, True, {},
    ]
)  # fmt: skip


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
@settings(max_examples=400, deadline=None)
def test_valid_json_comes_back_as_it_is(value: Any, indent: int | None, ascii_only: bool) -> None:
    """Equal, unchanged, with an empty account, whatever its white space and escapes."""
    result = structgen.repair(json.dumps(value, indent=indent, ensure_ascii=ascii_only))
    assert (result.status, result.fixes, result.changes) == ("unchanged", (), ())
    assert same(result.value, value)


@given(VALUES, SCHEMAS)
@settings(max_examples=400, deadline=None)
def test_what_satisfies_its_schema_is_not_touched(value: Any, definition: Any) -> None:
    """And what a schema does not satisfy is either put right or told."""
    schema = Schema.parse(definition)
    result = structgen.repair(json_text.dumps(value), schema)
    if not schema.violations(value):
        assert (result.status, result.fixes, result.changes) == ("unchanged", (), ())
        assert same(result.value, value)
    elif result.status == "failed":
        assert result.violations
    else:
        assert schema.violations(result.value) == []


@given(VALUES, SCHEMAS)
@settings(max_examples=400, deadline=None)
def test_the_changes_lead_from_the_first_value_to_the_result(value: Any, definition: Any) -> None:
    """Applied in order, by RFC 6902."""
    result = structgen.repair(json_text.dumps(value), Schema.parse(definition))
    operations = [change.to_json() for change in result.changes]
    assert same(jsonpatch.apply_patch(result.parsed, operations), result.value)


@pytest.mark.parametrize("most", ["lossless", "coerced", "inferred"])
@given(value=VALUES, definition=SCHEMAS)
@settings(max_examples=150, deadline=None)
def test_no_change_is_riskier_than_allowed(most: Any, value: Any, definition: Any) -> None:
    """What may not be applied leaves its violation."""
    order = ["lossless", "coerced", "inferred", "model"]
    result = structgen.repair(json_text.dumps(value), Schema.parse(definition), max_risk=most)
    assert all(order.index(c.risk) <= order.index(most) for c in (*result.changes, *result.fixes))


@given(
    st.lists(VALUES, max_size=3) | st.dictionaries(KEYS, VALUES, max_size=4),
    st.randoms(use_true_random=False),
)
@settings(max_examples=300, deadline=None)
def test_a_prefix_keeps_every_complete_member(value: Any, random: Random) -> None:
    """No exception, and all that `partial` calls complete is there."""
    text = json_text.dumps(value)
    cut = text[: random.randrange(len(text))]
    result = structgen.repair(cut)
    if cut.strip():
        assert result.status == "repaired"
        assert holds(result.value, partial(cut).value)
    else:
        assert result.status == "failed"


def holds(found: Any, wanted: Any) -> bool:
    """Whether all that is wanted is found, in its place."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(k in found and holds(found[k], v) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) >= len(wanted) and all(map(holds, found, wanted))
    return same(found, wanted)


@given(st.text(alphabet=st.sampled_from("{}[]\":,'`\\ \n\tab1-.0etrufalsn/*#“”+()u"), max_size=60))
@settings(max_examples=1500, deadline=None)
def test_no_text_raises(text: str) -> None:
    """And where there is a value, the fixes lie within the text, in its order of reading."""
    result = structgen.repair(text)
    assert all(0 <= fix.start <= fix.end <= len(text) for fix in result.fixes)
    assert (result.status == "failed") == bool(result.violations)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_the_lenient_parser_reads_json(value: Any) -> None:
    """The same value, without a fix."""
    text = json_text.dumps(value)
    reading = TolerantParser(text).parse()
    assert same(reading.value, value)
    assert reading.fixes == () or not isinstance(value, dict | list)


def test_a_risk_that_there_is_not_is_refused() -> None:
    """By its name, with those there are."""
    with pytest.raises(BadRequest, match="max_risk: 'low' is none of lossless, coerced, inferred, model"):
        structgen.repair("{a: 1", max_risk="low")  # type: ignore[arg-type]
