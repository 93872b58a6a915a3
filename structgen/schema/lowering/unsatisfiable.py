"""Find parts of a lowered schema that no value satisfies."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import target_name


def accepts_nothing(grammar: Any) -> bool:
    """Whether a lowered schema evidently accepts no value."""
    names = unsatisfiable_definitions(grammar) if isinstance(grammar, dict) else set()
    return _is_unsatisfiable(grammar, names)


def unsatisfiable_definitions(root: Node) -> set[str]:
    """Return the names of the definitions that evidently no value satisfies."""
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
