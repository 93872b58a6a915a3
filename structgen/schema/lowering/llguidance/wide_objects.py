"""Find objects of which a grammar has very many members to choose from at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from structgen.schema.lowering.grammar_nodes import same_value_nodes
from structgen.schema.traversal import subschemas

MAX_MEMBERS = 300
"""Members that a grammar of llguidance 1.x surely offers at once: its limit is about 500."""


def wide_objects(grammar: Mapping[str, Any] | bool) -> Iterator[dict[str, Any]]:
    """Yield the schemas of such objects inside a lowered schema, each with the definitions beside it."""
    if isinstance(grammar, bool):
        return
    nodes = [node for at, node in subschemas(grammar) if at and isinstance(node, dict)]
    definitions = grammar.get("$defs", {})
    for node in nodes:
        applying = same_value_nodes([node], definitions)
        if sum(len(inner.get("properties", ())) for inner in applying) > MAX_MEMBERS:
            yield {**node, "$defs": definitions} if definitions else node
