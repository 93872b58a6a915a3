"""Record which keywords the nodes of a lowered schema lose to a relaxation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from structgen.schema.identity import IdentitySet
from structgen.schema.lowering.base import Losses, Node
from structgen.schema.lowering.grammar_nodes import inner_nodes, target_of


def record_loss(
    node: Node, relaxed: Node, reason: str, definitions: Mapping[str, Any], losses: Losses
) -> None:
    """Record the keywords that a node loses, and all that is inside it and that its references lead to."""
    gone = {keyword for keyword, value in node.items() if relaxed.get(keyword) is not value}
    losses.setdefault(node, {}).update(dict.fromkeys(gone, reason))
    kept = _inside(relaxed, {})
    for inner in _inside(node, {} if "$ref" in relaxed else definitions):
        if inner is not node and inner not in kept:
            losses.setdefault(inner, {}).update(dict.fromkeys(inner, reason))


def _inside(node: Node, definitions: Mapping[str, Any]) -> IdentitySet:
    """Return the node and all inside it, and inside the definitions that these refer to."""
    nodes = IdentitySet()
    stack: list[Any] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, dict) and nodes.add(current):
            stack += [inner for keyword, inner in inner_nodes(current) if keyword != "$defs"]
            stack.append(target_of(current, definitions))
    return nodes
