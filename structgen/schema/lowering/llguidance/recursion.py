"""Merge keywords beside recursive references, which llguidance 1.x refuses, into definitions of both."""

from __future__ import annotations

import copy
import json
from typing import Any

from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import APPLICATORS, reference_to, target_name

_MERGEABLE = frozenset((
    "type", "required", "minProperties", "maxProperties", "minItems", "maxItems", "minLength", "maxLength",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
))  # fmt: skip
"""Keywords that can stand beside a definition's own in a definition of both."""


def merge_siblings_of_recursive_references(root: Node) -> None:
    """Leave no keyword beside a reference to a recursive definition.

    Keywords that hold no schemas become part of a new definition. Others are dropped.
    """
    definitions = root.get("$defs", {})
    edges = {name: _references(node) for name, node in definitions.items()}
    merger = _Merger(definitions, _recursive_names(edges))
    stack: list[Any] = list(definitions.values())
    while stack or merger.pending:
        value = stack.pop() if stack else merger.pending.pop()
        if isinstance(value, dict):
            merger.merge(value)
            stack += [inner for keyword, inner in value.items() if keyword not in ("const", "enum")]
        elif isinstance(value, list):
            stack += value


def _references(value: Any) -> set[str]:
    """Return the names of the definitions that a schema refers to."""
    names: set[str] = set()
    stack = [value]
    while stack:
        inner = stack.pop()
        if isinstance(inner, dict):
            if (name := target_name(inner)) is not None:
                names.add(name)
            stack += inner.values()
        elif isinstance(inner, list):
            stack += inner
    return names


def _recursive_names(edges: dict[str, set[str]]) -> set[str]:
    """Return the names on a cycle: in a strongly connected component (Tarjan 1972), or with a self-loop."""
    recursive: set[str] = set()
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    for start in edges:
        work = [] if start in number else [(start, iter(edges[start]))]
        while work:
            name, successors = work[-1]
            if name not in number:
                number[name] = low[name] = len(number)
                path.append(name)
            successor = next((target for target in successors if target in edges), None)
            if successor is None:
                work.pop()
                if low[name] == number[name]:
                    at = path.index(name)
                    component, path[at:] = path[at:], []
                    if len(component) > 1 or name in edges[name]:
                        recursive.update(component)
                    number.update(dict.fromkeys(component, len(edges) * 2))
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
            elif successor not in number:
                work.append((successor, iter(edges[successor])))
            else:
                low[name] = min(low[name], number[successor])
    return recursive


class _Merger:
    """Recursive definitions, and those that were made of them and of keywords beside references to them."""

    def __init__(self, definitions: dict[str, Any], names: set[str]) -> None:
        self._definitions, self._names = definitions, names
        self._bodies = {name: copy.deepcopy(definitions[name]) for name in names}
        self._merged: dict[str, str] = {}
        self.pending: list[Any] = []
        """New definitions that are not visited yet."""

    def merge(self, node: Node) -> None:
        """Leave no keyword beside a reference to a recursive definition."""
        self._hoist(node)
        conjuncts, branches = node.get("allOf", []), node.get("anyOf", [])
        siblings = {k: v for k, v in node.items() if k not in ("$ref", "anyOf", "$defs")}
        if (name := self._recursive_target(node)) and len(node) > 1:
            reference = self._reference(name, siblings if "anyOf" not in node else None)
            node.clear()
            node.update(reference)
        elif names := [name for conjunct in conjuncts if (name := self._recursive_target(conjunct))]:
            node.clear()
            node.update(reference_to(names[0]))
        elif siblings and any(self._recursive_target(branch) for branch in branches):
            branches = [self._with_siblings(branch, siblings) for branch in branches]
            node.clear()
            node["anyOf"] = branches

    def _hoist(self, node: Node) -> None:
        """Move a choice that is alone in a conjunct, and has a recursive branch, to the node itself."""
        choices = [
            conjunct
            for conjunct in node.get("allOf", ())
            if isinstance(conjunct, dict) and set(conjunct) == {"anyOf"}
        ]
        recursive = [choice for choice in choices if any(map(self._recursive_target, choice["anyOf"]))]
        if "anyOf" in node or not recursive:
            return
        node["anyOf"] = recursive[0]["anyOf"]
        node["allOf"] = [other for other in node["allOf"] if other is not recursive[0]]
        if not node["allOf"]:
            del node["allOf"]

    def _with_siblings(self, branch: Any, siblings: Node) -> Any:
        name = self._recursive_target(branch)
        if name:
            return self._reference(name, siblings)
        return {"allOf": [branch, copy.deepcopy(siblings)]}

    def _recursive_target(self, node: Any) -> str | None:
        name = target_name(node) if isinstance(node, dict) else None
        return name if name in self._names else None

    def _reference(self, name: str, siblings: Node | None) -> Node:
        """Refer to the definition, or to one that has the siblings as well, where these can be merged."""
        body = self._bodies[name]
        has_applicators = not isinstance(body, dict) or any(keyword in body for keyword in APPLICATORS)
        if siblings is None or has_applicators or not _MERGEABLE.issuperset(siblings):
            return reference_to(name)
        key = f"{name} {json.dumps(siblings, sort_keys=True)}"
        if key not in self._merged:
            merged = f"{name}_{len(self._merged)}_"
            self._merged[key] = merged
            self._definitions[merged] = {"allOf": [copy.deepcopy(body), copy.deepcopy(siblings)]}
            self.pending.append(self._definitions[merged])
        return reference_to(self._merged[key])
