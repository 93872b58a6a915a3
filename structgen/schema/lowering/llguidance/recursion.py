"""References that lead in a circle: llguidance 1.x refuses keywords beside them."""

from __future__ import annotations

import copy
import json
from typing import Any


def circular(root: dict[str, Any]) -> None:
    """Keywords beside a reference into a circle, which the grammar refuses: a definition of both is made."""
    definitions = root.get("$defs", {})
    inside = {name: _names(part) for name, part in definitions.items()}
    circles = _Circles(definitions, _in_circles(inside))
    stack: list[Any] = list(definitions.values())
    while stack or circles.made:
        found = stack.pop() if stack else circles.made.pop()
        if isinstance(found, dict):
            circles.settle(found)
            stack += [part for keyword, part in found.items() if keyword not in ("const", "enum")]
        elif isinstance(found, list):
            stack += found


def _in_circles(edges: dict[str, set[str]]) -> set[str]:
    """Names from which a way leads back to them: the strongly connected components (Tarjan 1972)."""
    found: set[str] = set()
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    for start in edges:
        work = [] if start in number else [(start, iter(edges[start]))]
        while work:
            name, ways = work[-1]
            if name not in number:
                number[name] = low[name] = len(number)
                path.append(name)
            step = next((way for way in ways if way in edges), None)
            if step is None:
                work.pop()
                if low[name] == number[name]:
                    at = path.index(name)
                    component, path[at:] = path[at:], []
                    if len(component) > 1 or name in edges[name]:
                        found.update(component)
                    number.update(dict.fromkeys(component, len(edges) * 2))
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
            elif step not in number:
                work.append((step, iter(edges[step])))
            else:
                low[name] = min(low[name], number[step])
    return found


class _Circles:
    """Definitions that refer to themselves, and those made of them and of keywords beside them."""

    def __init__(self, definitions: dict[str, Any], names: set[str]) -> None:
        self.definitions, self.names = definitions, names
        self.bodies = {name: copy.deepcopy(definitions[name]) for name in names}
        self.joined: dict[str, str] = {}
        self.made: list[Any] = []

    def settle(self, schema: dict[str, Any]) -> None:
        """Leave no keyword beside a reference into a circle."""
        self._hoist(schema)
        parts, ways = schema.get("allOf", []), schema.get("anyOf", [])
        beside = {k: v for k, v in schema.items() if k not in ("$ref", "anyOf", "$defs")}
        if (name := self._circular(schema)) and len(schema) > 1:
            reference = self._reference(name, beside if "anyOf" not in schema else None)
            schema.clear()
            schema.update(reference)
        elif any(self._circular(part) for part in parts):
            name = next(name for part in parts if (name := self._circular(part)))
            schema.clear()
            schema["$ref"] = f"#/$defs/{name}"
        elif beside and any(self._circular(way) for way in ways):
            ways = [self._with(way, beside) for way in ways]
            schema.clear()
            schema["anyOf"] = ways

    def _hoist(self, schema: dict[str, Any]) -> None:
        """Alternatives that stand alone in an `allOf`, as those of the schema itself."""
        alone = [
            part for part in schema.get("allOf", ()) if isinstance(part, dict) and set(part) == {"anyOf"}
        ]
        if "anyOf" in schema or not any(self._circular(way) for part in alone for way in part["anyOf"]):
            return
        part = next(part for part in alone if any(map(self._circular, part["anyOf"])))
        schema["anyOf"] = part["anyOf"]
        schema["allOf"] = [other for other in schema["allOf"] if other is not part]
        if not schema["allOf"]:
            del schema["allOf"]

    def _with(self, way: Any, beside: dict[str, Any]) -> Any:
        name = self._circular(way)
        if name:
            return self._reference(name, beside)
        return {"allOf": [way, copy.deepcopy(beside)]}

    def _circular(self, schema: Any) -> str | None:
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        name = str(reference).removeprefix("#/$defs/")
        return name if name in self.names else None

    def _reference(self, name: str, beside: dict[str, Any] | None) -> dict[str, Any]:
        """To the definition, or to one that has the keywords as well, where these hold no schemas."""
        body = self.bodies[name]
        opaque = not isinstance(body, dict) or not _APPLICATORS.isdisjoint(body)
        if beside is None or opaque or not _PLAIN.issuperset(beside):
            return {"$ref": f"#/$defs/{name}"}
        key = f"{name} {json.dumps(beside, sort_keys=True)}"
        if key not in self.joined:
            joined = f"{name}_{len(self.joined)}_"
            self.joined[key] = joined
            self.definitions[joined] = {"allOf": [copy.deepcopy(body), copy.deepcopy(beside)]}
            self.made.append(self.definitions[joined])
        return {"$ref": f"#/$defs/{self.joined[key]}"}


_APPLICATORS = frozenset(("$ref", "allOf", "anyOf"))
_PLAIN = frozenset((
    "type", "required", "minProperties", "maxProperties", "minItems", "maxItems", "minLength", "maxLength",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
))  # fmt: skip


def _names(schema: Any) -> set[str]:
    """The definitions that a schema refers to."""
    found: set[str] = set()
    stack = [schema]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if isinstance(reference := part.get("$ref"), str):
                found.add(reference.removeprefix("#/$defs/"))
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    return found
