"""Simplify a schema under the assumption that another one holds.

The complement of the rest is smaller, and more often exact. Branches of a `oneOf` mostly share members: only
the others distinguish them.
"""

from __future__ import annotations

from typing import Any

from structgen import json_text
from structgen.schema.traversal import Resolve, Target, conjuncts, root_target

_MAX_DEPTH = 6
_INDEPENDENT = frozenset({
    "enum", "const", "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    "dependentRequired", "propertyNames", "not", "anyOf", "oneOf",
})  # fmt: skip
"""Keywords whose meaning does not depend on their siblings."""
_OPAQUE = ("$id", "unevaluatedProperties", "$dynamicRef", "$recursiveRef")
"""Keywords with which a schema is left as it is."""


def beyond(schema: Any, assumed: Any, resolve: Resolve) -> Any:
    """Return a schema that, together with `assumed`, accepts what `schema` and `assumed` accept together."""
    target = root_target(resolve)
    return _rest(schema, list(conjuncts([assumed], target, _MAX_DEPTH)), target, 0)


def declared(schemas: list[Any], resolve: Resolve) -> dict[str, bool]:
    """Return all names that the schemas declare, in their order, each for any value.

    Beside alternatives that name a few members, it keeps the others in the order of canonical texts.
    """
    applying = conjuncts(schemas, root_target(resolve), _MAX_DEPTH)
    return {name: True for schema in applying for name in schema.get("properties", ())}


def _rest(schema: Any, assumed: list[dict[str, Any]], target: Target, depth: int) -> Any:
    """Return the schema without the keywords that the assumed schemas imply."""
    if not isinstance(schema, dict) or depth > _MAX_DEPTH or any(keyword in schema for keyword in _OPAQUE):
        return schema
    if any(schema is one or _equal(schema, one) for one in assumed):
        return True
    branches = list(schema.get("allOf", ()))
    rest = {keyword: value for keyword, value in schema.items() if not _is_implied(keyword, value, assumed)}
    rest.pop("allOf", None)
    if (referenced := target(schema)) is not None:
        del rest["$ref"]
        branches.append(referenced)
    _reduce_members(rest, assumed, target, depth)
    reduced = [_rest(branch, assumed, target, depth + 1) for branch in branches]
    reduced = [branch for branch in reduced if branch not in (True, {})]
    if False in reduced:
        return False
    if not rest and len(reduced) == 1:
        return reduced[0]
    return {**rest, **({"allOf": reduced} if reduced else {})} or True


def _equal(one: Any, other: Any) -> bool:
    """Compare as JSON: to Python, true is 1."""
    return one == other and json_text.dumps(one) == json_text.dumps(other)


def _is_implied(keyword: str, value: Any, assumed: list[dict[str, Any]]) -> bool:
    """Whether a keyword rejects nothing that the assumed schemas accept."""
    if keyword == "type":
        return any("type" in one and _covers(_as_list(value), _as_list(one["type"])) for one in assumed)
    return keyword in _INDEPENDENT and any(keyword in one and _equal(value, one[keyword]) for one in assumed)


def _as_list(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else names


def _covers(names: list[str], others: list[str]) -> bool:
    return all(name in names or (name == "integer" and "number" in names) for name in others)


def _reduce_members(rest: dict[str, Any], assumed: list[dict[str, Any]], target: Target, depth: int) -> None:
    """Drop members and names that `assumed` requires already.

    `additionalProperties: false` becomes `false` schemas for the known names.
    """
    if isinstance(required := rest.get("required"), list):
        present = {
            name for one in assumed if isinstance(one.get("required"), list) for name in one["required"]
        }
        rest["required"] = [name for name in required if name not in present]
        if not rest["required"]:
            del rest["required"]
    properties = rest.get("properties", {})
    members = {}
    for name, member in properties.items():
        same_member = [one["properties"][name] for one in assumed if name in one.get("properties", ())]
        members[name] = _rest(member, list(conjuncts(same_member, target, _MAX_DEPTH)), target, depth + 1)
    names = _possible_names(assumed)
    if rest.get("additionalProperties") is False and "patternProperties" not in rest and names is not None:
        del rest["additionalProperties"]
        members |= {name: False for name in names if name not in properties}
    if "additionalProperties" not in rest:  # which would apply to the names that are dropped
        members = {name: member for name, member in members.items() if member not in (True, {})}
    if members:
        rest["properties"] = members
    else:
        rest.pop("properties", None)


def _possible_names(assumed: list[dict[str, Any]]) -> list[str] | None:
    """Return the names that an object may have; None where any name is possible."""
    for one in assumed:
        if one.get("additionalProperties") is False and not one.get("patternProperties"):
            return [name for name, member in one.get("properties", {}).items() if member is not False]
    return None
