"""Properties of repair for every text: valid JSON stays, changes apply, prefixes keep complete members."""

import json
from random import Random
from typing import Any

import jsonpatch
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import structgen
from structgen import json_text
from structgen.errors import BadRequest
from structgen.parsing.incremental.partial_json import parse_partial
from structgen.parsing.tolerant.parser import TolerantParser
from structgen.schema import Schema
from structgen.types import RISKS

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
def test_valid_json_is_unchanged(value: Any, indent: int | None, ascii_only: bool) -> None:
    """Valid JSON comes back equal, without fixes and changes, for all white space and escapes."""
    result = structgen.repair(json.dumps(value, indent=indent, ensure_ascii=ascii_only))
    assert (result.status, result.fixes, result.changes) == ("unchanged", (), ())
    assert same(result.value, value)


@given(VALUES, SCHEMAS)
@settings(max_examples=400, deadline=None)
def test_a_valid_value_is_unchanged_under_its_schema(value: Any, definition: Any) -> None:
    """A valid value is unchanged; an invalid one becomes valid, or the result lists violations."""
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
    """The changes, applied to `parsed` as a JSON Patch, give the repaired value."""
    result = structgen.repair(json_text.dumps(value), Schema.parse(definition))
    operations = [change.to_json() for change in result.changes]
    assert same(jsonpatch.apply_patch(result.parsed, operations), result.value)


@pytest.mark.parametrize("most", ["lossless", "coerced", "inferred"])
@given(value=VALUES, definition=SCHEMAS)
@settings(max_examples=150, deadline=None)
def test_no_change_is_riskier_than_allowed(most: Any, value: Any, definition: Any) -> None:
    """No fix and no change has a higher risk than `max_risk`."""
    result = structgen.repair(json_text.dumps(value), Schema.parse(definition), max_risk=most)
    assert all(RISKS.index(c.risk) <= RISKS.index(most) for c in (*result.changes, *result.fixes))


@given(
    st.lists(VALUES, max_size=3) | st.dictionaries(KEYS, VALUES, max_size=4),
    st.randoms(use_true_random=False),
)
@settings(max_examples=300, deadline=None)
def test_a_prefix_keeps_every_complete_member(value: Any, random: Random) -> None:
    """A prefix is repaired to a value that holds every member which `parse_partial` finds complete."""
    text = json_text.dumps(value)
    cut = text[: random.randrange(len(text))]
    result = structgen.repair(cut)
    if cut.strip():
        assert result.status == "repaired"
        assert holds(result.value, parse_partial(cut).value)
    else:
        assert result.status == "failed"


def holds(value: Any, members: Any) -> bool:
    """Whether a value holds all the members, each in its place."""
    if isinstance(members, dict):
        return isinstance(value, dict) and all(k in value and holds(value[k], v) for k, v in members.items())
    if isinstance(members, list):
        return isinstance(value, list) and len(value) >= len(members) and all(map(holds, value, members))
    return same(value, members)


@given(st.text(alphabet=st.sampled_from("{}[]\":,'`\\ \n\tab1-.0etrufalsn/*#“”+()u"), max_size=60))
@settings(max_examples=1500, deadline=None)
def test_no_text_raises(text: str) -> None:
    """No text raises; fixes lie within the text, and a failure lists violations."""
    result = structgen.repair(text)
    assert all(0 <= fix.start <= fix.end <= len(text) for fix in result.fixes)
    assert (result.status == "failed") == bool(result.violations)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_the_tolerant_parser_reads_json(value: Any) -> None:
    """The tolerant parser reads valid JSON without escapes to the same value, without a fix."""
    text = json_text.dumps(value)
    assume("\\" not in text)  # whether a backslash is an escape depends on the others of the text
    result = TolerantParser(text).parse()
    assert same(result.value, value)
    assert result.fixes == () or not isinstance(value, dict | list)


def test_an_unknown_risk_is_refused() -> None:
    """An unknown `max_risk` raises BadRequest, which names it and the known risks."""
    with pytest.raises(BadRequest, match="max_risk: 'low' is not one of lossless, coerced, inferred, model"):
        structgen.repair("{a: 1", max_risk="low")  # type: ignore[arg-type]
