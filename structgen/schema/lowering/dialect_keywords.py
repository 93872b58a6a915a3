"""What of a schema its draft knows: the rest says nothing, and is not lowered."""

from __future__ import annotations

from typing import Any

from structgen.schema.dialects import Dialect
from structgen.schema.traversal import MAPS

_SINCE_2019 = frozenset({
    "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef",
    "$recursiveRef", "minContains", "maxContains",
})  # fmt: skip
_UNKNOWN = {
    "draft4": frozenset({"const", "contains", "propertyNames", "if"}) | _SINCE_2019,
    "draft6": frozenset({"if"}) | _SINCE_2019,
    "draft7": _SINCE_2019,
    "draft2019-09": frozenset({"$dynamicRef", "dependencies"}),
    "draft2020-12": frozenset({"$recursiveRef", "additionalItems", "dependencies"}),
}
_NAMED = (*MAPS, "dependentRequired")
"""Keywords with members whose names are no keywords."""


class Known:
    """Copies without keywords that the draft does not know; before 2019-09 a reference stands alone.

    References are looked up in the caller's document: they may lead into what the copies leave out.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.unknown, self.siblings = _UNKNOWN.get(dialect.name, frozenset()), dialect.ref_siblings
        self.copies: dict[int, Any] = {}

    def __call__(self, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self(part) for part in schema]
        if not isinstance(schema, dict):
            return schema
        if id(schema) not in self.copies:
            self.copies[id(schema)] = self._copy(schema)
        return self.copies[id(schema)]

    def _copy(self, schema: dict[str, Any]) -> dict[str, Any]:
        apart = {keyword: part for keyword, part in schema.items() if keyword not in self.unknown}
        if not self.siblings and isinstance(schema.get("$ref"), str):
            apart = {
                k: part for k, part in apart.items() if k in ("$ref", "$defs", "definitions", "$id", "id")
            }
        made: dict[str, Any] = {}
        for keyword, part in apart.items():
            if keyword in ("const", "enum", "default", "examples"):
                made[keyword] = part
            elif keyword in _NAMED and isinstance(part, dict):
                made[keyword] = {name: self(inner) for name, inner in part.items()}
            else:
                made[keyword] = self(part)
        return made
