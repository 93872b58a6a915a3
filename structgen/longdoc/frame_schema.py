"""The caller's schema without some of its lists, and for a part of a document whose rows are not known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from structgen.longdoc.composition import CONDITIONS, Composition, path_of
from structgen.longdoc.schema_copy import Edit, NotCopied, SchemaCopy
from structgen.schema import Schema
from structgen.schema.keywords import ALTERNATIVES, SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_VALUED
from structgen.schema.traversal import member_schemas, tuple_schemas, type_names

Path = tuple[str, ...]
OF_THE_WHOLE = frozenset({"minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"})
"""Keywords that hold for a list as a whole."""
_PRESENCE = frozenset({"required", "minProperties", "dependentRequired", *CONDITIONS})
"""Keywords that ask for members, or for more where some are there."""
_EVALUATING = frozenset({"contains", *CONDITIONS})
"""Keywords whose members and items count as evaluated."""
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_CONTAINERS = frozenset({"properties", "patternProperties", "additionalProperties", "required", "items"})
_ITEMS = frozenset({"items", "prefixItems", "additionalItems", "unevaluatedItems", "propertyNames", "not"})
_OF_MEMBERS = frozenset({*SCHEMA_VALUED, *SCHEMA_LISTS, *SCHEMA_MAPS}) - {"allOf", *ALTERNATIVES}


def frame_schema(schema: Schema, pointers: Sequence[str]) -> Schema | None:
    """Return the caller's schema without these lists, and without objects that hold nothing else.

    It takes what is left of each valid value. None where the root itself is one of the lists, and for a
    schema that cannot be copied.
    """
    copy = SchemaCopy(schema)
    try:
        paths = _with_bare_objects(copy, {tuple(path_of(pointer)) for pointer in pointers})
        return None if () in paths else copy.document(_without(copy, copy.root, paths))
    except NotCopied:
        return None


def part_schema(schema: Schema) -> Schema | None:
    """Return a schema of what a part of a document says: outside of items, any member may be absent.

    Lists collect: nothing is asked of them as a whole. Their items are the caller's. None for a schema that
    cannot be copied.
    """
    copy = SchemaCopy(schema)
    try:
        return copy.document(_part(copy, copy.root)) if isinstance(copy.root, dict) else None
    except NotCopied:
        return None


def _part(copy: SchemaCopy, schema: dict[str, Any]) -> dict[str, Any]:
    if tuple_schemas(schema):
        return copy.verbatim(schema)
    holds_values = _CONTAINERS & schema.keys() or {"object", "array"} & set(type_names(schema) or ())
    dropped = OF_THE_WHOLE | _PRESENCE if holds_values else OF_THE_WHOLE
    return _weaker(copy, schema, dropped, _part, "part", _ITEMS)


def _weaker(
    copy: SchemaCopy,
    schema: dict[str, Any],
    dropped: Collection[str],
    edit: Edit,
    key: Any,
    kept: Collection[str],
) -> dict[str, Any]:
    """Return the copy without some keywords; several branches of `oneOf` may then take a value."""
    left = {keyword: value for keyword, value in schema.items() if keyword not in dropped}
    if _EVALUATING & (schema.keys() - left.keys()):
        left = {keyword: value for keyword, value in left.items() if keyword not in _UNEVALUATED}
    copied = copy.verbatim(left, edit, key, kept)
    if "oneOf" in copied:
        union = {"anyOf": copied.pop("oneOf")}
        copied |= union if "anyOf" not in copied else {"allOf": [*copied.get("allOf", ()), union]}
    return copied


def _without(copy: SchemaCopy, schema: Any, paths: frozenset[Path]) -> Any:
    if not isinstance(schema, dict) or not paths:
        return copy.copy(schema)
    if {"const", "enum"} & schema.keys() and copy.reads_beside_ref(schema):
        raise NotCopied("listed objects")
    composition = Composition(copy)
    dropped = {"minProperties"}
    if any(composition.mentions(one, path[0]) for one in composition.conditional(schema) for path in paths):
        dropped.update(CONDITIONS)
    dropped.add("properties")
    copied = _weaker(copy, schema, dropped, partial(_without, paths=paths), paths, _OF_MEMBERS)
    if not copy.reads_beside_ref(schema):
        return copied
    names = {path[0] for path in paths if len(path) == 1}
    if "properties" in schema:
        copied["properties"] = {
            name: _without(copy, member, frozenset(path[1:] for path in paths if path[0] == name))
            for name, member in schema["properties"].items()
            if name not in names
        }
    copied |= _names_asked_for(copied, names)
    order = {keyword: position for position, keyword in enumerate(schema)}
    return dict(sorted(copied.items(), key=lambda member: order.get(member[0], len(order))))


def _names_asked_for(schema: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return the keywords that ask for members by name, without some names."""
    asked: dict[str, Any] = {}
    if isinstance(schema.get("required"), list):
        asked["required"] = [name for name in schema["required"] if name not in names]
    for keyword in ("dependentRequired", "dependencies"):
        if keyword in schema:
            asked[keyword] = {
                name: [one for one in others if one not in names] if isinstance(others, list) else others
                for name, others in schema[keyword].items()
                if name not in names
            }
    return asked


def _with_bare_objects(copy: SchemaCopy, paths: set[Path]) -> frozenset[Path]:
    """Return the paths, with the path of an object in place of those of all of its members."""
    for length in range(max(map(len, paths), default=0), 1, -1):
        for parent in {path[:-1] for path in paths if len(path) == length}:
            inner = {path for path in paths if path[:-1] == parent and len(path) == length}
            if _member_names(copy, parent) <= {path[-1] for path in inner}:
                paths = paths - inner | {parent}
    return frozenset(paths)


def _member_names(copy: SchemaCopy, path: Path) -> set[str]:
    """Return the names that an object is known to have; an empty name stands for any other."""
    composition = Composition(copy)
    schemas: list[Any] = [copy.root]
    for name in path:
        schemas = member_schemas(composition.conjuncts(schemas, "object"), name)
    applying = composition.conjuncts(schemas, "object")
    names = {name for schema in applying for name in schema.get("properties", ())}
    is_open = any(
        "patternProperties" in schema
        or isinstance(schema.get("additionalProperties"), dict)
        or any(len(composition.open_branches(schema, keyword, "object")) > 1 for keyword in ALTERNATIVES)
        for schema in applying
    )
    return names | {""} if is_open else names
