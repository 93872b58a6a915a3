"""Weaker forms of one node of a lowered schema: each accepts all that the node accepts, in the same texts.

A grammar fixes the order of the members that it knows. A node beside others of the same value therefore
keeps the names that it declares, as members of any value; a node that stands alone may lose them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from structgen.schema.lowering.llguidance.lowered_tree import Node, Tree, target_of
from structgen.schema.lowering.llguidance.unsatisfiable import type_of
from structgen.schema.traversal import children

_SIZES = (
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
)  # fmt: skip
_BESIDE = ("allOf", "anyOf", "$ref")
_MOST_ORDERS = 32
_DEEPEST = 12


def released(nodes: list[Node]) -> list[tuple[Node, Node]]:
    """Any value of their types for all nodes that speak of it together."""
    return [(node, {keyword: node[keyword] for keyword in ("type",) if keyword in node}) for node in nodes]


def anything(node: Node, tree: Tree) -> Node | None:
    """Any value of the type, with the names in their order where others stand beside it."""
    kept: Node = {keyword: node[keyword] for keyword in ("type", "$defs") if keyword in node}
    if tree.alone(node):
        return kept
    if id(node) in tree.shared:
        return None
    names = _names(node, tree)
    return None if names is None else {**kept, **names}


def no_length(node: Node, tree: Tree) -> Node | None:
    """Without bounds on the length beside a pattern, which says more."""
    return _without(node, "minLength", "maxLength") if "pattern" in node else None


def no_text(node: Node, tree: Tree) -> Node | None:
    """Without pattern and format."""
    return _without(node, "pattern", "format")


def no_size(node: Node, tree: Tree) -> Node | None:
    """Without bounds."""
    return _without(node, *_SIZES)


def no_names(node: Node, tree: Tree) -> Node | None:
    """Without patterns for names, and then without a word on other names."""
    return (
        _without(node, "patternProperties", "additionalProperties") if "patternProperties" in node else None
    )


def no_values(node: Node, tree: Tree) -> Node | None:
    """Types in the place of values."""
    values = [*node.get("enum", ()), *([node["const"]] if "const" in node else [])]
    containers = any(isinstance(value, dict | list) for value in values)
    if not values or (containers and not tree.alone(node)):  # a constant is written in its own order
        return None
    made = _without(node, "enum", "const") or {}
    made.setdefault("type", sorted({type_of(value) for value in values}))
    return made


def no_required(node: Node, tree: Tree) -> Node | None:
    """Without required members, but for names that others at the place may put in another order."""
    names = node.get("required", ())
    sole = tree.alone(node) and not any(keyword in node for keyword in _BESIDE)
    left = [] if sole else [name for name in names if name not in node.get("properties", ())]
    if len(left) == len(names):
        return None
    made = _without(node, "required") or {}
    return {**made, "required": left} if left else made


def no_choice(node: Node, tree: Tree) -> Node | None:
    """Without `anyOf`: its types, and its names in their order."""
    if "anyOf" not in node:
        return None
    names = _names({"anyOf": node["anyOf"]}, tree)
    if names is None:
        return anything(node, tree) if tree.alone(node) and "type" in node else None
    made = _without(node, "anyOf") or {}
    types = _types(node["anyOf"])
    if types and "type" not in made:
        made["type"] = types
    if names:
        made["allOf"] = [*made.get("allOf", ()), names]
    return made


def no_part(node: Node, tree: Tree) -> Node | None:
    """Without what a part of an `allOf` says, but for its names."""
    return _names(node, tree) if id(node) in tree.conjuncts else None


def no_reference(node: Node, tree: Tree) -> Node | None:
    """Without a reference that stands alone."""
    return {} if node.keys() == {"$ref"} and tree.alone(node) else None


def first_members(most: int) -> Callable[[Node, Tree], Node | None]:
    """Only so many members of an object are known by their schemas: each may come next in a text."""

    def few(node: Node, tree: Tree) -> Node | None:
        properties = node.get("properties", {})
        beside = any(keyword in node for keyword in _BESIDE)
        if len(properties) <= most or beside or not tree.alone(node):
            return None
        names = [*properties]
        made = {k: v for k, v in node.items() if k not in ("additionalProperties", "required")}
        made["properties"] = {name: properties[name] for name in names[:most]}
        if required := [name for name in node.get("required", ()) if name in made["properties"]]:
            made["required"] = required
        if node.get("additionalProperties") is False and "patternProperties" not in node:
            rest = "|".join(_literal(name) for name in names[most:] if properties[name] is not False)
            made |= {"patternProperties": {f"^(?:{rest})$": True}, "additionalProperties": False}
        return made

    return few


def _literal(name: str) -> str:
    """A regular expression for the name alone."""
    return re.sub(r"[][\\.+*?()|{}^$#&~-]", r"\\\g<0>", name)


def _without(node: Node, *keywords: str) -> Node | None:
    if not any(keyword in node for keyword in keywords):
        return None
    return {keyword: value for keyword, value in node.items() if keyword not in keywords}


def _types(branches: list[Any]) -> list[str]:
    """The types of all branches, empty where one of them does not say."""
    found: set[str] = set()
    for branch in branches:
        if branch is False:
            continue
        named = branch.get("type") if isinstance(branch, dict) else None
        if named is None:
            return []
        found |= {named} if isinstance(named, str) else set(named)
    return sorted(found)


def _names(node: Node, tree: Tree) -> Node | None:
    """The names that a node declares for its value, in their order.

    None where its branches disagree, and where members hold names of which others speak too.
    """
    for part in tree.in_place([node]):
        inner = {k: v for k, v in part.items() if k not in ("allOf", "anyOf", "$defs")}
        if _ordered([member for _, member in children(inner)], tree):
            return None
    orders = _orders(node, tree, 0)
    if orders is None:
        return None
    whole = {name: at for at, name in enumerate(dict.fromkeys(name for order in orders for name in order))}
    for order in orders:
        places = [whole[name] for name in order]
        if places != sorted(places):
            return None
    return {"properties": dict.fromkeys(whole, True)} if whole else {}


def _orders(node: Any, tree: Tree, depth: int) -> list[tuple[str, ...]] | None:
    """The orders of names that a text under the node may have; None where there are too many."""
    if not isinstance(node, dict):
        return [()]
    if depth > _DEEPEST:
        return None
    found: list[tuple[str, ...]] = [()]
    for choices in _choices(node, tree):
        more: list[tuple[str, ...]] = []
        for choice in choices:
            orders = _orders(choice, tree, depth + 1) if not isinstance(choice, tuple) else [choice]
            if orders is None:
                return None
            more += orders
        found = [
            *dict.fromkeys((*one, *(n for n in other if n not in one)) for one in found for other in more)
        ]
        if len(found) > _MOST_ORDERS:
            return None
    return found


def _choices(node: Node, tree: Tree) -> Iterator[list[Any]]:
    if (name := target_of(node)) is not None:
        yield [tree.definitions.get(name)]
    yield [(*dict.fromkeys((*node.get("properties", ()), *node.get("required", ()))),)]
    for part in node.get("allOf", ()):
        yield [part]
    if node.get("anyOf"):
        yield node["anyOf"]
    values = [*node.get("enum", ()), *([node["const"]] if "const" in node else [])]
    if constants := [(*value,) for value in values if isinstance(value, dict)]:
        yield constants


def _ordered(members: list[Any], tree: Tree) -> bool:
    """Whether members hold names of which others speak too: without them the order could be another."""
    return any(id(member) in tree.shared and _holds_names(member, tree) for member in members)


def _holds_names(node: Any, tree: Tree) -> bool:
    """Whether anything inside of the node names members."""
    seen: set[int] = set()
    stack: list[Any] = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, dict) and id(one) not in seen:
            seen.add(id(one))
            if "properties" in one or "required" in one or _has_containers(one):
                return True
            stack += [part for _, part in children(one)]
            stack.append(tree.definitions.get(target_of(one) or ""))
    return False


def _has_containers(node: Node) -> bool:
    return any(isinstance(value, dict | list) for value in [*node.get("enum", ()), node.get("const")])
