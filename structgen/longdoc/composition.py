"""Read what a schema surely says about a value: its conjunctions, and the only branch that can hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonpointer import unescape

from structgen.longdoc.schema_copy import NotCopied, SchemaCopy
from structgen.schema.identity import IdentityDict, IdentitySet
from structgen.schema.keywords import ALTERNATIVES
from structgen.schema.regex import matches_safely
from structgen.schema.traversal import children, constants, json_type, type_names

CONDITIONS = ("not", "if", "then", "else", "dependentSchemas", "dependencies")
"""Keywords whose schemas apply to the same value only under a condition."""
_REST = ("additionalProperties", "unevaluatedProperties")


class Composition:
    """Reads the schemas that apply to one value. Each schema is read once for each question."""

    def __init__(self, copy: SchemaCopy) -> None:
        self._copy = copy
        self._takes: dict[str, IdentityDict[bool]] = {}
        self._mentions: dict[str, IdentityDict[bool]] = {}

    def conjuncts(self, schemas: list[Any], kind: str) -> list[dict[str, Any]]:
        """Return the schemas that surely apply to a value of a type, each once.

        These are targets of references, branches of `allOf`, and the branch of `anyOf` or `oneOf` that alone
        takes the type. Raises `NotCopied` where nothing satisfies them.
        """
        seen = IdentitySet()
        applying: list[dict[str, Any]] = []
        stack = schemas[::-1]
        while stack:
            schema = stack.pop()
            if schema is False:
                raise NotCopied("a schema that nothing satisfies")
            if not isinstance(schema, dict) or not seen.add(schema):
                continue
            if "$dynamicRef" in schema or "$recursiveRef" in schema:
                raise NotCopied("a dynamic reference")
            inner = [self._copy.target(schema)]
            if self._copy.reads_beside_ref(schema):
                applying.append(schema)
                inner += schema.get("allOf", ())
                for keyword in ALTERNATIVES:
                    branches = self.open_branches(schema, keyword, kind)
                    inner += branches if len(branches) == 1 else ()
            stack += inner[::-1]
        return applying

    def open_branches(self, schema: dict[str, Any], keyword: str, kind: str) -> list[Any]:
        """Return the branches of `anyOf` or `oneOf` that take values of a type."""
        return [branch for branch in schema.get(keyword, ()) if self.takes(branch, kind)]

    def takes(self, schema: Any, kind: str) -> bool:
        """Return whether the types and constants of a schema leave values of a type."""
        if not isinstance(schema, dict):
            return schema is not False
        known = self._takes.setdefault(kind, IdentityDict())
        if schema not in known:
            known[schema] = True
            known[schema] = self._computed_takes(schema, kind)
        return known[schema]

    def _computed_takes(self, schema: dict[str, Any], kind: str) -> bool:
        if "$ref" in schema and not self.takes(self._copy.target(schema), kind):
            return False
        if not self._copy.reads_beside_ref(schema):
            return True
        names, values = type_names(schema), constants(schema)
        if names is not None and kind not in names:
            return False
        if values is not None and all(json_type(value) != kind for value in values):
            return False
        if not all(self.takes(inner, kind) for inner in schema.get("allOf", ())):
            return False
        return all(self.open_branches(schema, keyword, kind) for keyword in ALTERNATIVES if keyword in schema)

    def mentions(self, schema: Any, name: str) -> bool:
        """Return whether a schema, or one that applies with it, says anything of a member of that name."""
        if not isinstance(schema, dict):
            return False
        known = self._mentions.setdefault(name, IdentityDict())
        if schema not in known:
            known[schema] = False
            known[schema] = self._computed_mentions(schema, name)
        return known[schema]

    def _computed_mentions(self, schema: dict[str, Any], name: str) -> bool:
        if "$dynamicRef" in schema or "$recursiveRef" in schema:
            return True
        if self._copy.reads_beside_ref(schema):
            if name in schema.get("properties", ()) or any(
                schema.get(key, True) is not True for key in _REST
            ):
                return True
            if any(matches_safely(pattern, name) for pattern in schema.get("patternProperties", ())):
                return True
            if any(self.mentions(inner, name) for inner in _in_place(schema)):
                return True
        return self.mentions(self._copy.target(schema), name)

    def conditional(self, schema: dict[str, Any]) -> list[Any]:
        """Return the schemas that apply to the same value only under a condition, with the conditions."""
        return [inner for path, inner in children(schema) if path[0] in CONDITIONS]


def _in_place(schema: dict[str, Any]) -> Iterator[Any]:
    places = ("allOf", *ALTERNATIVES, *CONDITIONS)
    return (inner for path, inner in children(schema) if path[0] in places)


def path_of(pointer: str) -> list[str]:
    """Return the names of a JSON Pointer."""
    return [unescape(token) for token in pointer.split("/")[1:]]
