"""`x-structgen-key` names the members by which items are told apart, and nothing but the merge sees it."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from structgen.errors import InvalidSchema
from structgen.schema import Schema

ITEM = {"type": "object", "properties": {"id": {"type": "string"}, "price": {"type": "number"}}}


def keyed(key: Any, **more: Any) -> dict[str, Any]:
    """Return the schema of an object with a list that has a key."""
    lines = {"type": "array", "items": ITEM, "x-structgen-key": key, **more}
    return {"type": "object", "properties": {"lines": lines}}


@pytest.mark.parametrize("key", ["id", ["id"], ["id", "price"]])
def test_a_key_changes_neither_prompt_nor_grammar_nor_report(key: Any) -> None:
    """The model sees the same schema as without the key; the hash tells the two apart."""
    definition = keyed(key)
    with_key = Schema.parse(definition)
    del definition["properties"]["lines"]["x-structgen-key"]
    without = Schema.parse(definition)
    assert (with_key.text, with_key.grammar) == (without.text, without.grammar)
    assert with_key.report.to_json() == without.report.to_json()
    assert with_key.fast_weight == without.fast_weight
    assert with_key.warnings == []
    assert with_key.hash != without.hash
    assert Schema.parse(with_key.definition).definition["properties"]["lines"]["x-structgen-key"] == key


@pytest.mark.parametrize(
    ("key", "words"),
    [
        pytest.param(None, "name of a member", id="null"),
        pytest.param(True, "name of a member", id="true"),
        pytest.param([], "name of a member", id="no-names"),
        pytest.param(["id", 3], "name of a member", id="a-number-among-names"),
        pytest.param({"id": True}, "name of a member", id="an-object"),
        pytest.param(["id", "id"], "twice", id="twice"),
        pytest.param("ident", "'ident' is no member of the items", id="unknown"),
        pytest.param(["id", "prise"], "did you mean 'price'", id="misspelt"),
    ],
)
def test_a_bad_key_is_refused_with_its_place(key: Any, words: str) -> None:
    """The error points to the keyword and says what to write."""
    with pytest.raises(InvalidSchema, match=words) as caught:
        Schema.parse(keyed(key))
    assert [each.pointer for each in caught.value.violations] == ["/properties/lines/x-structgen-key"]


@pytest.mark.parametrize("kind", ["object", "string", ["object", "null"]])
def test_a_key_that_stands_beside_no_items_is_refused(kind: Any) -> None:
    """A key beside a member, or beside the items' own properties, would never have an effect."""
    with pytest.raises(InvalidSchema, match="takes no list"):
        Schema.parse({"type": kind, "x-structgen-key": "id", "properties": ITEM["properties"]})


@pytest.mark.parametrize(
    "items",
    [
        pytest.param({"$ref": "#/$defs/item"}, id="reference"),
        pytest.param(
            {"anyOf": [{"$ref": "#/$defs/item"}, {"type": "object", "properties": {"no": {}}}]}, id="branch"
        ),
        pytest.param(
            {"type": "object", "patternProperties": {"^i": {}}, "properties": {"a": {}}}, id="patterns"
        ),
        pytest.param({"type": "object"}, id="open"),
    ],
)
def test_members_are_looked_for_where_the_schema_has_them(items: Any) -> None:
    """A member may stand behind a reference, in a branch, or in an object of any names."""
    definition = {"$defs": {"item": ITEM}, "type": ["array", "null"], "items": items, "x-structgen-key": "id"}
    assert Schema.parse(definition).definition == definition


def test_a_python_type_gives_a_key_by_its_field() -> None:
    """`json_schema_extra` of a field is kept."""

    class Line(BaseModel):
        id: str

    class Order(BaseModel):
        lines: Annotated[list[Line], Field(json_schema_extra={"x-structgen-key": "id"})]

    assert Schema.parse(Order).definition["properties"]["lines"]["x-structgen-key"] == "id"
