"""Numbers in a lowered schema: llguidance 1.x reads them as doubles, and compiles them to expressions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from structgen.schema.identity import IdentitySet
from structgen.schema.keywords import BOUNDS
from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import nodes_of, same_value_nodes, target_of
from structgen.schema.traversal import narrowest_type

_MAX_EXACT = 2**53
"""An integer below -2**63 + 2**10 crashes llguidance."""
_MIN_BOUND = 1e-50
_MAX_DIVISOR = 10**4
_POWERS_OF_TEN = frozenset(10**exponent for exponent in range(5, 9))
_NUMERIC_TYPES = ("integer", "number")


def is_exact(value: Any) -> bool:
    """Whether the grammar writes all numbers of a value as JSON text has them."""
    if isinstance(value, dict | list):
        return all(map(is_exact, value.values() if isinstance(value, dict) else value))
    if isinstance(value, float):
        return "e" not in repr(value)
    return not isinstance(value, int) or abs(value) <= _MAX_EXACT


def limit_numbers(node: Node) -> None:
    """Drop bounds and divisors that compile to an expression that is wrong, or to none at all."""
    for keyword in BOUNDS:
        bound = node.get(keyword, 0)
        if 0 < abs(bound) < _MIN_BOUND:
            del node[keyword]
    if "multipleOf" in node and not _is_supported_divisor(node["multipleOf"]):
        del node["multipleOf"]


def _is_supported_divisor(divisor: float) -> bool:
    """Whether it is an integer that is not too large, or 1, 2 or 5 of a decimal place.

    Of 0.25 the grammar requires `2.50` instead of `2.5`.
    """
    if divisor == int(divisor):
        return divisor <= _MAX_DIVISOR or divisor in _POWERS_OF_TEN
    _, digits, exponent = Decimal(repr(divisor)).as_tuple()
    return digits in ((1,), (2,), (5,)) and isinstance(exponent, int) and exponent >= -8


def split_multiple_of(node: Node) -> Node | None:
    """Move `multipleOf` into alternatives where numbers may be negative: llguidance has it from 0 on only.

    Negative integers are the multiples of 1. Of other divisors, any negative number passes.
    """
    least = max(node.get("minimum", -1), node.get("exclusiveMinimum", -1))
    if "multipleOf" not in node or least >= 0:
        return None
    divisor = node.pop("multipleOf")
    named = node.get("type", ("null", "boolean", "object", "array", "number", "string"))
    others = [name for name in ([named] if isinstance(named, str) else named) if name not in _NUMERIC_TYPES]
    branches: list[Node] = [{"type": "integer"}]
    if divisor != 1:
        numeric = "integer" if divisor == int(divisor) else "number"
        branches = [
            {"type": numeric, "minimum": 0, "multipleOf": divisor},
            {"type": numeric, "exclusiveMaximum": 0},
        ]
    return {"anyOf": [*branches, *([{"type": others}] if others else [])]}


def drop_inexact(root: Node) -> IdentitySet:
    """Drop values and bounds that a double would change. Returns the nodes that had such values."""
    loosened = IdentitySet()
    for node in nodes_of(root):
        for keyword in BOUNDS:
            if abs(node.get(keyword, 0)) > _MAX_EXACT:
                del node[keyword]
        for keyword, values in (("const", [node.get("const")]), ("enum", node.get("enum", []))):
            if not is_exact(values):
                del node[keyword]
                node.setdefault("type", sorted({narrowest_type(value) for value in values}))
                loosened.add(node)
    return loosened


def keep_one_divisor(root: Node) -> None:
    """Keep one `multipleOf` of those that apply to one number: expressions grow with their product."""
    if not any("multipleOf" in node for node in nodes_of(root)):
        return
    definitions = root.get("$defs", {})
    for node in nodes_of(root):
        together = [*node.get("allOf", ()), {"anyOf": node.get("anyOf", [])}, target_of(node, definitions)]
        divided = [[node] if "multipleOf" in node else []]
        for inner in together:
            applying = same_value_nodes([inner], definitions)
            divided.append([inner for inner in applying if "multipleOf" in inner])
        for others in [ones for ones in divided if ones][1:]:
            for other in others:
                other.pop("multipleOf", None)
