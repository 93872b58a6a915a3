"""Required members that a document does not say: null instead of an invented value."""

from __future__ import annotations

from functools import partial
from typing import Any

from structgen.longdoc.absent_members import absent as absent
from structgen.longdoc.composition import Composition
from structgen.longdoc.nullable import nullable
from structgen.longdoc.schema_copy import NotCopied, SchemaCopy
from structgen.schema import Schema
from structgen.schema.identity import IdentitySet
from structgen.schema.keywords import ALTERNATIVES
from structgen.schema.regex import matches_safely
from structgen.schema.traversal import children, constants

Names = frozenset[str]
_ITEMS = ("items", "prefixItems", "additionalItems", "unevaluatedItems")
_MAPS = ("properties", "patternProperties")
_REST = ("additionalProperties", "unevaluatedProperties")
_KEPT = ("not", "if", "contains", "propertyNames")
_IN_PLACE = ("allOf", *ALTERNATIVES, "then", "else", "dependentSchemas", "dependencies")
_OWN = frozenset({*_ITEMS, *_MAPS, *_REST, *ALTERNATIVES})


def relaxed(schema: Schema) -> Schema:
    """Return the schema with all required members nullable, those of items of lists too.

    A constant that tells the branches of a union apart stays as it is. Returns the schema itself where it
    cannot be copied.
    """
    copy = SchemaCopy(schema)
    try:
        return copy.document(_relaxed(copy, copy.root)) if isinstance(copy.root, dict) else schema
    except NotCopied:
        return schema


def _relaxed(
    copy: SchemaCopy, schema: dict[str, Any], names: Names = frozenset(), in_union: bool = False
) -> dict[str, Any]:
    """Return a copy in which the members that it requires, and those of `names`, take null."""
    names |= required_names(copy, schema)
    edit, key = partial(_relaxed, names=names, in_union=in_union), ("relaxed", names, in_union)
    left = {keyword: value for keyword, value in schema.items() if keyword not in _OWN}
    copied = copy.verbatim(left, edit, key, _KEPT)
    if not copy.reads_beside_ref(schema):
        return copied
    for keyword in _ITEMS:
        if keyword in schema:
            copied[keyword] = _items(copy, schema[keyword])
    for keyword in _MAPS:
        if keyword in schema:
            copied[keyword] = {
                name: _member(copy, member, _is_asked(keyword, name, names), in_union)
                for name, member in schema[keyword].items()
            }
    for keyword in _REST:
        if keyword in schema:
            undeclared = not names <= schema.get("properties", {}).keys()
            copied[keyword] = _member(copy, schema[keyword], undeclared, in_union)
    for keyword in ALTERNATIVES:
        if keyword in schema:
            _add_union(copy, schema, keyword, names, copied)
    order = {keyword: position for position, keyword in enumerate(schema)}
    return dict(sorted(copied.items(), key=lambda member: order.get(member[0], len(order))))


def _items(copy: SchemaCopy, items: Any) -> Any:
    key: tuple[str, Names, bool] = ("relaxed", frozenset(), False)
    if isinstance(items, list):
        return [copy.copy(item, _relaxed, key) for item in items]
    return copy.copy(items, _relaxed, key)


def _member(copy: SchemaCopy, member: Any, is_required: bool, in_union: bool) -> Any:
    if not isinstance(member, dict):
        return member
    copied = _relaxed(copy, member)
    is_tag = in_union and len(constants(member) or ()) == 1
    if not is_required or is_tag or copy.schema.accepts(member, None):
        return copied
    return nullable(copied, copy.reads_beside_ref(member))


def _is_asked(keyword: str, name: str, names: Names) -> bool:
    """Return whether a required name is that of a property, or has its pattern."""
    if keyword == "properties":
        return name in names
    return any(matches_safely(name, one) for one in names)


def _add_union(
    copy: SchemaCopy, schema: dict[str, Any], keyword: str, names: Names, copied: dict[str, Any]
) -> None:
    """Add the branches of a union; of objects with null for their members, several may take a value."""
    edit = partial(_relaxed, names=names, in_union=True)
    branches = [copy.copy(branch, edit, ("relaxed", names, True)) for branch in schema[keyword]]
    takes_objects = len(Composition(copy).open_branches(schema, keyword, "object")) > 1
    if keyword == "anyOf" or not takes_objects:
        copied[keyword] = branches
    elif "anyOf" in copied:
        copied["allOf"] = [*copied.get("allOf", ()), {"anyOf": branches}]
    else:
        copied["anyOf"] = branches


def required_names(copy: SchemaCopy, schema: Any) -> Names:
    """Return the names that a schema, or one that applies to the same value, may require."""
    names: set[str] = set()
    seen = IdentitySet()
    stack = [schema]
    while stack:
        current = stack.pop()
        if not isinstance(current, dict) or not seen.add(current):
            continue
        stack.append(copy.target(current))
        if not copy.reads_beside_ref(current):
            continue
        if isinstance(current.get("required"), list):
            names.update(current["required"])
        for keyword in ("dependentRequired", "dependencies"):
            for asked in current.get(keyword, {}).values():
                names.update(asked if isinstance(asked, list) else ())
        stack += [inner for path, inner in children(current) if path[0] in _IN_PLACE]
    return frozenset(names)
