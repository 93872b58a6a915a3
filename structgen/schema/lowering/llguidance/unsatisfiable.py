"""Find parts of a lowered schema that no value satisfies."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from structgen.schema.lowering.base import Node
from structgen.schema.lowering.llguidance.nodes import nodes_of, target_name


def inline_unsatisfiable(root: Node) -> None:
    """Replace references to unsatisfiable definitions: llguidance refuses them where they are optional.

    In their place is a choice among no values, which it accepts.
    """
    names = _unsatisfiable_definitions(root)
    for node in nodes_of(root) if names else ():
        if target_name(node) in names:
            node.clear()
            node["enum"] = []


def accepts_nothing(grammar: Any) -> bool:
    """Whether a lowered schema evidently accepts no value."""
    names = _unsatisfiable_definitions(grammar) if isinstance(grammar, dict) else set()
    return _is_unsatisfiable(grammar, names)


def _unsatisfiable_definitions(root: Node) -> set[str]:
    definitions = root.get("$defs", {})
    names: set[str] = set()
    while further := {
        name for name, node in definitions.items() if name not in names and _is_unsatisfiable(node, names)
    }:
        names |= further
    return names


def _is_unsatisfiable(node: Any, names: Collection[str]) -> bool:
    """Whether no value satisfies a node, where the definitions of these names are unsatisfiable."""
    if not isinstance(node, dict):
        return node is False
    properties, branches = node.get("properties", {}), node.get("anyOf", [])
    return (
        node.get("enum") == []
        or target_name(node) in names
        or any(_is_unsatisfiable(conjunct, names) for conjunct in node.get("allOf", ()))
        or (bool(branches) and all(_is_unsatisfiable(branch, names) for branch in branches))
        or (
            node.get("type") == "object"
            and any(_is_unsatisfiable(properties.get(name), names) for name in node.get("required", ()))
        )
    )
