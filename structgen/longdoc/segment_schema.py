"""The schemas of segments, derived from the caller's: of one list, of all but lists, of a part."""

from __future__ import annotations

from typing import Any

from structgen.longdoc.composition import Composition, path_of
from structgen.longdoc.frame_schema import frame_schema as frame_schema
from structgen.longdoc.frame_schema import part_schema as part_schema
from structgen.longdoc.schema_copy import NotCopied, SchemaCopy
from structgen.schema import Schema
from structgen.schema.keywords import ALTERNATIVES
from structgen.schema.traversal import member_schemas, tuple_schemas

_SHOWN = ("title", "description")


def list_schema(schema: Schema, pointer: str, rows: int | None = None) -> Schema | None:
    """Return a schema of one list alone, inside of the objects above it; its items are the caller's.

    Keywords of the list as a whole are left out: a segment has a part of its rows. With `rows`, the list has
    that many items. None where what the schema says about the items depends on other values: an item that
    the result takes would not surely be one of the caller's list.
    """
    copy = SchemaCopy(schema)
    try:
        return copy.document(_ListCopy(copy).value([copy.root], path_of(pointer), rows))
    except NotCopied:
        return None


class _ListCopy:
    """Copies one list and the objects above it."""

    def __init__(self, copy: SchemaCopy) -> None:
        self._copy = copy
        self._composition = Composition(copy)

    def value(self, schemas: list[Any], path: list[str], rows: int | None) -> dict[str, Any]:
        """Return the copy of a value: of an object, or of the list at the path's end."""
        if not path:
            return self._list(schemas, rows)
        name = path[0]
        applying = self._composition.conjuncts(schemas, "object")
        for schema in applying:
            self._check_object(schema, name)
        members = member_schemas(applying, name)
        members += [one["unevaluatedProperties"] for one in applying if self._leaves_unevaluated(one, name)]
        if all(member is True for member in members):
            raise NotCopied("no schema of the list")
        properties = {name: self.value(members, path[1:], rows)}
        shape: dict[str, Any] = {"type": "object", **_words(applying), "properties": properties}
        return {**shape, "required": [name], "additionalProperties": False}

    def _check_object(self, schema: dict[str, Any], name: str) -> None:
        """Raise `NotCopied` where something else than conjunctions speaks of the member."""
        composition = self._composition
        if "const" in schema or "enum" in schema or not composition.takes(schema, "object"):
            raise NotCopied("no object, or listed objects")
        for keyword in ALTERNATIVES:
            branches = composition.open_branches(schema, keyword, "object")
            if len(branches) > 1 and any(composition.mentions(branch, name) for branch in branches):
                raise NotCopied(f"a list in a branch of {keyword}")
        if any(composition.mentions(one, name) for one in composition.conditional(schema)):
            raise NotCopied("a list under a condition")

    def _leaves_unevaluated(self, schema: dict[str, Any], name: str) -> bool:
        if schema.get("unevaluatedProperties", True) is True:
            return False
        within = self._composition.conjuncts([schema], "object")
        return all(member is True for member in member_schemas(within, name))

    def _list(self, schemas: list[Any], rows: int | None) -> dict[str, Any]:
        applying = self._composition.conjuncts(schemas, "array")
        items = []
        for schema in applying:
            self._check_list(schema)
            items.append(schema.get("items", True))
            if self._leaves_items_unevaluated(schema):
                items.append(schema["unevaluatedItems"])
        copies = [self._copy.copy(item) for item in items if item is not True and item != {}]
        shape: dict[str, Any] = {"type": "array", **_words(applying)}
        if copies:
            shape["items"] = copies[0] if len(copies) == 1 else {"allOf": copies}
        if rows is not None:
            shape |= {"minItems": rows, "maxItems": rows}
        return shape

    def _check_list(self, schema: dict[str, Any]) -> None:
        """Raise `NotCopied` where an item's schema depends on its index, or on other items."""
        composition = self._composition
        if "const" in schema or "enum" in schema or not composition.takes(schema, "array"):
            raise NotCopied("no list, or listed lists")
        if tuple_schemas(schema) or isinstance(schema.get("items"), list) or composition.conditional(schema):
            raise NotCopied("items by index, or under a condition")
        for keyword in ALTERNATIVES:
            if len(composition.open_branches(schema, keyword, "array")) > 1:
                raise NotCopied(f"items in branches of {keyword}")
        if "contains" in schema and schema.get("unevaluatedItems", True) is not True:
            raise NotCopied("items that `contains` allows")

    def _leaves_items_unevaluated(self, schema: dict[str, Any]) -> bool:
        if schema.get("unevaluatedItems", True) is True:
            return False
        return not any("items" in each for each in self._composition.conjuncts([schema], "array"))


def _words(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the first title and description: what a prompt says of the value."""
    words: dict[str, Any] = {}
    for schema in schemas:
        for keyword in _SHOWN:
            if isinstance(schema.get(keyword), str):
                words.setdefault(keyword, schema[keyword])
    return words
