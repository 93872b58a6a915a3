"""The last look at a lowered schema, as a whole: what llguidance 1.x refuses, or does not read exactly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen.schema.traversal import children

_EXACT = 2**53
"""llguidance takes numbers through a double; an integer below -2**63 + 2**10 crashes it."""
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_NEVER: dict[str, Any] = {"enum": []}


def exact(value: Any) -> bool:
    """Whether the grammar writes all numbers of a value as JSON text has them."""
    if isinstance(value, dict | list):
        return all(map(exact, value.values() if isinstance(value, dict) else value))
    if isinstance(value, float):
        return "e" not in repr(value)
    return not isinstance(value, int) or abs(value) <= _EXACT


def numbers(grammar: Any) -> set[int]:
    """Values and bounds that a double would change are left out; identities of those that had values."""
    changed = set()
    for schema in _schemas(grammar):
        for word in _BOUNDS:
            if abs(schema.get(word, 0)) > _EXACT:
                del schema[word]
        for word, values in (("const", [schema.get("const")]), ("enum", schema.get("enum", []))):
            if not exact(values):
                del schema[word]
                schema.setdefault("type", sorted({type_of(value) for value in values}))
                changed.add(id(schema))
    return changed


def divisors(root: Any) -> None:
    """Several divisors of one number: by their product the regular expression grows."""
    definitions = root.get("$defs", {}) if isinstance(root, dict) else {}
    for schema in _schemas(root):
        parts = [*schema.get("allOf", ()), {"anyOf": schema.get("anyOf", [])}, _target(schema, definitions)]
        found = [[schema] if "multipleOf" in schema else [], *(_divided(part, definitions) for part in parts)]
        for part in [holders for holders in found if holders][1:]:
            for holder in part:
                holder.pop("multipleOf", None)


def _divided(schema: Any, definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """Schemas of the same value that have a divisor."""
    found: dict[int, dict[str, Any]] = {}
    stack = [schema]
    while stack:
        one = stack.pop()
        if isinstance(one, dict) and id(one) not in found:
            found[id(one)] = one
            stack += [*one.get("allOf", ()), *one.get("anyOf", ()), _target(one, definitions)]
    return [one for one in found.values() if "multipleOf" in one]


def _target(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    return definitions.get(_name(schema) or "")


def impossible(root: dict[str, Any]) -> None:
    """References to what no value satisfies are refused where they stand for something optional: they become
    the choice among nothing, which is not."""
    never = _impossible_names(root)
    for schema in _schemas(root) if never else ():
        if _name(schema) in never:
            schema.clear()
            schema.update(_NEVER)


def accepts_nothing(grammar: Any) -> bool:
    """Whether a lowered schema plainly says that no value is valid."""
    return _never(grammar, _impossible_names(grammar) if isinstance(grammar, dict) else set())


def _impossible_names(root: dict[str, Any]) -> set[str]:
    """The definitions that no value satisfies."""
    definitions = root.get("$defs", {})
    never: set[str] = set()
    while found := {name for name, part in definitions.items() if name not in never and _never(part, never)}:
        never |= found
    return never


def _never(schema: Any, names: set[str]) -> bool:
    if not isinstance(schema, dict):
        return schema is False
    properties, ways = schema.get("properties", {}), schema.get("anyOf", [])
    return (
        schema.get("enum") == []
        or _name(schema) in names
        or any(_never(part, names) for part in schema.get("allOf", ()))
        or (bool(ways) and all(_never(way, names) for way in ways))
        or (
            schema.get("type") == "object"
            and any(_never(properties.get(n), names) for n in schema.get("required", ()))
        )
    )


def _name(schema: dict[str, Any]) -> str | None:
    reference = schema.get("$ref")
    return reference.removeprefix("#/$defs/") if isinstance(reference, str) else None


def type_of(value: Any) -> str:
    """The name of its type."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def _schemas(grammar: Any) -> Iterator[dict[str, Any]]:
    """All of them."""
    stack = [grammar]
    while stack:
        found = stack.pop()
        if isinstance(found, dict):
            yield found
            stack += (part for _, part in children(found))
