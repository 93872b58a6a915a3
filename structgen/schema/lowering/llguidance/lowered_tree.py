"""The nodes of a lowered schema, and which of them speak of the same value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from structgen.schema.lowering.llguidance.wide_choices import in_place
from structgen.schema.traversal import children

Node = dict[str, Any]


@dataclass
class Tree:
    """The nodes of a lowered schema, leaves first, and which of them speak of the same value."""

    root: Node
    nodes: list[Node] = field(default_factory=list)
    parts: set[int] = field(default_factory=set)
    """Identities of the nodes of an `allOf` or `anyOf`, and of definitions that such nodes refer to."""
    conjuncts: set[int] = field(default_factory=set)
    """Identities of the nodes of an `allOf`."""
    shared: dict[int, list[Node]] = field(default_factory=dict)
    """Nodes for members and items of which parts of one schema speak together, by identity of each."""

    def __post_init__(self) -> None:
        referring: dict[str, list[Node]] = {}
        stack: list[tuple[Any, bool]] = [(self.root, False)]
        seen: set[int] = set()
        while stack:
            node, leaving = stack.pop()
            if not isinstance(node, dict):
                continue
            if leaving:
                self.nodes.append(node)
                continue
            if id(node) in seen:
                continue
            seen.add(id(node))
            stack.append((node, True))
            if (name := target_of(node)) is not None:
                referring.setdefault(name, []).append(node)
            for path, part in children(node):
                if path[0] in ("allOf", "anyOf"):
                    self.parts.add(id(part))
                    if path[0] == "allOf":
                        self.conjuncts.add(id(part))
                stack.append((part, False))
        self.shared = together(self)
        self._refer(referring)

    @property
    def definitions(self) -> dict[str, Any]:
        found: dict[str, Any] = self.root.get("$defs", {})
        return found

    def _refer(self, referring: dict[str, list[Node]]) -> None:
        """A definition stands alone where each reference to it does, and has nothing beside it."""
        changed = True
        while changed:
            changed = False
            for name, nodes in referring.items():
                target = self.definitions.get(name)
                if id(target) not in self.parts and not all(map(self._bare, nodes)):
                    self.parts.add(id(target))
                    changed = True

    def _bare(self, node: Node) -> bool:
        return self.alone(node) and node.keys() - {"$defs"} == {"$ref"}

    def alone(self, node: Node) -> bool:
        """Whether no other node of the tree speaks of the same value."""
        return id(node) not in self.parts and id(node) not in self.shared

    def in_place(self, nodes: list[Node]) -> list[Node]:
        """The nodes and all that speak of the same value through them."""
        return in_place(nodes, self.definitions)


def together(tree: Tree) -> dict[int, list[Node]]:
    """The nodes of members and items that stand beside others for the same value, each with all of these.

    Beyond a number of combinations all members and items count as one such group.
    """
    groups = _Groups()
    stack = [[tree.root]]
    seen: set[frozenset[int]] = set()
    while stack:
        found = tree.in_place(stack.pop())
        key = frozenset(map(id, found))
        if key in seen:
            continue
        seen.add(key)
        if len(seen) > _MOST_PLACES:
            for node in tree.nodes:
                groups.join(
                    [part for path, part in children(node) if path[0] not in ("allOf", "anyOf", "$defs")]
                )
            break
        for nodes in _values(found):
            groups.join(nodes)
            stack.append(nodes)
    return groups.shared()


_MOST_PLACES = 3_000


class _Groups:
    """Sets of nodes that grow together where they have one in common."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, Node]] = {}

    def join(self, nodes: list[Any]) -> None:
        known = [node for node in nodes if isinstance(node, dict)]
        whole: dict[int, Node] = {}
        for node in known:
            whole |= self._of.get(id(node), {id(node): node})
        for key in whole:
            self._of[key] = whole

    def shared(self) -> dict[int, list[Node]]:
        return {key: [*group.values()] for key, group in self._of.items() if len(group) > 1}


def _values(nodes: list[Node]) -> Iterator[list[Node]]:
    """For each member and item of a value: the nodes that may speak of it."""
    names = dict.fromkeys(name for node in nodes for name in node.get("properties", ()))
    others = [part for node in nodes for part in node.get("patternProperties", {}).values()]
    rest = [node.get("additionalProperties") for node in nodes]
    for name in names:
        named = [node["properties"][name] for node in nodes if name in node.get("properties", ())]
        yield _nodes([*named, *others, *(rest if len(named) < len(nodes) else ())])
    yield _nodes([*others, *rest])
    length = max((len(node.get("prefixItems", ())) for node in nodes), default=0)
    for index in range(length):
        yield _nodes([_item(node, index) for node in nodes])
    yield _nodes([node.get("items") for node in nodes])


def _item(node: Node, index: int) -> Any:
    first = node.get("prefixItems", ())
    return first[index] if index < len(first) else node.get("items")


def _nodes(parts: list[Any]) -> list[Node]:
    return [part for part in parts if isinstance(part, dict)]


def target_of(node: Node) -> str | None:
    """The name of the definition that a node refers to."""
    reference = node.get("$ref")
    return reference.removeprefix("#/$defs/") if isinstance(reference, str) else None
