"""Weaker forms of one node of a lowered schema: each accepts all texts that the node accepts.

A grammar fixes the order of the members that it knows. If several nodes constrain the same value (`allOf`),
each must keep its property names in their order, as members of any value. A single node may drop them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from structgen.schema.keywords import BOUNDS, COUNTS, LENGTHS
from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import APPLICATORS
from structgen.schema.lowering.llguidance.property_names import constants_of, declared_names
from structgen.schema.lowering.llguidance.tree import Tree
from structgen.schema.traversal import narrowest_type

Relaxation = Callable[[Node, Tree], Node | None]
"""Return the weaker form of a node, None where there is none."""
_SIZES = (*LENGTHS, *COUNTS, *BOUNDS, "multipleOf")


def types_only(nodes: Iterable[Node]) -> list[tuple[Node, Node]]:
    """Accept any value of their types for all nodes that apply to it together."""
    return [(node, {"type": node["type"]} if "type" in node else {}) for node in nodes]


def anything(node: Node, tree: Tree) -> Node | None:
    """Accept any value of the type, with the names in their order where other nodes are beside this one."""
    kept: Node = {keyword: node[keyword] for keyword in ("type", "$defs") if keyword in node}
    if tree.is_alone(node):
        return kept
    if node in tree.shared:
        return None
    names = declared_names(node, tree)
    return None if names is None else {**kept, **names}


def drop_length(node: Node, tree: Tree) -> Node | None:
    """Drop bounds on the length beside a pattern, which constrains more."""
    return _without(node, "minLength", "maxLength") if "pattern" in node else None


def drop_pattern(node: Node, tree: Tree) -> Node | None:
    """Drop `pattern` and `format`."""
    return _without(node, "pattern", "format")


def drop_sizes(node: Node, tree: Tree) -> Node | None:
    """Drop bounds of all kinds."""
    return _without(node, *_SIZES)


def drop_property_patterns(node: Node, tree: Tree) -> Node | None:
    """Drop `patternProperties`, and `additionalProperties`, which depends on it."""
    return (
        _without(node, "patternProperties", "additionalProperties") if "patternProperties" in node else None
    )


def drop_values(node: Node, tree: Tree) -> Node | None:
    """Replace values by their types."""
    values = constants_of(node)
    has_containers = any(isinstance(value, dict | list) for value in values)
    if not values or (has_containers and not tree.is_alone(node)):  # a constant is written in its own order
        return None
    relaxed = _without(node, "enum", "const") or {}
    relaxed.setdefault("type", sorted({narrowest_type(value) for value in values}))
    return relaxed


def drop_required(node: Node, tree: Tree) -> Node | None:
    """Drop `required`, but for names that other nodes of the value may put in another order."""
    names = node.get("required", ())
    is_sole = tree.is_alone(node) and not any(keyword in node for keyword in APPLICATORS)
    remaining = [] if is_sole else [name for name in names if name not in node.get("properties", ())]
    if len(remaining) == len(names):
        return None
    relaxed = _without(node, "required") or {}
    return {**relaxed, "required": remaining} if remaining else relaxed


def drop_choice(node: Node, tree: Tree) -> Node | None:
    """Replace `anyOf` by its types, and by its names in their order."""
    if "anyOf" not in node:
        return None
    names = declared_names({"anyOf": node["anyOf"]}, tree)
    if names is None:
        return anything(node, tree) if tree.is_alone(node) and "type" in node else None
    relaxed = _without(node, "anyOf") or {}
    types = _types(node["anyOf"])
    if types and "type" not in relaxed:
        relaxed["type"] = types
    if names:
        relaxed["allOf"] = [*relaxed.get("allOf", ()), names]
    return relaxed


def drop_conjunct(node: Node, tree: Tree) -> Node | None:
    """Drop all of a branch of `allOf` but its names."""
    return declared_names(node, tree) if node in tree.conjuncts else None


def drop_reference(node: Node, tree: Tree) -> Node | None:
    """Drop a reference that is alone."""
    return {} if node.keys() == {"$ref"} and tree.is_alone(node) else None


def keep_members(most: int) -> Relaxation:
    """Return the relaxation that keeps the schemas of so many members: each may come next in a text."""

    def relax(node: Node, tree: Tree) -> Node | None:
        properties = node.get("properties", {})
        has_applicators = any(keyword in node for keyword in APPLICATORS)
        if len(properties) <= most or has_applicators or not tree.is_alone(node):
            return None
        names = [*properties]
        relaxed = {k: v for k, v in node.items() if k not in ("additionalProperties", "required")}
        relaxed["properties"] = {name: properties[name] for name in names[:most]}
        if required := [name for name in node.get("required", ()) if name in relaxed["properties"]]:
            relaxed["required"] = required
        if node.get("additionalProperties") is False and "patternProperties" not in node:
            others = "|".join(_literal(name) for name in names[most:] if properties[name] is not False)
            relaxed |= {"patternProperties": {f"^(?:{others})$": True}, "additionalProperties": False}
        return relaxed

    return relax


def _literal(name: str) -> str:
    """Return a regular expression for the name alone."""
    return re.sub(r"[][\\.+*?()|{}^$#&~-]", r"\\\g<0>", name)


def _without(node: Node, *keywords: str) -> Node | None:
    """Return the node without the keywords; None if it has none of them."""
    if not any(keyword in node for keyword in keywords):
        return None
    return {keyword: value for keyword, value in node.items() if keyword not in keywords}


def _types(branches: list[Any]) -> list[str]:
    """Return the types of all branches, none where a branch has no `type`."""
    types: set[str] = set()
    for branch in branches:
        if branch is False:
            continue
        named = branch.get("type") if isinstance(branch, dict) else None
        if named is None:
            return []
        types |= {named} if isinstance(named, str) else set(named)
    return sorted(types)
