"""Suggest what to write in place of a value that a meta-schema rejects."""

from __future__ import annotations

from typing import Any

from structgen.schema.checks.type_shorthand import Fragment, inferred, is_typed, schema_of, shown
from structgen.schema.keywords import NUMERIC, SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_VALUED, TYPES
from structgen.schema.traversal import JsonPath, value_at
from structgen.suggestions import nearest_name


def correction(definition: Any, path: JsonPath) -> str | None:
    """Return what to write at a path that the meta-schema rejects; None where it is not known."""
    if not path:
        return None
    if len(path) > 1 and path[-2] == "type" and isinstance(path[-1], int):
        path = path[:-1]
    value = value_at(definition, path)
    keyword, parent = path[-1], path[-2] if len(path) > 1 else None
    if _is_subschema(path):
        return _for_subschema(value, keyword if isinstance(keyword, str) else "")
    if keyword == "type":
        return _for_type(value)
    if keyword == "required":
        return _for_required(value, path)
    if keyword == "properties":
        return _for_properties(value)
    if keyword == "enum" and isinstance(value, str) and "|" in value:
        return f"write {shown([choice.strip() for choice in value.split('|')])}"
    if keyword in SCHEMA_LISTS and isinstance(value, dict):
        return "write a list of schemas"
    if keyword in ("exclusiveMinimum", "exclusiveMaximum") and isinstance(value, bool):
        return _for_boolean_bound(value_at(definition, path[:-1]), str(keyword), value)
    if keyword in NUMERIC and isinstance(value, str):
        return _for_number(value)
    if value in ("true", "false"):
        return f"write {value} without quotes"
    return "name each once, as strings" if parent == "required" else None


def _is_subschema(path: JsonPath) -> bool:
    """Return whether a schema belongs at the path, rather than another value of a keyword."""
    steps = iter(path)
    for keyword in steps:
        if keyword == "items":
            if isinstance(path[-1], int) and path[-2] == keyword:
                next(steps, None)
        elif keyword in SCHEMA_LISTS or (keyword in SCHEMA_MAPS and keyword != "dependencies"):
            if next(steps, None) is None:
                return False
        elif keyword not in SCHEMA_VALUED:
            return False
    return True


def _for_subschema(value: Any, keyword: str) -> str | None:
    if isinstance(value, list) and keyword == "items":
        hint = (
            '"items" accepts a list up to draft 2019-09: write "prefixItems", or give "$schema": '
            '"https://json-schema.org/draft/2019-09/schema"'
        )
        if len(value) == 1:
            hint += f'; for items that are all alike write "items": {shown(inferred(value[0]))}'
        return hint
    if value in ("true", "false"):
        return f"write {value} without quotes"
    if isinstance(value, dict | bool):
        return None
    return f"a schema stands here: write {shown(inferred(value))}"


def _for_type(value: Any) -> str:
    rule = f"a type is one of {', '.join(TYPES)}, or a list of these"
    meant: Fragment | None = None
    if isinstance(value, str):
        meant = schema_of(value)
    elif isinstance(value, list):
        meant = _union(value)
    elif isinstance(value, dict):
        return f'{rule}; where a property is named "type", it stands under "properties"'
    if meant is None:
        names = value if isinstance(value, list) else [value]
        misspelt = [name for name in names if isinstance(name, str) and name not in TYPES]
        near = nearest_name(misspelt[0], TYPES) if misspelt else None
        return rule if near is None else f"did you mean {near!r}?"
    if not meant:
        return "leave it out: a schema without a type accepts any value"
    return f"write {shown(meant)[1:-1]}"


def _union(names: list[Any]) -> Fragment | None:
    """Return the schema of a list of written types and schemas; None where one of them is neither."""
    fragments = [schema_of(name) if isinstance(name, str) else name for name in names]
    branches = [fragment for fragment in fragments if isinstance(fragment, dict)]
    if not branches or len(branches) < len(fragments):
        return None
    if all(list(branch) == ["type"] and isinstance(branch["type"], str) for branch in branches):
        return {"type": [branch["type"] for branch in branches]}
    return {"anyOf": branches}


def _for_required(value: Any, path: JsonPath) -> str:
    if isinstance(value, bool):
        name = path[-2] if len(path) > 2 and path[-3] == "properties" else None
        if name is None:
            return 'list the names of members, as "required": ["name"]'
        where = f'"required": {shown([name])} beside the "properties" that has it'
        return f"write {where}" if value else f"leave it out: only names in {where} must be there"
    if isinstance(value, str):
        return f"write {shown([value])}"
    if isinstance(value, dict):
        return f"write {shown(list(value))}"
    return "list the names of members as strings"


def _for_properties(value: Any) -> str | None:
    if not isinstance(value, list):
        return "write an object with a schema by each name"
    members: dict[str, Any] = {}
    for item in value:
        if isinstance(item, str):
            members[item] = {}
        elif isinstance(item, dict) and isinstance(name := item.get("name"), str):
            members[name] = _member_schema({word: inner for word, inner in item.items() if word != "name"})
    return f"write an object with a schema by each name: {shown(members)}"


def _member_schema(description: dict[str, Any]) -> Any:
    if is_typed(description):
        return description
    written = description.get("type")
    return (schema_of(written) or {}) if isinstance(written, str) else {}


def _for_boolean_bound(schema: Any, keyword: str, value: bool) -> str:
    bound = keyword.removeprefix("exclusive").lower()
    number = schema.get(bound) if isinstance(schema, dict) else None
    if value and isinstance(number, int | float):
        return f'write "{keyword}": {number} and leave out "{bound}": a boolean is of draft 4'
    return "leave it out: a boolean is of draft 4"


def _for_number(value: str) -> str | None:
    try:
        float(value)
    except ValueError:
        return None
    return f"write {value} without quotes"
