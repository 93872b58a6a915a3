"""Schemas that take null as well."""

from __future__ import annotations

from typing import Any

from structgen.schema.traversal import type_names

_SHOWN = ("title", "description", "examples", "default", "deprecated", "example")
_APPLIED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "const"})
"""Keywords beside which `null` in `type` and `enum` is not enough."""


def nullable(schema: dict[str, Any], has_siblings: bool) -> dict[str, Any]:
    """Return a schema that takes null, and what the given one takes.

    `has_siblings`: whether the draft reads keywords beside `$ref`; words stay outside of the union then.
    """
    if not schema:
        return schema
    if not _APPLIED & schema.keys():
        widened = dict(schema)
        if (names := type_names(schema)) is not None and "null" not in names:
            widened["type"] = [*names, "null"]
        if "enum" in schema and not any(value is None for value in schema["enum"]):
            widened["enum"] = [*schema["enum"], None]
        return widened
    shown = {keyword: schema[keyword] for keyword in _SHOWN if keyword in schema}
    inner = {keyword: value for keyword, value in schema.items() if keyword not in shown}
    if "$ref" in schema and not has_siblings:
        shown, inner = {}, schema
    if inner.keys() == {"anyOf"}:
        return {**shown, "anyOf": [*inner["anyOf"], {"type": "null"}]}
    return {**shown, "anyOf": [inner, {"type": "null"}]}
