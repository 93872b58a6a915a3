"""Copy a schema with edits: what references lead to is copied along, each target once for each edit."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from structgen.schema import Schema
from structgen.schema.dialects import DIALECTS
from structgen.schema.keywords import SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_VALUED
from structgen.schema.references import absolute

_DROPPED = frozenset({"$id", "id", "$anchor", "$schema", "$defs", "definitions", "$vocabulary", "$comment"})
"""Keywords that a copy does not need: its references lead from its root to definitions of its own."""
_DYNAMIC = ("$dynamicRef", "$recursiveRef")
_REWRITTEN = ("nullable", "discriminator")


class NotCopied(Exception):
    """Raised for a schema that has no copy of the wanted kind."""


Edit = Callable[["SchemaCopy", dict[str, Any]], dict[str, Any]]
"""Returns the copy of a schema; it copies the subschemas by `SchemaCopy.copy`."""


class SchemaCopy:
    """Copies parts of a schema into a new document, in plain keywords of the draft."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._dialect = next(dialect for dialect in DIALECTS if dialect.name == schema.dialect)
        self.root = absolute(schema.enforced, self._dialect)
        self._container = "$defs" if self._dialect.ref_siblings else "definitions"
        self._names: dict[tuple[int, Hashable], str] = {}
        self._definitions: dict[str, Any] = {}
        self._pending: list[tuple[str, Any, Edit | None, Hashable]] = []
        self._is_rewritten = schema.enforced is not schema.definition

    def reads_beside_ref(self, schema: dict[str, Any]) -> bool:
        """Return whether the keywords of a schema count, beside its `$ref` if it has one."""
        return "$ref" not in schema or self._dialect.ref_siblings

    def target(self, schema: dict[str, Any]) -> Any:
        """Return the schema that the `$ref` of a schema leads to; None for a schema without one."""
        reference = schema.get("$ref")
        return self.schema.resolve(reference) if isinstance(reference, str) else None

    def copy(self, schema: Any, edit: Edit | None = None, key: Hashable = None) -> Any:
        """Return a copy; `key` tells apart the edits of one target. Without an edit all is kept."""
        if not isinstance(schema, dict):
            return schema
        return self.verbatim(schema) if edit is None else edit(self, schema)

    def verbatim(
        self, schema: dict[str, Any], edit: Edit | None = None, key: Hashable = None, kept: Any = None
    ) -> dict[str, Any]:
        """Return a schema with copies of its subschemas, those under the keywords of `kept` without edits."""
        if any(keyword in schema for keyword in _DYNAMIC):
            raise NotCopied("a dynamic reference")
        if not self.reads_beside_ref(schema):
            return {"$ref": self.reference(schema, edit, key)}
        copied: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword in _DROPPED or (self._is_rewritten and keyword in _REWRITTEN):
                continue
            own_edit, own_key = (None, None) if kept is not None and keyword in kept else (edit, key)
            if keyword == "$ref":
                copied[keyword] = self.reference(schema, edit, key)
            elif keyword in SCHEMA_VALUED and isinstance(value, dict):
                copied[keyword] = self.copy(value, own_edit, own_key)
            elif keyword in SCHEMA_LISTS and isinstance(value, list):
                copied[keyword] = [self.copy(inner, own_edit, own_key) for inner in value]
            elif keyword in SCHEMA_MAPS and isinstance(value, dict):
                copied[keyword] = {name: self.copy(inner, own_edit, own_key) for name, inner in value.items()}
            else:
                copied[keyword] = value
        return copied

    def reference(self, schema: dict[str, Any], edit: Edit | None = None, key: Hashable = None) -> str:
        """Return the reference to the copy of a target."""
        target = self.target(schema)
        known = (id(target), key)
        if known not in self._names:
            name = self._free_name(schema["$ref"])
            self._names[known] = name
            self._definitions[name] = True
            self._pending.append((name, target, edit, key))
        return f"#/{self._container}/{self._names[known]}"

    def document(self, root: dict[str, Any]) -> Schema:
        """Return the schema of a copied root with the definitions that it refers to."""
        while self._pending:
            name, target, edit, key = self._pending.pop()
            self._definitions[name] = self.copy(target, edit, key)
        definition: dict[str, Any] = {}
        given = self.schema.definition.get("$schema") if isinstance(self.schema.definition, dict) else None
        if given is not None:
            definition["$schema"] = given
        definition |= root
        if self._definitions:
            definition[self._container] = dict(self._definitions)
        return replace(self.schema, definition=definition, adapter=None, detached=())

    def _free_name(self, reference: str) -> str:
        last = reference.rsplit("/", 1)[-1]
        word = "".join(c if c.isalnum() and c.isascii() else "_" for c in last).strip("_")
        name = word = word or "root"
        number = 2
        while name in self._definitions:
            name, number = f"{word}_{number}", number + 1
        return name
