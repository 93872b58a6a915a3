"""Move equal string patterns of a lowered schema into one definition: llguidance builds each use anew."""

from __future__ import annotations

from typing import Any

from structgen.schema.lowering.base import Node
from structgen.schema.lowering.grammar_nodes import reference_to

_OPAQUE = frozenset({"const", "enum", "required", "type", "pattern"})
_MIN_LENGTH = 80
"""Characters of a pattern that is worth a definition."""


def share_patterns(root: Node) -> None:
    """Replace schemas of the form `{"type": "string", "pattern": …}` that occur more than once."""
    uses: dict[str, list[Node]] = {}
    stack: list[Any] = [root]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack += value
        elif isinstance(value, dict):
            if len(value) == 2 and value.get("type") == "string" and _is_long(value.get("pattern")):
                uses.setdefault(value["pattern"], []).append(value)
            else:
                stack += [inner for keyword, inner in value.items() if keyword not in _OPAQUE]
    repeated = {pattern: nodes for pattern, nodes in uses.items() if len(nodes) > 1}
    definitions: dict[str, Any] = root.setdefault("$defs", {}) if repeated else {}
    for pattern, nodes in repeated.items():
        name = f"pattern{len(definitions)}"
        while name in definitions:
            name += "_"
        definitions[name] = {"type": "string", "pattern": pattern}
        for node in nodes:
            node.clear()
            node.update(reference_to(name))


def _is_long(pattern: Any) -> bool:
    return isinstance(pattern, str) and len(pattern) >= _MIN_LENGTH
