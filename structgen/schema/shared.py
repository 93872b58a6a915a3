"""Move equal string patterns of a lowered schema into one definition: llguidance builds each use anew."""

from __future__ import annotations

from typing import Any

from structgen.schema.walk import children

_SHORTEST = 80
"""Characters of a pattern that is worth a definition."""


def share(root: dict[str, Any]) -> None:
    """Replace schemas of the form `{"type": "string", "pattern": …}` that stand more than once."""
    uses: dict[str, list[dict[str, Any]]] = {}
    stack: list[Any] = [root]
    while stack:
        schema = stack.pop()
        if isinstance(schema, dict):
            if len(schema) == 2 and schema.get("type") == "string" and _is_long(schema.get("pattern")):
                uses.setdefault(schema["pattern"], []).append(schema)
            stack += [part for _, part in children(schema)]
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
