"""What one schema asks for beyond another that holds already: its complement is smaller, and more exact.

Branches of a `oneOf` mostly share members, and differ in a few: only these tell them apart.
"""

from __future__ import annotations

from typing import Any

from structgen import json_text
from structgen.schema.algebra.negation import Resolve

_DEEPEST = 6
_ALONE = frozenset({
    "enum", "const", "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    "dependentRequired", "propertyNames", "not", "anyOf", "oneOf",
})  # fmt: skip
"""Keywords that mean the same whatever stands beside them."""
_REST = ("unevaluatedProperties", "$dynamicRef", "$recursiveRef")


def beyond(schema: Any, known: Any, resolve: Resolve) -> Any:
    """A schema that, together with `known`, accepts what `schema` and `known` accept together."""
    return _less(schema, _holding([known], resolve), resolve, 0)


def declared(schemas: list[Any], resolve: Resolve) -> dict[str, bool]:
    """All names that the schemas declare, in their order, each for any value.

    Beside alternatives that name a few members, it keeps the others in the order of canonical texts.
    """
    return {name: True for one in _holding(schemas, resolve) for name in one.get("properties", ())}


def _holding(schemas: list[Any], resolve: Resolve, depth: int = 0) -> list[dict[str, Any]]:
    """The schemas and all that holds whenever they do."""
    found = []
    for schema in schemas if depth <= _DEEPEST else ():
        if isinstance(schema, dict):
            reference = schema.get("$ref")
            target = resolve(reference) if isinstance(reference, str) and "$id" not in schema else None
            found += [schema, *_holding([target, *schema.get("allOf", ())], resolve, depth + 1)]
    return found


def _less(schema: Any, known: list[dict[str, Any]], resolve: Resolve, depth: int) -> Any:
    if not isinstance(schema, dict) or depth > _DEEPEST or any(word in schema for word in ("$id", *_REST)):
        return schema
    if any(schema is one or _same(schema, one) for one in known):
        return True
    parts = list(schema.get("allOf", ()))
    made = {keyword: value for keyword, value in schema.items() if not _held(keyword, value, known)}
    made.pop("allOf", None)
    if isinstance(reference := schema.get("$ref"), str) and (target := resolve(reference)) is not None:
        del made["$ref"]
        parts.append(target)
    _members(made, known, resolve, depth)
    left = [part for part in (_less(p, known, resolve, depth + 1) for p in parts) if part not in (True, {})]
    if False in left:
        return False
    if not made and len(left) == 1:
        return left[0]
    return {**made, **({"allOf": left} if left else {})} or True


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: to Python, true is 1."""
    return one == other and json_text.dumps(one) == json_text.dumps(other)


def _held(keyword: str, value: Any, known: list[dict[str, Any]]) -> bool:
    """Whether a keyword refuses nothing that the others let be."""
    if keyword == "type":
        return any("type" in one and _covers(_listed(value), _listed(one["type"])) for one in known)
    return keyword in _ALONE and any(keyword in one and _same(value, one[keyword]) for one in known)


def _listed(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else names


def _covers(names: list[str], others: list[str]) -> bool:
    return all(name in names or (name == "integer" and "number" in names) for name in others)


def _members(made: dict[str, Any], known: list[dict[str, Any]], resolve: Resolve, depth: int) -> None:
    """Of `required` and `properties` what is new; a closed object as names that must not be there."""
    if isinstance(required := made.get("required"), list):
        there = {name for one in known if isinstance(one.get("required"), list) for name in one["required"]}
        made["required"] = [name for name in required if name not in there]
        if not made["required"]:
            del made["required"]
    properties = made.get("properties", {})
    parts = {
        name: _less(part, _holding(_at(known, name), resolve), resolve, depth + 1)
        for name, part in properties.items()
    }
    names = _all_names(known)
    if made.get("additionalProperties") is False and "patternProperties" not in made and names is not None:
        del made["additionalProperties"]
        parts |= {name: False for name in names if name not in properties}
    if "additionalProperties" not in made:  # which speaks of the names that do not stand here
        parts = {name: part for name, part in parts.items() if part not in (True, {})}
    if parts:
        made["properties"] = parts
    else:
        made.pop("properties", None)


def _at(known: list[dict[str, Any]], name: str) -> list[Any]:
    return [one["properties"][name] for one in known if name in one.get("properties", ())]


def _all_names(known: list[dict[str, Any]]) -> list[str] | None:
    """The names that an object can have at most, where they are known; none that it cannot have."""
    for one in known:
        if one.get("additionalProperties") is False and not one.get("patternProperties"):
            return [name for name, part in one.get("properties", {}).items() if part is not False]
    return None
