"""The fast meta-schema check accepts only what the meta-schema accepts."""

from copy import deepcopy
from typing import Any

import pytest
from generated import VALUES, schemas
from hypothesis import given
from hypothesis import strategies as st

from structgen.schema import dialects
from structgen.schema.checks.metaschema import tolerated
from structgen.schema.checks.metaschema_fast_path import well_formed
from structgen.schema.traversal import subschemas

KEYWORDS = sorted({
    "$id", "id", "$ref", "$anchor", "$defs", "definitions", "type", "enum", "minimum", "exclusiveMaximum",
    "multipleOf", "minLength", "pattern", "required", "properties", "patternProperties", "items", "prefixItems",
    "additionalItems", "contains", "dependencies", "dependentRequired", "allOf", "oneOf", "not", "if",
    "propertyNames", "unevaluatedItems", "additionalProperties", "uniqueItems", "contentSchema", "$vocabulary",
})  # fmt: skip
DRAFTS = st.sampled_from(dialects.DIALECTS)


def accepted(definition: Any, drafted: dialects.Dialect) -> bool:
    """What the meta-schema says, but for values that stand twice."""
    once = tolerated(definition)
    return drafted.validator(drafted.validator.META_SCHEMA).is_valid(once)


@given(schemas() | VALUES, DRAFTS, st.data())
def test_a_yes_is_the_meta_schema_s(schema: Any, drafted: dialects.Dialect, data: st.DataObject) -> None:
    """The fast path accepts only schemas that the meta-schema accepts, whatever one keyword holds."""
    schema = deepcopy(schema)  # strategies give the same one again
    places = [found for _, found in subschemas(schema) if isinstance(found, dict)]
    if places:
        place = data.draw(st.sampled_from(places))
        place[data.draw(st.sampled_from(KEYWORDS))] = data.draw(VALUES | schemas(1) | st.lists(schemas(0)))
    if well_formed(schema, drafted.validator):
        assert accepted(schema, drafted)


@given(schemas())
def test_what_people_write_gets_a_yes(schema: Any) -> None:
    """The fast path accepts well-formed schemas of all keywords of the latest draft."""
    if isinstance(schema, dict) and accepted(schema, dialects.LATEST):
        assert well_formed(schema, dialects.LATEST.validator)


@pytest.mark.parametrize("drafted", dialects.DIALECTS, ids=lambda d: d.name)
@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "strng"}, {"properties": {"a": 5}}, {"items": {"minLength": -1}}, {"allOf": []}, {"required": "a"},
        {"not": {"enum": 1}}, {"dependencies": {"a": 1}}, {"patternProperties": {"a": {"type": 1}}}, [], "a", None,
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_gets_no_yes(wrong: Any, drafted: dialects.Dialect) -> None:
    """The fast path rejects malformed schemas in every draft, at any depth."""
    assert not well_formed(wrong, drafted.validator)
    assert not accepted(wrong, drafted)
