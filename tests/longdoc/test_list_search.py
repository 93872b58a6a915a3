"""Lists of a schema are found in bounded steps, however many places its references make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from structgen.longdoc.lists import MAX_LISTS, list_specs, nested_specs
from structgen.schema import Schema
from structgen.schema.traversal import conjuncts, root_target

ITEM = {"type": "object", "properties": {"name": {"type": "string"}}}
LIST = {"type": "array", "items": ITEM}


def tree(branches: int, depth: int) -> dict[str, Any]:
    """Return a short schema of objects of objects: `branches ** depth` places, each a list at the end."""
    definitions: dict[str, Any] = {
        f"o{level}": {
            "type": "object",
            "properties": {f"p{n}": {"$ref": f"#/$defs/o{level + 1}"} for n in range(branches)},
        }
        for level in range(depth)
    }
    return {"$ref": "#/$defs/o0", "$defs": {**definitions, f"o{depth}": LIST}}


def repeated(references: int, depth: int) -> dict[str, Any]:
    """Return a short schema that refers to one object on `references ** depth` ways."""
    definitions: dict[str, Any] = {
        f"d{level}": {"allOf": [{"$ref": f"#/$defs/d{level + 1}"}] * references} for level in range(depth)
    }
    return {"$ref": "#/$defs/d0", "$defs": {**definitions, f"d{depth}": ITEM}}


def pointers(definition: Any) -> list[str]:
    return [spec.pointer for spec in list_specs(Schema.parse(definition))]


def test_the_search_ends_in_a_schema_of_a_hundred_million_lists() -> None:
    """The first ones are found, and the search is over."""
    assert len(pointers(tree(10, 8))) <= MAX_LISTS
    assert len(pointers(tree(10, 3))) == MAX_LISTS


def test_the_search_ends_where_no_list_comes() -> None:
    """A schema that contains itself has places of every depth, and no list."""
    node = {"type": "object", "properties": {f"p{n}": {"$ref": "#"} for n in range(12)}}
    assert pointers(node) == []


def test_a_list_near_the_root_is_found_beside_endless_members() -> None:
    """Members before it may lead anywhere."""
    schema = tree(10, 8)
    definitions = schema.pop("$defs")
    members = {"before": schema, "rows": LIST, "after": schema}
    assert "/rows" in pointers({"type": "object", "properties": members, "$defs": definitions})


def test_lists_have_the_order_of_the_schema() -> None:
    """Also those that stand deeper than the ones after them."""
    deep = {"type": "object", "properties": {"inner": LIST}}
    members = {"first": deep, "second": LIST, "third": deep}
    definition = {"type": "object", "properties": members}
    assert pointers(definition) == ["/first/inner", "/second", "/third/inner"]
    item = {"type": "object", "properties": {"name": {"type": "string"}, **members}}
    schema = Schema.parse({"type": "array", "items": item})
    inner = nested_specs(list_specs(schema)[0], schema)
    assert [spec.pointer for spec in inner] == ["/first/inner", "/second", "/third/inner"]


def test_a_schema_that_many_references_lead_to_is_read_once() -> None:
    """Sixty references at each of three levels lead to it in 216,000 ways."""
    schema = Schema.parse(repeated(60, 3))
    every = list(conjuncts([schema.enforced], root_target(schema.resolve), 8))
    assert len({id(one) for one in every}) == len(every) <= 2 * 60 * 3 + 5
    assert every[-1] == ITEM or ITEM in every


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    """Return definitions that refer to later ones at random, also to one of them on several ways."""
    size = draw(st.integers(1, 6))
    definitions = {}
    for number in range(size):
        references = (
            draw(st.lists(st.integers(number + 1, size - 1), max_size=3)) if number + 1 < size else []
        )
        body: dict[str, Any] = {"title": str(number)}
        if references:
            body["allOf"] = [{"$ref": f"#/$defs/d{name}"} for name in references]
        definitions[f"d{number}"] = body
    return {"$ref": "#/$defs/d0", "$defs": definitions}


@given(graphs(), st.integers(0, 9))
def test_all_that_applies_is_read(definition: dict[str, Any], depth: int) -> None:
    """As by following every way, up to any depth."""
    schema = Schema.parse(definition)
    target = root_target(schema.resolve)

    def every_way(unread: list[Any], levels: int) -> Iterator[dict[str, Any]]:
        for one in unread if levels >= 0 else ():
            if isinstance(one, dict):
                yield one
                yield from every_way([target(one), *one.get("allOf", ())], levels - 1)

    expected = list({id(one): one for one in every_way([schema.enforced], depth)}.values())
    read = list(conjuncts([schema.enforced], target, depth))
    assert sorted(map(id, read)) == sorted(map(id, expected))
