"""Read a schema from what callers have, and check it: the steps before there is a `Schema`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import dialects as drafts
from structgen.schema import python_types, references
from structgen.schema.checks import metaschema, not_a_schema, satisfiability
from structgen.schema.limits import SchemaLimits
from structgen.types import Violation


@dataclass(frozen=True, slots=True)
class Loaded:
    """A schema that passed all checks."""

    definition: Any
    """Without vendor keywords."""
    dialect: drafts.Dialect
    adapter: TypeAdapter[Any] | None
    """Of the Python type that the schema came from, where it came from one."""
    elsewhere: tuple[Any, ...]
    """The schemas that stand where only references look for them."""

    @property
    def title(self) -> str | None:
        """The `title` of its root."""
        return self.definition.get("title") if isinstance(self.definition, dict) else None


def load(obj: Any, limits: SchemaLimits) -> Loaded:
    """Read and check a schema of any form that `Schema.parse` takes.

    Raises `InvalidSchema` with pointers to all that is wrong, `SchemaLimit` for what is too large.
    """
    adapter = None
    if isinstance(obj, str | Path | bytes):
        definition = _read(obj)
    elif isinstance(obj, dict | bool):
        definition = obj
    else:
        adapter = python_types.adapter(obj)
        definition = python_types.definition(adapter)
    limits.check(definition)
    dialect = drafts.detect(definition)
    definition = _stripped(definition)
    not_a_schema.check(definition, dialect.name)
    metaschema.check(definition, dialect)
    elsewhere = references.check(definition, dialect)
    for part in elsewhere:
        limits.check(part)
        metaschema.check(part, dialect)
    for part in (definition, *elsewhere):
        satisfiability.check(part)
    satisfiability.check_root(definition, dialect)
    return Loaded(definition, dialect, adapter, tuple(elsewhere))


def canonical(value: Any, ordered: bool = False) -> Any:
    """Return the schema with sorted keys, but those of `properties`, whose order counts."""
    if isinstance(value, list):
        return [canonical(part) for part in value]
    if not isinstance(value, dict):
        return value
    names = list(value) if ordered else sorted(value)
    return {name: canonical(value[name], name == "properties" and not ordered) for name in names}


def _read(source: str | bytes | Path) -> Any:
    """JSON text, or the text of the file that a path names."""
    if isinstance(source, bytes) or (isinstance(source, str) and _is_text(source)):
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
    except json_text.JsonFault as error:
        raise InvalidSchema(f"{where}: {error}", [Violation("", error.keyword, str(error))]) from error
    if isinstance(definition, dict | bool):
        return definition
    fault = Violation("", "type", "a schema is an object, true or false")
    raise InvalidSchema(f"{where}: {fault.message}", [fault])


def _is_text(source: str) -> bool:
    source = source.removeprefix(json_text.BYTE_ORDER_MARK).strip()
    return source[:1] in ("{", "[", '"') or source in ("true", "false")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # longer than a name can be
        return False


def _stripped(schema: Any) -> Any:
    """Without vendor keywords at places of keywords: a property of the name `x-…` stays."""
    if isinstance(schema, list):
        return [_stripped(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {}
    for keyword, value in schema.items():
        if keyword in ("enum", "const", "default", "examples", "required"):
            made[keyword] = value
        elif keyword in _NAMED and isinstance(value, dict):
            made[keyword] = {name: _stripped(part) for name, part in value.items()}
        elif not keyword.startswith("x-"):
            made[keyword] = _stripped(value)
    return made


_NAMED = (
    "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies",
    "dependentRequired",
)  # fmt: skip
