"""The supported drafts of JSON Schema, and which of them a schema is written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jsonschema
import jsonschema.protocols
from referencing import Specification
from referencing.jsonschema import DRAFT4, DRAFT6, DRAFT7, DRAFT201909, DRAFT202012

from structgen.errors import InvalidSchema
from structgen.schema.traversal import subschemas
from structgen.suggestions import did_you_mean
from structgen.types import Violation


@dataclass(frozen=True, slots=True)
class Dialect:
    """One draft: its name, its `$schema`, the `jsonschema` validator, the `referencing` rules."""

    name: str
    uri: str
    validator: type[jsonschema.protocols.Validator]
    specification: Specification[Any]

    @property
    def ref_siblings(self) -> bool:
        """Whether keywords beside `$ref` count (they are ignored before 2019-09)."""
        return self.name in ("draft2019-09", "draft2020-12")


_OLD, _NEW = "http://json-schema.org", "https://json-schema.org/draft"
DIALECTS = (
    Dialect("draft4", f"{_OLD}/draft-04/schema", jsonschema.Draft4Validator, DRAFT4),
    Dialect("draft6", f"{_OLD}/draft-06/schema", jsonschema.Draft6Validator, DRAFT6),
    Dialect("draft7", f"{_OLD}/draft-07/schema", jsonschema.Draft7Validator, DRAFT7),
    Dialect("draft2019-09", f"{_NEW}/2019-09/schema", jsonschema.Draft201909Validator, DRAFT201909),
    Dialect("draft2020-12", f"{_NEW}/2020-12/schema", jsonschema.Draft202012Validator, DRAFT202012),
)
DRAFT4_DIALECT, DRAFT201909_DIALECT, LATEST = DIALECTS[0], DIALECTS[3], DIALECTS[4]


def detect(definition: Any) -> Dialect:
    """Return the draft that `$schema` names, or the one that the keywords show.

    Without `$schema`: draft 4 for boolean bounds, 2019-09 for `items` with a list, else 2020-12.
    Raises `InvalidSchema` for an unknown `$schema`.
    """
    uri = definition.get("$schema") if isinstance(definition, dict) else None
    if uri is None:
        return _infer(definition)
    bare = str(uri).rstrip("#")
    for dialect in DIALECTS:
        if bare.replace("https://", "http://") == dialect.uri.replace("https://", "http://"):
            return dialect
    if bare == f"{_OLD}/schema":
        return LATEST
    known = ", ".join(dialect.uri for dialect in DIALECTS)
    hint = did_you_mean(str(uri), (dialect.uri for dialect in DIALECTS), 0.8)
    violation = Violation("/$schema", "$schema", f"{uri!r} is not a known draft; known: {known}{hint}")
    raise InvalidSchema(f"/$schema: {violation.message}", [violation])


def _infer(definition: Any) -> Dialect:
    schemas = [schema for _, schema in subschemas(definition) if isinstance(schema, dict)]
    exclusive = ("exclusiveMinimum", "exclusiveMaximum")
    if any(isinstance(schema.get(bound), bool) for schema in schemas for bound in exclusive):
        return DRAFT4_DIALECT
    if any("prefixItems" in schema or "$dynamicRef" in schema for schema in schemas):
        return LATEST
    has_tuples = any(_is_tuple(schema.get("items")) for schema in schemas)
    return DRAFT201909_DIALECT if has_tuples else LATEST


def _is_tuple(items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(item, dict | bool) for item in items)
