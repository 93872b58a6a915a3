"""From the caller's schema to the one a grammar enforces: equivalent or wider, never narrower.

What is left out here is enforced by validation afterwards.
"""

from __future__ import annotations

import re
from typing import Any

from referencing._core import Resolver
from referencing.exceptions import Unresolvable

from structgen.schema import narrow
from structgen.schema.dialect import Dialect
from structgen.schema.formats import formats
from structgen.schema.references import inside, root_resolver

# Formats that llguidance 1.x knows as the checker does (of `email`: the ASCII addresses without quotes).
_FORMATS = frozenset({"date", "date-time", "time", "uuid", "ipv4", "email"})
_KEPT = (
    "type", "enum", "const", "required", "minItems", "maxItems", "minLength", "maxLength", "minimum",
    "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "maxProperties",
)  # fmt: skip
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


def lower(definition: Any, dialect: Dialect) -> dict[str, Any] | bool:
    """The schema for the grammar: self-contained, of 2020-12, of the keywords that llguidance enforces."""
    if isinstance(definition, bool):
        return definition
    lowering = _Lowering(dialect)
    root: dict[str, Any] = lowering.schema(definition, root_resolver(definition, dialect))
    while lowering.waiting:
        name, target, resolver = lowering.waiting.pop()
        lowering.definitions[name] = lowering.schema(target, resolver)
    if lowering.definitions:
        root["$defs"] = lowering.definitions
        narrow.circular(root)
    return root


class _Lowering:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.formats = _FORMATS & formats(dialect)
        self.definitions: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.waiting: list[tuple[str, Any, Resolver[Any]]] = []

    def schema(self, schema: Any, resolver: Resolver[Any]) -> Any:
        if not isinstance(schema, dict):
            return schema
        resolver = inside(resolver, schema, self.dialect)
        made: dict[str, Any] = {}
        if isinstance(reference := schema.get("$ref"), str):
            made |= self._reference(reference, resolver)
            if not self.dialect.ref_siblings:
                return made
        made |= {keyword: schema[keyword] for keyword in _KEPT if keyword in schema}
        if self.dialect.name == "draft4":
            made.pop("const", None)
        narrow.lengths(made)
        self._bounds(schema, made)
        self._text(schema, made)
        self._object(schema, made, resolver)
        self._array(schema, made, resolver)
        for keyword in ("allOf", "anyOf"):
            if keyword in schema:
                made[keyword] = [self.schema(part, resolver) for part in schema[keyword]]
        narrow.merged(made)
        if "oneOf" in schema and "anyOf" not in made:
            made["anyOf"] = [self.schema(part, resolver) for part in schema["oneOf"]]
        return made

    def _reference(self, reference: str, resolver: Resolver[Any]) -> dict[str, Any]:
        try:
            found = resolver.lookup(reference)
        except Unresolvable:  # pragma: no cover - refused before
            return {}
        if isinstance(found.contents, bool):
            return {} if found.contents else {"enum": []}
        name = self.names.get(id(found.contents))
        if name is None:
            name = _UNSAFE.sub("_", reference.rsplit("/", 1)[-1].lstrip("#")) or "root"
            while name in self.names.values():
                name += "_"
            self.names[id(found.contents)] = name
            self.waiting.append((name, found.contents, found.resolver))
        return {"$ref": f"#/$defs/{name}"}

    def _bounds(self, schema: dict[str, Any], made: dict[str, Any]) -> None:
        """Draft 4 says with a boolean that a bound is exclusive."""
        for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(schema.get(exclusive), bool):
                del made[exclusive]
                if schema[exclusive] and bound in made:
                    made[exclusive] = made.pop(bound)
        narrow.bounds(made)

    def _text(self, schema: dict[str, Any], made: dict[str, Any]) -> None:
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and narrow.pattern_fits(pattern):
            made["pattern"] = pattern
        if schema.get("format") in self.formats and "pattern" not in made:  # both: may not compile
            made["format"] = schema["format"]

    def _object(self, schema: dict[str, Any], made: dict[str, Any], resolver: Resolver[Any]) -> None:
        for keyword in ("properties", "patternProperties"):
            if keyword in schema and (keyword == "properties" or narrow.patterns_fit(list(schema[keyword]))):
                parts = schema[keyword].items()
                made[keyword] = {name: self.schema(part, resolver) for name, part in parts}
        if "additionalProperties" in schema and (
            "patternProperties" in made or "patternProperties" not in schema
        ):
            made["additionalProperties"] = self.schema(schema["additionalProperties"], resolver)

    def _array(self, schema: dict[str, Any], made: dict[str, Any], resolver: Resolver[Any]) -> None:
        """Tuples stood in `items` before 2020-12, their rest in `additionalItems`."""
        items = schema.get("items")
        if isinstance(items, list):
            made["prefixItems"] = [self.schema(part, resolver) for part in items]
            if "additionalItems" in schema:
                made["items"] = self.schema(schema["additionalItems"], resolver)
            return
        if "prefixItems" in schema and self.dialect.name == "draft2020-12":
            made["prefixItems"] = [self.schema(part, resolver) for part in schema["prefixItems"]]
        if items is not None:
            made["items"] = self.schema(items, resolver)
