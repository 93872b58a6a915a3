"""What a schema does not accept, as a schema: the whole complement, or more where it cannot be said.

Wider is safe wherever a complement stands beside other constraints: validation judges in the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from structgen.schema.traversal import ANNOTATIONS

TYPES = ("null", "boolean", "object", "array", "number", "string")
_DEEPEST = 6
_LARGEST_MEMBER = 400
"""Characters of a member's complement; a larger one is not worth the grammar that it makes."""
_MOST_CHARACTERS = 200
"""Of the strings that a pattern for all other strings is made of."""

Resolve = Callable[[str], Any]
"""The schema that a reference stands for, or None where it is not to be followed."""


@dataclass(frozen=True, slots=True)
class Complement:
    """`schema` accepts every value that the given one refuses; `exact` where it accepts no other."""

    schema: Any
    exact: bool


EVERYTHING = Complement(True, False)


def complement(schema: Any, resolve: Resolve, depth: int = 0) -> Complement:
    """By De Morgan: a value is refused where any keyword refuses it."""
    if isinstance(schema, bool):
        return Complement(not schema, True)
    if depth > _DEEPEST or not isinstance(schema, dict) or "$id" in schema:  # its references lead elsewhere
        return EVERYTHING
    items = {} if _BESIDE_ITEMS.intersection(schema) else {"items": _some_item, "contains": _no_item}
    parts = [
        items[keyword](complement(value, resolve, depth + 1))
        if keyword in items and isinstance(value, dict)
        else _of_keyword(keyword, value, resolve, depth + 1)
        for keyword, value in schema.items()
        if keyword not in ANNOTATIONS
    ]
    return any_of(parts)


_BESIDE_ITEMS = frozenset({"prefixItems", "additionalItems", "minContains", "maxContains"})
"""Keywords that `items` and `contains` depend on."""


def _some_item(inner: Complement) -> Complement:
    """Lists of which not every item is as it should be. The grammar looks at the first ones alone."""
    if inner.schema is False:
        return inner
    found = {"minItems": 1} if inner.schema is True else {"contains": inner.schema}
    return Complement({"type": "array", **found}, False)


def _no_item(inner: Complement) -> Complement:
    return Complement({"type": "array", "items": inner.schema}, inner.exact)


def any_of(parts: Sequence[Complement]) -> Complement:
    """Values of any part."""
    exact = all(part.exact for part in parts)
    kept = [part.schema for part in parts if part.schema is not False]
    if any(schema is True for schema in kept):
        return Complement(True, exact)
    kept = _joined([way for schema in kept for way in branches_of(schema) if way is not False])
    if any(schema is True for schema in kept):
        return Complement(True, exact)
    whole = {name for schema in kept if set(schema) == {"type"} for name in _names(schema)}
    if whole.issuperset(TYPES):
        return Complement(True, exact)
    kept = [schema for schema in kept if not whole.issuperset(_names(schema))]
    kept += [{"type": [name for name in (*TYPES, "integer") if name in whole]}] if whole else []
    if len(kept) < 2:
        return Complement(kept[0] if kept else False, exact)
    return Complement({"anyOf": kept}, exact)


def branches_of(schema: Any) -> list[Any]:
    """Return the branches of a union, or the schema alone."""
    union = isinstance(schema, dict) and set(schema) == {"anyOf"}
    branches: list[Any] = schema["anyOf"] if union else [schema]
    return branches


def _joined(ways: list[Any]) -> list[Any]:
    """Without a member, or with one of a kind: that is, of this kind where it is there."""
    left_out = {name for way in ways if (name := _left_out(way)) is not None}
    made, joined = [], set()
    for way in ways:
        name = _only(way)
        if name in left_out:
            joined.add(name)
            made.append({keyword: part for keyword, part in way.items() if keyword != "required"})
        else:
            made.append(way)
    return [way for way in made if _left_out(way) not in joined]


def _left_out(way: Any) -> str | None:
    """The one member that the objects are without, where that is all."""
    name = next(iter(way.get("properties", ())), None) if isinstance(way, dict) else None
    return name if name is not None and way == absent(name) else None


def _only(way: Any) -> str | None:
    """The one member that the objects must have, where nothing is said of others."""
    if not isinstance(way, dict) or not set(way) <= {"type", "required", "properties"}:
        return None
    names = {*way["required"]} if isinstance(way.get("required"), list) else set()
    alone = way.get("type") == "object" and len(names) == 1 and names.issuperset(way.get("properties", ()))
    return names.pop() if alone else None


def _names(schema: dict[str, Any]) -> list[str]:
    """The types that the schema names, all if none."""
    named = schema.get("type", list(TYPES))
    return [named] if isinstance(named, str) else named


def all_of(parts: Sequence[Complement]) -> Complement:
    """Values of every part."""
    exact = all(part.exact for part in parts)
    kept = [part.schema for part in parts if part.schema is not True]
    if any(schema is False for schema in kept):
        return Complement(False, exact)
    if len(kept) < 2:
        return Complement(kept[0] if kept else True, exact)
    return Complement({"allOf": kept}, exact)


def _of_keyword(keyword: str, value: Any, resolve: Resolve, depth: int) -> Complement:
    match keyword:
        case "type":
            return _other_types([value] if isinstance(value, str) else value)
        case "const":
            return _other_values([value])
        case "enum":
            return _other_values(value)
        case "required" if isinstance(value, list):
            return any_of([Complement(absent(name), True) for name in value])
        case "properties":
            return any_of([_member(name, part, resolve, depth) for name, part in value.items()])
        case "allOf":
            return any_of([complement(part, resolve, depth) for part in value])
        case "anyOf":
            return all_of([complement(part, resolve, depth) for part in value])
        case "not":  # several patterns for one string can take a grammar longer than it may
            heavy = "'pattern'" in repr(value) or "'$ref'" in repr(value)
            return EVERYTHING if heavy else Complement(value, True)
        case "$ref":
            target = resolve(value)
            return EVERYTHING if target is None else complement(target, resolve, depth)
        case "items" | "additionalProperties" if value is True or value == {}:
            return Complement(False, True)
    if keyword in _BOUNDS and not isinstance(value, bool):
        kind, opposite, step = _BOUNDS[keyword]
        bound = value + step
        empty = opposite.startswith("max") and step and bound < 0
        return Complement(False if empty else {"type": kind, opposite: bound}, True)
    if keyword in _APPLIES:
        return Complement({"type": _APPLIES[keyword]}, False)
    return EVERYTHING if keyword in _OTHERS else Complement(False, True)


_BOUNDS = {
    "minLength": ("string", "maxLength", -1), "maxLength": ("string", "minLength", 1),
    "minItems": ("array", "maxItems", -1), "maxItems": ("array", "minItems", 1),
    "minProperties": ("object", "maxProperties", -1), "maxProperties": ("object", "minProperties", 1),
    "minimum": ("number", "exclusiveMaximum", 0), "maximum": ("number", "exclusiveMinimum", 0),
    "exclusiveMinimum": ("number", "maximum", 0), "exclusiveMaximum": ("number", "minimum", 0),
}  # fmt: skip
_APPLIES = {
    "pattern": "string", "format": "string", "multipleOf": "number", "items": "array", "contains": "array",
    "prefixItems": "array", "uniqueItems": "array", "additionalItems": "array", "unevaluatedItems": "array",
    "additionalProperties": "object", "patternProperties": "object", "propertyNames": "object",
    "unevaluatedProperties": "object", "dependentRequired": "object", "dependencies": "object",
}  # fmt: skip
_OTHERS = frozenset(
    {"$ref", "$dynamicRef", "$recursiveRef", "oneOf", "if", "then", "else", "dependentSchemas", "properties"}
)
"""Keywords that may refuse a value of any type. One that is not known refuses none."""


def absent(name: str) -> dict[str, Any]:
    """Objects without that member."""
    return {"type": "object", "properties": {name: False}}


def _member(name: str, part: Any, resolve: Resolve, depth: int) -> Complement:
    inner = complement(part, resolve, depth)
    if inner.schema is False:
        return inner
    if inner.schema is True or len(repr(inner.schema)) > _LARGEST_MEMBER:
        exact = inner.schema is True and inner.exact
        return Complement({"type": "object", "required": [name]}, exact)
    return Complement({"type": "object", "required": [name], "properties": {name: inner.schema}}, inner.exact)


def _other_types(names: Sequence[str]) -> Complement:
    rest = [name for name in TYPES if name not in names]
    exact = "integer" not in names or "number" in names
    return Complement({"type": rest} if rest else False, exact)


def _other_values(values: Sequence[Any]) -> Complement:
    kinds = {_kind(value) for value in values}
    parts = [_other_types(sorted(kinds))]
    strings = [value for value in values if isinstance(value, str)]
    numbers = sorted({value for value in values if _kind(value) == "number"})
    truths = {value for value in values if isinstance(value, bool)}
    if strings and sum(map(len, strings)) <= _MOST_CHARACTERS:
        marked = any('"' in string or "\\" in string for string in strings)  # see `narrow.loose`
        parts.append(Complement({"type": "string", "pattern": other_than(strings)}, not marked))
    elif strings:
        parts.append(Complement({"type": "string"}, False))
    if numbers:
        parts.append(_between(numbers))
    if len(truths) == 1:
        parts.append(Complement({"enum": [not truths.pop()]}, True))
    parts += [Complement({"type": kind}, False) for kind in ("array", "object") if kind in kinds]
    return any_of(parts)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names = {int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def _between(numbers: Sequence[float]) -> Complement:
    """The intervals that leave the numbers out."""
    if len(numbers) > 8:
        return Complement({"type": "number"}, False)
    ends = [None, *numbers, None]
    intervals = []
    for low, high in pairwise(ends):
        interval: dict[str, Any] = {"type": "number"}
        interval |= {} if low is None else {"exclusiveMinimum": low}
        interval |= {} if high is None else {"exclusiveMaximum": high}
        intervals.append(interval)
    return Complement({"anyOf": intervals}, True)


def other_than(strings: Sequence[str]) -> str:
    """A regular expression of every string but those: where it leaves their tree, all is allowed."""
    tree: dict[str, Any] = {}
    for string in strings:
        node = tree
        for character in string:
            node = node.setdefault(character, {})
        node[""] = {}
    return f"^(?:{_outside(tree)})$"


def _outside(node: dict[str, Any]) -> str:
    letters = [character for character in node if character]
    ways = [] if "" in node else [""]
    if letters:
        ways.append(f"[^{''.join(map(_in_class, letters))}]{_ANY}*")
        ways += [f"{_literal(character)}(?:{_outside(node[character])})" for character in letters]
    else:
        ways.append(f"{_ANY}+")
    return "|".join(ways)


_ANY = r"[\s\S]"


def _literal(character: str) -> str:
    return re.escape(character) if character.isascii() and not character.isspace() else _in_class(character)


def _in_class(character: str) -> str:
    """A character that means itself in a class, for JavaScript, `regex` and Rust alike."""
    if character.isalnum() and character.isascii():
        return character
    if character in "\\]^-[&~|":
        return "\\" + character
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, character)
