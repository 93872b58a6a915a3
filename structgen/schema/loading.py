"""Load a schema from JSON text, a file, a dict or a Python type, and check it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import dialects, python_patterns, python_types, references
from structgen.schema.checks import list_keys, metaschema, not_a_schema, satisfiability
from structgen.schema.keywords import DATA, NAME_KEYED
from structgen.schema.limits import SchemaLimits
from structgen.types import Violation

_OWN_PREFIX = "x-structgen-"
_UNPARSED = DATA | {"required"}
"""Keywords in whose values nothing is a vendor keyword."""


@dataclass(frozen=True, slots=True)
class LoadedSchema:
    """A schema that passed all checks."""

    definition: Any
    """The caller's schema without vendor keywords of others."""
    dialect: dialects.Dialect
    adapter: TypeAdapter[Any] | None
    """The adapter of the Python type, if the schema came from one."""
    detached: tuple[Any, ...]
    """The schemas at places that only references reach."""

    @property
    def title(self) -> str | None:
        """The `title` of its root."""
        return self.definition.get("title") if isinstance(self.definition, dict) else None


def load(source: Any, limits: SchemaLimits) -> LoadedSchema:
    """Load and check a schema from any source that `Schema.parse` accepts.

    Raises `InvalidSchema` with the pointers to all violations, `SchemaLimit` for a schema that is too large.
    """
    adapter: TypeAdapter[Any] | None = None
    if isinstance(source, str | Path | bytes):
        definition = _read(source)
    elif isinstance(source, dict | bool):
        definition = source
    elif isinstance(source, re.Pattern):
        definition, adapter = python_patterns.whole_pattern(source)
    else:
        adapter = python_types.adapter(source)
        definition = python_types.definition(adapter)
    limits.check(definition)
    dialect = dialects.detect(definition)
    definition = without_vendor_keywords(definition, keep_own=True)
    not_a_schema.check(definition, dialect.name)
    metaschema.check(definition, dialect)
    detached = references.check(definition, dialect)
    for schema in detached:
        limits.check(schema)
        metaschema.check(schema, dialect)
    list_keys.check(definition, dialect)
    for schema in (definition, *detached):
        satisfiability.check(schema)
    satisfiability.check_root(definition, dialect)
    return LoadedSchema(definition, dialect, adapter, tuple(detached))


def canonical(value: Any, keep_order: bool = False) -> Any:
    """Return the schema with sorted keys, except those of `properties`, whose order has a meaning."""
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = list(value) if keep_order else sorted(value)
    return {name: canonical(value[name], name == "properties" and not keep_order) for name in names}


def _read(source: str | bytes | Path) -> Any:
    """Return the schema in a JSON text, or in the file that a path names."""
    if isinstance(source, bytes) or (isinstance(source, str) and _is_json_text(source)):
        text, where = source, "the schema"
    else:
        path = Path(source)
        if not _is_file(path):
            raise InvalidSchema(
                f"no schema file {str(path)[:200]!r}: give a file, JSON text, a dict or a type; a schema "
                "with a name comes from Registry().get(NAME) in structgen.schema, or from a service's client"
            )
        text, where = path.read_bytes(), str(path)
    try:
        definition = json_text.loads(text)
    except json_text.JsonError as error:
        raise InvalidSchema(f"{where}: {error}", [Violation("", error.keyword, str(error))]) from error
    if isinstance(definition, dict | bool):
        return definition
    violation = Violation("", "type", "a schema is an object, true or false")
    raise InvalidSchema(f"{where}: {violation.message}", [violation])


def _is_json_text(source: str) -> bool:
    source = source.removeprefix(json_text.BYTE_ORDER_MARK).strip()
    return source[:1] in ("{", "[", '"') or source in ("true", "false")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # longer than a name can be
        return False


def without_vendor_keywords(schema: Any, *, keep_own: bool = False) -> Any:
    """Return a copy without keywords of the form `x-…`; properties of such names stay.

    With `keep_own`, keywords of the form `x-structgen-…` stay, so that a misspelt one gets a warning.
    """
    if isinstance(schema, list):
        return [without_vendor_keywords(item, keep_own=keep_own) for item in schema]
    if not isinstance(schema, dict):
        return schema
    stripped = {}
    for keyword, value in schema.items():
        if keyword in _UNPARSED:
            stripped[keyword] = value
        elif keyword in NAME_KEYED and isinstance(value, dict):
            stripped[keyword] = {
                name: without_vendor_keywords(inner, keep_own=keep_own) for name, inner in value.items()
            }
        elif not keyword.startswith("x-") or (keep_own and keyword.startswith(_OWN_PREFIX)):
            stripped[keyword] = without_vendor_keywords(value, keep_own=keep_own)
    return stripped
