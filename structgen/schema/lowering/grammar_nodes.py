"""Walk a lowered schema. It has only the keywords that lowering writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from structgen.schema.identity import IdentitySet
from structgen.schema.lowering.base import Node

BRANCH_KEYWORDS = ("allOf", "anyOf")
"""Keywords of a lowered schema whose schemas apply to the value itself."""
APPLICATORS = ("$ref", *BRANCH_KEYWORDS)
_PREFIX = "#/$defs/"
_SCHEMA_VALUED = ("additionalProperties", "items")
_SCHEMA_LISTS = (*BRANCH_KEYWORDS, "prefixItems")
_SCHEMA_MAPS = ("properties", "patternProperties", "$defs")


def inner_nodes(node: Node) -> Iterator[tuple[str, Any]]:
    """Yield the schemas directly inside a node, each with the keyword that holds it."""
    for keyword in _SCHEMA_VALUED:
        if keyword in node:
            yield keyword, node[keyword]
    for keyword in _SCHEMA_LISTS:
        for inner in node.get(keyword, ()):
            yield keyword, inner
    for keyword in _SCHEMA_MAPS:
        if keyword in node:
            for inner in node[keyword].values():
                yield keyword, inner


def nodes_of(root: Any) -> Iterator[Node]:
    """Yield all nodes. A node may be changed before the next one is yielded."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            stack += [inner for _, inner in inner_nodes(node)]


def reference_to(name: str) -> Node:
    """Return a node that refers to a definition."""
    return {"$ref": f"{_PREFIX}{name}"}


def target_name(node: Node) -> str | None:
    """Return the name of the definition that a node refers to."""
    reference = node.get("$ref")
    return reference.removeprefix(_PREFIX) if isinstance(reference, str) else None


def target_of(node: Node, definitions: Mapping[str, Any]) -> Any:
    """Return the definition that a node refers to, None without a reference."""
    name = target_name(node)
    return None if name is None else definitions.get(name)


def same_value_nodes(nodes: Iterable[Any], definitions: Mapping[str, Any]) -> list[Node]:
    """Return the nodes, and all that apply to the same value through them."""
    found = IdentitySet()
    stack = [*nodes]
    while stack:
        node = stack.pop()
        if isinstance(node, dict) and found.add(node):
            stack += [*node.get("allOf", ()), *node.get("anyOf", ()), target_of(node, definitions)]
    return [*found]
