"""Translate type names of programming languages to JSON Schema: `"int"`, `"string?"`, `list[str]`."""

from __future__ import annotations

import re
from typing import Any

from structgen import json_text
from structgen.schema.keywords import TYPES

Fragment = dict[str, Any]
_MAX_SHOWN = 300
"""Characters of a schema that a message shows."""
_MAX_DEPTH = 12
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
_ANY_TYPE = ("any", "unknown")
_LISTS = frozenset({"list", "array", "set", "sequence", "iterable", "frozenset"})
_GENERIC = re.compile(r"([A-Za-z.]+)\s*(?:\[(.*)\]|<(.*)>)")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_MAX_LENGTH = 80


def schema_of(text: str, depth: int = 0) -> Fragment | None:
    """Return the JSON Schema of a type name, or None for other text."""
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH or depth > _MAX_DEPTH:
        return None
    word = text.lower()
    if word in _NAMES:
        return {"type": _NAMES[word]}
    if word in _FORMATS:
        return {"type": "string", "format": _FORMATS[word]}
    if word in _ANY_TYPE:
        return {}
    for suffix in (r"\s*\(\s*optional\s*\)", r"\s*,\s*optional", r"\?"):
        if (required := re.sub(suffix + "$", "", text, flags=re.IGNORECASE)) != text:
            return _or_null(schema_of(required, depth + 1))
    if text.endswith("!"):
        return schema_of(text[:-1], depth + 1)
    if len(branches := _split(text, "|")) > 1 or len(branches := re.split(r"\s+or\s+", text)) > 1:
        return _union(branches, depth)
    if text.endswith("[]"):
        return _list_of(schema_of(text[:-2], depth + 1))
    if text.startswith("[") and text.endswith("]"):
        return _list_of(schema_of(text[1:-1], depth + 1))
    if (generic := _GENERIC.fullmatch(text)) is None:
        return None
    return _generic(generic[1].rsplit(".")[-1].lower(), generic[2] or generic[3] or "", depth)


def inferred(value: Any, depth: int = 0) -> Any:
    """Return a schema for an example value. Type names in it are translated, schemas in it are kept."""
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
    if depth > _MAX_DEPTH or is_typed(value):
        return value
    optional = {name for name in value if name.endswith("?")}
    properties = {name.removesuffix("?"): inferred(member, depth + 1) for name, member in value.items()}
    required = [name for name in value if name not in optional]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def is_typed(value: Any) -> bool:
    """Return whether a value is a schema with a `type`."""
    kind = value.get("type") if isinstance(value, dict) else None
    names = kind if isinstance(kind, list) else [kind]
    return bool(names) and all(isinstance(name, str) and name in TYPES for name in names)


def only_types(value: Any, depth: int = 0) -> bool:
    """Return whether all scalars in a value are type names, and none of its objects is a schema."""
    if is_typed(value):
        return False
    if isinstance(value, str):
        return schema_of(value) is not None
    if depth >= _MAX_DEPTH:
        return False
    if isinstance(value, dict):
        return bool(value) and all(only_types(member, depth + 1) for member in value.values())
    return isinstance(value, list) and len(value) == 1 and only_types(value[0], depth + 1)


def shown(schema: Any) -> str:
    """Return a schema as JSON for a message, shortened where it is long."""
    text = json_text.dumps(schema)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def _union(branches: list[str], depth: int) -> Fragment | None:
    quoted = [_QUOTED.fullmatch(branch.strip()) for branch in branches]
    if all(quoted):
        return {"enum": [match[1] or match[2] or "" for match in quoted if match]}
    schemas = [schema for branch in branches if (schema := schema_of(branch, depth + 1)) is not None]
    if len(schemas) < len(branches):
        return None
    if all(list(schema) == ["type"] and isinstance(schema["type"], str) for schema in schemas):
        return {"type": list(dict.fromkeys(schema["type"] for schema in schemas))}
    return {"anyOf": schemas}


def _generic(name: str, parameters: str, depth: int) -> Fragment | None:
    """Return the schema of a generic type such as `list[int]`, by its name in lower case."""
    split_parameters = _split(parameters, ",")
    if name == "literal":
        return {"enum": [match[1] or match[2] for match in _QUOTED.finditer(parameters)]}
    if name == "optional":
        return _or_null(schema_of(parameters, depth + 1))
    if name == "union":
        return _union(split_parameters, depth)
    if name in _LISTS and len(split_parameters) == 1:
        return _list_of(schema_of(parameters, depth + 1))
    if name in ("dict", "map", "record", "mapping") and len(split_parameters) == 2:
        values = schema_of(split_parameters[1], depth + 1)
        return None if values is None else {"type": "object", "additionalProperties": values}
    return None


def _or_null(schema: Fragment | None) -> Fragment | None:
    if schema is None or not isinstance(schema.get("type"), str) or "enum" in schema:
        return None if schema is None else {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _list_of(item: Fragment | None) -> Fragment | None:
    return None if item is None else {"type": "array", **({"items": item} if item else {})}


def _split(text: str, separator: str) -> list[str]:
    """Split at separators outside brackets and quotes."""
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
