"""Move equal string patterns of a lowered schema into one definition: llguidance builds each use anew."""

from __future__ import annotations

from typing import Any

_VALUES = frozenset({"const", "enum", "required", "type", "pattern"})
_SHORTEST = 80
"""Characters of a pattern that is worth a definition."""


def share(root: dict[str, Any]) -> None:
    """Replace schemas of the form `{"type": "string", "pattern": …}` that stand more than once."""
    uses: dict[str, list[dict[str, Any]]] = {}
    stack: list[Any] = [root]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack += part
        elif isinstance(part, dict):
            if len(part) == 2 and part.get("type") == "string" and _is_long(part.get("pattern")):
                uses.setdefault(part["pattern"], []).append(part)
            else:
                stack += [inner for word, inner in part.items() if word not in _VALUES]
    repeated = {pattern: found for pattern, found in uses.items() if len(found) > 1}
    definitions: dict[str, Any] = root.setdefault("$defs", {}) if repeated else {}
    for pattern, found in repeated.items():
        name = f"pattern{len(definitions)}"
        while name in definitions:
            name += "_"
        definitions[name] = {"type": "string", "pattern": pattern}
        for schema in found:
            schema.clear()
            schema["$ref"] = f"#/$defs/{name}"


def _is_long(pattern: Any) -> bool:
    return isinstance(pattern, str) and len(pattern) >= _SHORTEST
