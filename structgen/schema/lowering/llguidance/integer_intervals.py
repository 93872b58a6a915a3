"""Drop integers of an interval that has none: llguidance 1.x refuses the whole schema for them.

`not` over `enum: [0, 1]` makes such a branch, between 0 and 1. A constant of `1.5` for an integer is one too.
"""

from __future__ import annotations

import math
from typing import Any

from structgen.schema.keywords import BOUNDS
from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import target_of
from structgen.schema.lowering.llguidance.property_names import constants_of

_MAX_DEPTH = 24
_MAX_CONJUNCT_DEPTH = 4
_MAX_SCHEMAS = 40
"""Schemas of one value that are considered together."""
_NUMERIC = frozenset({"integer", "number"})
_ALL_TYPES = ("null", "boolean", "object", "array", "number", "integer", "string")


def drop_empty_intervals(root: Node) -> None:
    """Replace such branches by `false`. Elsewhere leave out the numbers, which no value can be."""
    definitions = root.get("$defs", {})
    for node in (root, *definitions.values()):
        _visit(node, [], definitions, 0)


def _visit(node: Any, siblings: list[Any], definitions: dict[str, Any], depth: int) -> None:
    """Visit a node and all inside it. `siblings` are the other schemas of the same value."""
    if not isinstance(node, dict) or depth > _MAX_DEPTH:
        return
    if _is_bounded(node) or any(map(_is_fraction, constants_of(node))):
        _leave_out_numbers(node, _conjuncts([node, *siblings], definitions))
    for conjunct in node.get("allOf", ()):
        others = [other for other in node["allOf"] if other is not conjunct]
        _visit(conjunct, [_without(node, "allOf"), *others, *siblings], definitions, depth + 1)
    branches = node.get("anyOf", [])
    for index, branch in enumerate(branches):
        around = [_without(node, "anyOf"), *siblings]
        if _is_bounded(branch) and _is_empty([branch, *around], definitions):
            branches[index] = False
        else:
            _visit(branch, around, definitions, depth + 1)
    for name, member in node.get("properties", {}).items():
        same_member = _member_schemas(siblings[: _MAX_SCHEMAS - 1], name, definitions)
        _visit(member, same_member, definitions, depth + 1)
    for inner in (node.get("items"), node.get("additionalProperties"), *node.get("prefixItems", ())):
        _visit(inner, [], definitions, depth + 1)


def _without(node: Node, keyword: str) -> Node:
    return {name: value for name, value in node.items() if name != keyword}


def _is_bounded(branch: Any) -> bool:
    return isinstance(branch, dict) and any(keyword in branch for keyword in BOUNDS)


def _conjuncts(nodes: list[Any], definitions: dict[str, Any], depth: int = 0) -> list[Node]:
    """Return the nodes, the definitions that they refer to, and their conjuncts."""
    conjuncts: list[Node] = []
    if depth < _MAX_CONJUNCT_DEPTH:
        for node in nodes[:_MAX_SCHEMAS]:
            if isinstance(node, dict):
                inner = [target_of(node, definitions), *node.get("allOf", ())]
                conjuncts += [node, *_conjuncts(inner, definitions, depth + 1)]
    return conjuncts


def _member_schemas(nodes: list[Any], name: str, definitions: dict[str, Any]) -> list[Any]:
    """Return what the nodes require of a member."""
    schemas = []
    for node in _conjuncts(nodes, definitions):
        if name in node.get("properties", ()):
            schemas.append(node["properties"][name])
        elif "patternProperties" not in node:
            schemas.append(node.get("additionalProperties"))
    return schemas


def _is_empty(nodes: list[Any], definitions: dict[str, Any]) -> bool:
    """Whether the nodes accept only integers, and none within their bounds."""
    conjuncts = _conjuncts(nodes, definitions)
    is_numeric = any(_types(node) <= _NUMERIC for node in conjuncts)
    return is_numeric and _allows_only_integers(conjuncts) and _has_no_integer(conjuncts)


def _allows_only_integers(conjuncts: list[Node]) -> bool:
    """Whether the nodes accept no other numbers than integers."""
    return any("integer" in names and "number" not in names for names in map(_types, conjuncts))


def _has_no_integer(conjuncts: list[Node]) -> bool:
    """Whether no integer is within the bounds."""
    least = max(_least(node.get("minimum"), node.get("exclusiveMinimum")) for node in conjuncts)
    greatest = min(
        -_least(_negated(node.get("maximum")), _negated(node.get("exclusiveMaximum"))) for node in conjuncts
    )
    return least > greatest


def _leave_out_numbers(node: Node, conjuncts: list[Node]) -> None:
    """Leave out of a node the numbers that its conjuncts refuse because they are no integers."""
    if not _allows_only_integers(conjuncts):
        return
    if "enum" in node:
        node["enum"] = [value for value in node["enum"] if not _is_fraction(value)]
    if _is_fraction(node.get("const")) or (_is_bounded(node) and _has_no_integer(conjuncts)):
        node["type"] = [name for name in _ALL_TYPES if name in _types(node) - _NUMERIC]


def _is_fraction(value: Any) -> bool:
    return isinstance(value, float) and not value.is_integer()


def _types(node: Node) -> set[str]:
    names = node.get("type", _ALL_TYPES)
    return {names} if isinstance(names, str) else set(names)


def _negated(bound: float | None) -> float | None:
    return None if bound is None else -bound


def _least(minimum: float | None, exclusive: float | None) -> float:
    """Return the least integer within two lower bounds."""
    least = -math.inf if minimum is None else math.ceil(minimum)
    return least if exclusive is None else max(least, math.floor(exclusive) + 1)
