"""Required members that a document does not say: the relaxed schema, and the pointers of what is null."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from structgen.schema import Schema
from structgen.schema.keywords import SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_VALUED
from structgen.schema.traversal import JsonPath, pointer

_KEPT = frozenset({"not", "if", "then", "else", "contains"})
"""Keywords whose schemas a null would turn round, or decide."""
_CHOOSING = ("enum", "const", "$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "not", "if")
"""Keywords beside which another type is not all that a null needs."""
_NULL = {"type": "null"}


def relaxed(schema: Schema) -> Schema:
    """Return a schema whose required members may also be null."""
    return replace(schema, definition=_relaxed(schema.enforced, frozenset()), adapter=None, detached=())


def absent(schema: Schema, data: Any) -> list[str]:
    """Return the pointers of the nulls of a value that the schema does not allow.

    `data` is valid under the relaxed schema. Where the schema of an object chooses between alternatives,
    every null of an object that fits none is listed.
    """
    refused = [violation.pointer for violation in schema.violations(data)]
    if not refused:
        return []
    nulls = [pointer(path) for path in _nulls((), data)]
    exact = set(refused).intersection(nulls)
    wide = tuple(f"{at}/" for at in refused if at not in exact)
    return [at for at in nulls if at in exact or at.startswith(wide)]


def _relaxed(schema: Any, above: frozenset[str]) -> Any:
    """Return a relaxed schema; `above` are names that a schema of the same value requires."""
    if not isinstance(schema, dict):
        return schema
    required = above | _required(schema)
    copied: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "properties" and isinstance(value, dict):
            members = {name: _relaxed(each, frozenset()) for name, each in value.items()}
            copied[keyword] = members | {name: _nullable(members[name]) for name in required & members.keys()}
        elif keyword in _KEPT:
            copied[keyword] = value
        elif keyword in SCHEMA_VALUED:
            copied[keyword] = _relaxed(value, frozenset())
        elif keyword in SCHEMA_LISTS and isinstance(value, list):
            same = required if keyword in ("allOf", "anyOf", "oneOf") else frozenset()
            copied[keyword] = [_relaxed(each, same) for each in value]
        elif keyword in SCHEMA_MAPS and isinstance(value, dict):
            copied[keyword] = {name: _relaxed(each, frozenset()) for name, each in value.items()}
        else:
            copied[keyword] = value
    return copied


def _required(schema: dict[str, Any]) -> frozenset[str]:
    """Return the names that a schema, or each of its conjuncts, requires."""
    given = schema.get("required")
    names = {name for name in given if isinstance(name, str)} if isinstance(given, list) else set()
    conjuncts = schema.get("allOf")
    for each in conjuncts if isinstance(conjuncts, list) else ():
        if isinstance(each, dict):
            names |= _required(each)
    return frozenset(names)


def _nullable(schema: Any) -> Any:
    """Return a schema that also takes null."""
    if not isinstance(schema, dict) or not schema:
        return schema
    kinds = schema.get("type")
    if kinds is None or any(keyword in schema for keyword in _CHOOSING):
        return {"anyOf": [schema, _NULL]}
    listed = kinds if isinstance(kinds, list) else [kinds]
    return schema if "null" in listed else {**schema, "type": [*listed, "null"]}


def _nulls(path: JsonPath, data: Any) -> Iterator[JsonPath]:
    if data is None:
        yield path
    children: Any = ()
    if isinstance(data, dict):
        children = data.items()
    elif isinstance(data, list):
        children = enumerate(data)
    for key, child in children:
        yield from _nulls((*path, key), child)
