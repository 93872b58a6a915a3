"""Read the types that people write in place of JSON Schema, such as `"int"`, `"string?"` and `list[str]`."""

from __future__ import annotations

import re
from typing import Any

from structgen import json_text
from structgen.schema.keywords import TYPES

Fragment = dict[str, Any]
SHOWN = 300
"""Characters of a mended schema that a message shows."""
_DEEPEST = 12
_NAMES = {
    **{name: name for name in TYPES},
    **dict.fromkeys(("str", "text", "varchar", "char"), "string"),
    **dict.fromkeys(("int", "long", "bigint", "int32", "int64", "uint"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "numeric", "real"), "number"),
    "bool": "boolean",
    **dict.fromkeys(("dict", "map", "mapping", "record", "json"), "object"),
    **dict.fromkeys(("list", "set", "tuple", "sequence"), "array"),
    **dict.fromkeys(("none", "nil", "nonetype", "undefined", "void"), "null"),
}
_FORMATS = {
    **{name: name for name in ("date", "time", "email", "uuid", "uri", "date-time")},
    **dict.fromkeys(("datetime", "timestamp"), "date-time"),
    "guid": "uuid",
    "url": "uri",
}
_ANY = ("any", "unknown")
_SINGLE = frozenset({"list", "array", "set", "sequence", "iterable", "frozenset"})
_GENERIC = re.compile(r"([A-Za-z.]+)\s*(?:\[(.*)\]|<(.*)>)")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_LONGEST = 80


def schema_of(text: str, depth: int = 0) -> Fragment | None:
    """Return the JSON Schema that a written type means, or None where it is not one."""
    text = text.strip()
    if not text or len(text) > _LONGEST or depth > _DEEPEST:
        return None
    word = text.lower()
    if word in _NAMES:
        return {"type": _NAMES[word]}
    if word in _FORMATS:
        return {"type": "string", "format": _FORMATS[word]}
    if word in _ANY:
        return {}
    for mark in (r"\s*\(\s*optional\s*\)", r"\s*,\s*optional", r"\?"):
        if (bare := re.sub(mark + "$", "", text, flags=re.IGNORECASE)) != text:
            return _or_null(schema_of(bare, depth + 1))
    if text.endswith("!"):
        return schema_of(text[:-1], depth + 1)
    if len(branches := _split(text, "|")) > 1 or len(branches := re.split(r"\s+or\s+", text)) > 1:
        return _union(branches, depth)
    if text.endswith("[]"):
        return _list_of(schema_of(text[:-2], depth + 1))
    if text.startswith("[") and text.endswith("]"):
        return _list_of(schema_of(text[1:-1], depth + 1))
    generic = _GENERIC.fullmatch(text)
    return (
        _generic(generic[1].rsplit(".")[-1].lower(), generic[2] or generic[3] or "", depth)
        if generic
        else None
    )


def inferred(value: Any, depth: int = 0) -> Any:
    """Return a schema for what a value shows: written types as such, other values by their JSON type."""
    if isinstance(value, str):
        return schema_of(value) or {"type": "string"}
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int | float):
        return {"type": "integer" if isinstance(value, int) else "number"}
    if isinstance(value, list):
        return {"type": "array", "items": inferred(value[0], depth + 1)} if value else {"type": "array"}
    if not isinstance(value, dict):
        return {}
    if depth > _DEEPEST or is_typed(value):
        return value
    optional = {name for name in value if name.endswith("?")}
    members = {name.removesuffix("?"): inferred(part, depth + 1) for name, part in value.items()}
    required = [name for name in value if name not in optional]
    return {"type": "object", "properties": members, **({"required": required} if required else {})}


def is_typed(value: Any) -> bool:
    """Whether a value is a schema that says its type."""
    kind = value.get("type") if isinstance(value, dict) else None
    names = kind if isinstance(kind, list) else [kind]
    return bool(names) and all(isinstance(name, str) and name in TYPES for name in names)


def only_types(value: Any, depth: int = 0) -> bool:
    """Whether all that a value holds are written types, and none of it is a schema already."""
    if is_typed(value):
        return False
    if isinstance(value, str):
        return schema_of(value) is not None
    if isinstance(value, dict):
        return (
            bool(value) and depth < _DEEPEST and all(only_types(part, depth + 1) for part in value.values())
        )
    return (
        isinstance(value, list) and len(value) == 1 and depth < _DEEPEST and only_types(value[0], depth + 1)
    )


def shown(schema: Any) -> str:
    """Return the schema as JSON, cut where it is long."""
    text = json_text.dumps(schema)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _union(branches: list[str], depth: int) -> Fragment | None:
    quoted = [_QUOTED.fullmatch(branch.strip()) for branch in branches]
    if all(quoted):
        return {"enum": [found[1] or found[2] or "" for found in quoted if found]}
    schemas = [schema_of(branch, depth + 1) for branch in branches]
    if any(schema is None for schema in schemas):
        return None
    if all(
        schema is not None and list(schema) == ["type"] and isinstance(schema["type"], str)
        for schema in schemas
    ):
        return {"type": list(dict.fromkeys(schema["type"] for schema in schemas if schema))}
    return {"anyOf": schemas}


def _generic(name: str, inside: str, depth: int) -> Fragment | None:
    arguments = _split(inside, ",")
    if name == "literal":
        return {"enum": [found[1] or found[2] for found in _QUOTED.finditer(inside)]}
    if name == "optional":
        return _or_null(schema_of(inside, depth + 1))
    if name == "union":
        return _union(arguments, depth)
    if name in _SINGLE and len(arguments) == 1:
        return _list_of(schema_of(inside, depth + 1))
    if name in ("dict", "map", "record", "mapping") and len(arguments) == 2:
        member = schema_of(arguments[1], depth + 1)
        return None if member is None else {"type": "object", "additionalProperties": member}
    return None


def _or_null(schema: Fragment | None) -> Fragment | None:
    if schema is None or not isinstance(schema.get("type"), str) or "enum" in schema:
        return None if schema is None else {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _list_of(item: Fragment | None) -> Fragment | None:
    return None if item is None else {"type": "array", **({"items": item} if item else {})}


def _split(text: str, separator: str) -> list[str]:
    """Split at separators that stand outside of brackets and quotes."""
    parts, depth, quote = [""], 0, ""
    for character in text:
        if quote or character in "'\"":
            quote = "" if character == quote else quote or character
        elif character in "[<({":
            depth += 1
        elif character in "]>)}":
            depth -= 1
        if character == separator and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += character
    return parts
