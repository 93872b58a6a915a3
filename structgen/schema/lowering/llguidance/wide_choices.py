"""Find values of which a grammar has very many members to choose from at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from structgen.schema.traversal import subschemas

MANY = 300
"""Members that a grammar of llguidance 1.x surely offers at once: its limit is about 500."""


def crowded(grammar: Mapping[str, Any] | bool, many: int = MANY) -> Iterator[dict[str, Any]]:
    """The schemas of such values inside of a lowered schema, each with the definitions beside it."""
    if isinstance(grammar, bool):
        return
    nodes = [node for at, node in subschemas(grammar) if at and isinstance(node, dict)]
    definitions = grammar.get("$defs", {})
    for node in nodes:
        found = in_place([node], definitions)
        if sum(len(one.get("properties", ())) for one in found) > many:
            yield {**node, "$defs": definitions} if definitions else node


def in_place(nodes: list[Any], definitions: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The nodes of a lowered schema and all that speak of the same value through them."""
    found: dict[int, dict[str, Any]] = {}
    stack = [*nodes]
    while stack:
        node = stack.pop()
        if isinstance(node, dict) and id(node) not in found:
            found[id(node)] = node
            name = str(node.get("$ref", "")).removeprefix("#/$defs/")
            stack += [*node.get("allOf", ()), *node.get("anyOf", ()), definitions.get(name)]
    return [*found.values()]
