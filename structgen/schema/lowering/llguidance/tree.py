"""The nodes of a lowered schema, and which of them apply to the same value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen.schema.identity import IdentityDict, IdentitySet
from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import (
    BRANCH_KEYWORDS,
    inner_nodes,
    same_value_nodes,
    target_name,
)

_MAX_LOCATIONS = 3_000
"""Beyond this number of combinations of nodes, all members and items count as one group."""


class Tree:
    """The nodes of a lowered schema, leaves first, and which of them apply to the same value."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.nodes: list[Node] = []
        self.conjuncts = IdentitySet()
        """Nodes of an `allOf`."""
        self._branches = IdentitySet()
        """Nodes of an `allOf` or `anyOf`, and definitions that such nodes refer to."""
        referring = self._collect()
        self.shared = _shared_nodes(self)
        """Nodes of members and items that parts of one schema describe together, each with its group."""
        self._mark_definitions(referring)

    @property
    def definitions(self) -> dict[str, Any]:
        """The definitions of the root, by name."""
        definitions: dict[str, Any] = self.root.get("$defs", {})
        return definitions

    def _collect(self) -> dict[str, list[Node]]:
        """Fill `nodes`, `conjuncts` and branches. Returns the nodes that refer to each definition."""
        referring: dict[str, list[Node]] = {}
        seen = IdentitySet()
        stack: list[tuple[Any, bool]] = [(self.root, False)]
        while stack:
            node, leaving = stack.pop()
            if not isinstance(node, dict):
                continue
            if leaving:
                self.nodes.append(node)
                continue
            if not seen.add(node):
                continue
            stack.append((node, True))
            if (name := target_name(node)) is not None:
                referring.setdefault(name, []).append(node)
            for keyword, inner in inner_nodes(node):
                if keyword in BRANCH_KEYWORDS:
                    self._branches.add(inner)
                if keyword == "allOf":
                    self.conjuncts.add(inner)
                stack.append((inner, False))
        return referring

    def _mark_definitions(self, referring: dict[str, list[Node]]) -> None:
        """Mark definitions as branches, but those whose references all are alone and have no siblings."""
        changed = True
        while changed:
            changed = False
            for name, nodes in referring.items():
                target = self.definitions.get(name)
                if target not in self._branches and not all(map(self._is_bare_reference, nodes)):
                    self._branches.add(target)
                    changed = True

    def _is_bare_reference(self, node: Node) -> bool:
        return self.is_alone(node) and node.keys() - {"$defs"} == {"$ref"}

    def is_alone(self, node: Node) -> bool:
        """Whether no other node of the tree applies to the same value."""
        return node not in self._branches and node not in self.shared

    def same_value_nodes(self, nodes: list[Node]) -> list[Node]:
        """Return the nodes and all that apply to the same value through them."""
        return same_value_nodes(nodes, self.definitions)


def _shared_nodes(tree: Tree) -> IdentityDict[IdentitySet]:
    """Return the nodes of members and items that are beside others, each with its group of such nodes."""
    groups = _Groups()
    stack = [[tree.root]]
    seen: set[frozenset[int]] = set()
    while stack:
        nodes = tree.same_value_nodes(stack.pop())
        key = frozenset(map(id, nodes))
        if key in seen:
            continue
        seen.add(key)
        if len(seen) > _MAX_LOCATIONS:
            for node in tree.nodes:
                groups.join(
                    [
                        inner
                        for keyword, inner in inner_nodes(node)
                        if keyword not in (*BRANCH_KEYWORDS, "$defs")
                    ]
                )
            break
        for inner in _nodes_of_values(nodes):
            groups.join(inner)
            stack.append(inner)
    return groups.shared()


class _Groups:
    """Sets of nodes that are merged where they have a node in common."""

    def __init__(self) -> None:
        self._group_of: IdentityDict[IdentitySet] = IdentityDict()

    def join(self, nodes: list[Any]) -> None:
        """Merge the groups of the nodes."""
        merged = IdentitySet()
        for node in nodes:
            if isinstance(node, dict):
                for member in self._group_of.get(node, (node,)):
                    merged.add(member)
        for node in merged:
            self._group_of[node] = merged

    def shared(self) -> IdentityDict[IdentitySet]:
        """Return the groups of several nodes, by each of these."""
        shared: IdentityDict[IdentitySet] = IdentityDict()
        for group in IdentitySet(self._group_of.values()):
            if len(group) > 1:
                for node in group:
                    shared.setdefault(node, group)
        return shared


def _nodes_of_values(nodes: list[Node]) -> Iterator[list[Node]]:
    """Yield, for each member and item of a value, the nodes that may apply to it."""
    names = dict.fromkeys(name for node in nodes for name in node.get("properties", ()))
    by_pattern = [inner for node in nodes for inner in node.get("patternProperties", {}).values()]
    others = [node.get("additionalProperties") for node in nodes]
    for name in names:
        named = [node["properties"][name] for node in nodes if name in node.get("properties", ())]
        yield _only_nodes([*named, *by_pattern, *(others if len(named) < len(nodes) else ())])
    yield _only_nodes([*by_pattern, *others])
    length = max((len(node.get("prefixItems", ())) for node in nodes), default=0)
    for index in range(length):
        yield _only_nodes([_item(node, index) for node in nodes])
    yield _only_nodes([node.get("items") for node in nodes])


def _item(node: Node, index: int) -> Any:
    first = node.get("prefixItems", ())
    return first[index] if index < len(first) else node.get("items")


def _only_nodes(schemas: list[Any]) -> list[Node]:
    return [schema for schema in schemas if isinstance(schema, dict)]
