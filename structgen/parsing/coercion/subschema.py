"""Take subschemas apart once for all values that are coerced to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from structgen.schema import Schema
from structgen.schema.keywords import TABLE
from structgen.schema.regex import matches_safely

_ALTERNATIVES = ("anyOf", "oneOf")
_APPLICATORS = frozenset((*_ALTERNATIVES, "allOf", "$ref"))
_NOT_FOR_SCALARS = frozenset(
    keyword.name for keyword in TABLE if not keyword.asserts or keyword.applies_to in ("object", "array")
) | {"type"}
"""Keywords that no scalar of the right type violates."""


class Alternatives(NamedTuple):
    """The branches of `anyOf` or `oneOf`."""

    options: Sequence[Any]
    constants: Sequence[Any] | None
    """The constants of the branches, where every branch has a `const`."""


class Subschema:
    """A subschema in parts: the conjuncts and alternatives that apply to a value, and its own keywords."""

    def __init__(self, schema: Mapping[str, Any], resolve: Callable[[str], Any]) -> None:
        self.schema = schema
        self.has_applicators = not _APPLICATORS.isdisjoint(schema)
        self.checks_scalars = not schema.keys() <= _NOT_FOR_SCALARS
        self._resolve = resolve

    @cached_property
    def conjuncts(self) -> list[Any]:
        """The schemas that must hold too."""
        conjuncts = list(self.schema.get("allOf", ()))
        if isinstance(reference := self.schema.get("$ref"), str):
            conjuncts.insert(0, self._resolve(reference))
        return conjuncts

    @cached_property
    def alternatives(self) -> list[Alternatives]:
        """The branches of each keyword that has some."""
        found = []
        for keyword in _ALTERNATIVES:
            options = self.schema.get(keyword)
            if options is not None:
                constants = [option["const"] for option in options if _is_constant(option)]
                found.append(Alternatives(options, constants if len(constants) == len(options) else None))
        return found

    @cached_property
    def own(self) -> dict[str, Any]:
        """The keywords without references and alternatives."""
        return {keyword: value for keyword, value in self.schema.items() if keyword not in _APPLICATORS}

    @cached_property
    def properties(self) -> Mapping[str, Any]:
        """The declared properties."""
        declared: Mapping[str, Any] = self.schema.get("properties", {})
        return declared

    @cached_property
    def required(self) -> Mapping[str, None]:
        """The names of the required members in their order, as keys."""
        return dict.fromkeys(self.schema.get("required", ()))

    def additional(self, key: str) -> Any:
        """Return the schema for a key that is not declared; False where it is forbidden."""
        for pattern, pattern_schema in self.schema.get("patternProperties", {}).items():
            if matches_safely(pattern, key):
                return pattern_schema
        return self._additional

    @cached_property
    def _additional(self) -> Any:
        return self.schema.get("additionalProperties", self.schema.get("unevaluatedProperties", True))


class Subschemas:
    """The subschemas of a schema that were taken apart so far, by their ids."""

    def __init__(self, schema: Schema) -> None:
        self._resolve = schema.resolve
        self._by_id: dict[int, Subschema] = {}

    def of(self, schema: Mapping[str, Any]) -> Subschema:
        """Return a subschema in parts. It holds the subschema, so that its id is not used again."""
        subschema = self._by_id.get(id(schema))
        if subschema is None:
            subschema = self._by_id[id(schema)] = Subschema(schema, self._resolve)
        return subschema


def subschemas_of(schema: Schema) -> Subschemas:
    """Return the subschemas of a schema, which are taken apart once for all values."""
    return schema.memoised(Subschemas)


def _is_constant(option: Any) -> bool:
    return isinstance(option, dict) and "const" in option
