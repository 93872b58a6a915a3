"""Replace references to unsatisfiable definitions in a lowered schema."""

from __future__ import annotations

from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import nodes_of, target_name
from structgen.schema.lowering.unsatisfiable import unsatisfiable_definitions


def inline_unsatisfiable(root: Node) -> None:
    """Replace references to unsatisfiable definitions: llguidance refuses them where they are optional.

    In their place is a choice among no values, which it accepts.
    """
    names = unsatisfiable_definitions(root)
    for node in nodes_of(root) if names else ():
        if target_name(node) in names:
            node.clear()
            node["enum"] = []
