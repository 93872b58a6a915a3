"""Say how to mend what a meta-schema refuses."""

from __future__ import annotations

from typing import Any

from structgen.schema.checks.type_shorthand import Fragment, inferred, is_typed, schema_of, shown
from structgen.schema.keywords import TYPES
from structgen.suggestions import nearest

Path = tuple[str | int, ...]

_NAMED = frozenset({
    "properties", "patternProperties", "$defs", "definitions", "dependentSchemas",
})  # fmt: skip
_SCHEMAS = frozenset({
    "items", "additionalProperties", "additionalItems", "contains", "not", "if", "then", "else",
    "propertyNames", "unevaluatedItems", "unevaluatedProperties",
})  # fmt: skip
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_NUMBERS = frozenset({
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
    "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains",
})  # fmt: skip


def correction(definition: Any, path: Path) -> str | None:
    """Return what to write at a place that the meta-schema refuses; None where that is not known."""
    if not path:
        return None
    if len(path) > 1 and path[-2] == "type" and isinstance(path[-1], int):
        path = path[:-1]
    holder, value = _at(definition, path[:-1]), _at(definition, path)
    keyword, around = path[-1], path[-2] if len(path) > 1 else None
    if _is_subschema(path):
        return _subschema(value, keyword if isinstance(keyword, str) else "")
    if keyword == "type":
        return _type(value)
    if keyword == "required":
        return _required(value, path)
    if keyword == "properties":
        return _properties(value)
    if keyword == "enum" and isinstance(value, str) and "|" in value:
        return f"write {shown([part.strip() for part in value.split('|')])}"
    if keyword in _LISTS and isinstance(value, dict):
        return "write a list of schemas"
    if keyword in ("exclusiveMinimum", "exclusiveMaximum") and isinstance(value, bool):
        return _bound(holder, str(keyword), value)
    if keyword in _NUMBERS and isinstance(value, str):
        return _number(value)
    if value in ("true", "false"):
        return f"write {value} without quotes"
    return "name each once, as strings" if around == "required" else None


def _is_subschema(path: Path) -> bool:
    """Whether a schema stands at the path rather than the value of a keyword."""
    steps = iter(path)
    for keyword in steps:
        if keyword in _NAMED or keyword in _LISTS:
            if next(steps, None) is None:
                return False
        elif keyword not in _SCHEMAS:
            return False
        elif keyword == "items" and isinstance(path[-1], int) and path[-2] == keyword:
            next(steps, None)
    return True


def _at(value: Any, path: Path) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _subschema(value: Any, keyword: str) -> str | None:
    if isinstance(value, list) and keyword == "items":
        later = "https://json-schema.org/draft/2019-09/schema"
        ordered = (
            f'"items" takes a list up to draft 2019-09: write "prefixItems", or give "$schema": "{later}"'
        )
        one = (
            f'; for items that are all alike write "items": {shown(inferred(value[0]))}'
            if len(value) == 1
            else ""
        )
        return ordered + one
    if value in ("true", "false"):
        return f"write {value} without quotes"
    if isinstance(value, dict | bool):
        return None
    return f"a schema stands here: write {shown(inferred(value))}"


def _type(value: Any) -> str:
    names = ", ".join(TYPES)
    known = f"a type is one of {names}, or a list of these"
    meant: Fragment | None = None
    if isinstance(value, str):
        meant = schema_of(value)
    elif isinstance(value, list):
        parts = [schema_of(part) if isinstance(part, str) else part for part in value]
        branches = [part for part in parts if isinstance(part, dict)]
        if branches and len(branches) == len(parts):
            plain = all(list(part) == ["type"] and isinstance(part["type"], str) for part in branches)
            meant = {"type": [part["type"] for part in branches]} if plain else {"anyOf": branches}
    elif isinstance(value, dict):
        return f'{known}; where a property is named "type", it stands under "properties"'
    if meant is None:
        given = value if isinstance(value, list) else [value]
        misspelt = [name for name in given if isinstance(name, str) and name not in TYPES]
        near = nearest(misspelt[0], TYPES) if misspelt else None
        return known if near is None else f"did you mean {near!r}?"
    if not meant:
        return "leave it out: a schema without a type takes any value"
    return f"write {shown(meant)[1:-1]}"


def _required(value: Any, path: Path) -> str:
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


def _properties(value: Any) -> str | None:
    if not isinstance(value, list):
        return "write an object with a schema by each name"
    members: dict[str, Any] = {}
    for part in value:
        if isinstance(part, str):
            members[part] = {}
        elif isinstance(part, dict) and isinstance(name := part.get("name"), str):
            rest = {word: inner for word, inner in part.items() if word != "name"}
            kind = rest.get("type")
            members[name] = rest if is_typed(rest) else schema_of(kind) or {} if isinstance(kind, str) else {}
    return f"write an object with a schema by each name: {shown(members)}"


def _bound(holder: Any, keyword: str, value: bool) -> str:
    bound = keyword.removeprefix("exclusive").lower()
    number = holder.get(bound) if isinstance(holder, dict) else None
    if value and isinstance(number, int | float):
        return f'write "{keyword}": {number} and leave out "{bound}": a boolean is of draft 4'
    return "leave it out: a boolean is of draft 4"


def _number(value: str) -> str | None:
    try:
        float(value)
    except ValueError:
        return None
    return f"write {value} without quotes"
