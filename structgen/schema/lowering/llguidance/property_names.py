"""The properties that a node declares, and the orders in which a grammar may write them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from structgen.schema.identity import IdentitySet
from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import inner_nodes, target_of
from structgen.schema.lowering.llguidance.tree import Tree

_MAX_ORDERS = 32
_MAX_DEPTH = 12


def declared_names(node: Node, tree: Tree) -> Node | None:
    """Return a schema that only declares the node's properties, in their order.

    None where its branches disagree on the order, and where members declare properties that other nodes
    declare too.
    """
    for part in tree.same_value_nodes([node]):
        members = [
            inner for keyword, inner in inner_nodes(part) if keyword not in ("allOf", "anyOf", "$defs")
        ]
        if any(member in tree.shared and _declares_names(member, tree) for member in members):
            return None
    orders = _orders(node, tree, 0)
    if orders is None:
        return None
    position = {name: at for at, name in enumerate(dict.fromkeys(n for order in orders for n in order))}
    for order in orders:
        positions = [position[name] for name in order]
        if positions != sorted(positions):
            return None
    return {"properties": dict.fromkeys(position, True)} if position else {}


def _orders(node: Any, tree: Tree, depth: int) -> list[tuple[str, ...]] | None:
    """Return the orders of names that a text of the node may have; None where there are too many."""
    if not isinstance(node, dict):
        return [()]
    if depth > _MAX_DEPTH:
        return None
    orders: list[tuple[str, ...]] = [()]
    for alternatives in _conjuncts(node, tree):
        next_orders: list[tuple[str, ...]] = []
        for alternative in alternatives:
            if isinstance(alternative, tuple):
                next_orders.append(alternative)
                continue
            inner = _orders(alternative, tree, depth + 1)
            if inner is None:
                return None
            next_orders += inner
        pairs = product(orders, next_orders)
        orders = [
            *dict.fromkeys((*before, *(n for n in after if n not in before)) for before, after in pairs)
        ]
        if len(orders) > _MAX_ORDERS:
            return None
    return orders


def _conjuncts(node: Node, tree: Tree) -> Iterator[list[Any]]:
    """Yield what applies together: each a list of alternatives, which are nodes or names in an order."""
    if "$ref" in node:
        yield [target_of(node, tree.definitions)]
    yield [(*dict.fromkeys((*node.get("properties", ()), *node.get("required", ()))),)]
    for conjunct in node.get("allOf", ()):
        yield [conjunct]
    if node.get("anyOf"):
        yield node["anyOf"]
    if constants := [(*value,) for value in constants_of(node) if isinstance(value, dict)]:
        yield constants


def _declares_names(node: Any, tree: Tree) -> bool:
    """Whether anything inside the node declares properties."""
    seen = IdentitySet()
    stack: list[Any] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, dict) and seen.add(current):
            has_containers = any(isinstance(value, dict | list) for value in constants_of(current))
            if "properties" in current or "required" in current or has_containers:
                return True
            stack += [inner for _, inner in inner_nodes(current)]
            stack.append(target_of(current, tree.definitions))
    return False


def constants_of(node: Node) -> list[Any]:
    """Return the values of `enum` and `const`."""
    return [*node.get("enum", ()), *([node["const"]] if "const" in node else [])]
