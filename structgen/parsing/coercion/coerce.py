"""Coerce a value to a schema at the least cost, and record every change.

Nothing is invented: a value that no known change fits to its schema stays as it is, and counts as a mismatch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from structgen.parsing.coercion.arrays import ArrayCoercer
from structgen.parsing.coercion.choices import ChoiceCoercer
from structgen.parsing.coercion.coerced import MISMATCH, BareText, Coerced, Pricing
from structgen.parsing.coercion.objects import ObjectCoercer
from structgen.parsing.coercion.scalars import ScalarCoercer
from structgen.parsing.coercion.source_text import SourceText
from structgen.schema import Schema
from structgen.types import Risk

_MAX_DEPTH = 120
_ALTERNATIVES = ("anyOf", "oneOf")
_APPLICATORS = frozenset((*_ALTERNATIVES, "allOf", "$ref"))
_OBJECT_KEYWORDS = frozenset(("properties", "additionalProperties", "patternProperties", "required"))
_ARRAY_KEYWORDS = frozenset(("items", "prefixItems"))


class Coercer:
    """Coerce values of one text to one schema. `max_risk` is the highest risk that a change may have."""

    def __init__(self, schema: Schema, max_risk: Risk, source: SourceText) -> None:
        self._schema = schema
        self._pricing = Pricing(max_risk)
        self._choices = ChoiceCoercer(self._pricing, source)
        self._scalars = ScalarCoercer(schema, self._pricing, source)
        self._arrays = ArrayCoercer(self._coerce, self._pricing)
        self._objects = ObjectCoercer(schema, self._coerce, self._pricing)
        self._memo: dict[tuple[int, int], _Memoised] = {}

    def coerce(self, value: Any) -> Coerced:
        """Return the value under the whole schema; the same value where it is valid."""
        if not isinstance(value, BareText) and self._schema.surely_valid(value):
            return Coerced(value)
        return self._coerce(value, self._schema.enforced, 0)

    def _coerce(self, value: Any, schema: Any, depth: int) -> Coerced:
        if schema is True or schema == {}:
            return Coerced(value)
        if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
            return Coerced(value, MISMATCH)
        key = id(value), id(schema)
        memoised = self._memo.get(key)
        if memoised is None:
            memoised = self._memo[key] = _Memoised(value, schema)
            memoised.coerced = self._apply(value, schema, depth)
        elif memoised.coerced is None:  # the schema refers to itself for the same value
            return Coerced(value, MISMATCH)
        return memoised.coerced

    def _apply(self, value: Any, schema: Mapping[str, Any], depth: int) -> Coerced:
        """Coerce to what the schema refers to, then to its alternatives, then to its own keywords."""
        if _APPLICATORS.isdisjoint(schema):
            return self._to_own(value, schema, depth)
        coerced = Coerced(value)
        for conjunct in self._conjuncts(schema):
            coerced = coerced.then(partial(self._coerce, schema=conjunct, depth=depth + 1))
        alternatives = [keyword for keyword in _ALTERNATIVES if keyword in schema]
        own = {keyword: content for keyword, content in schema.items() if keyword not in _APPLICATORS}
        for keyword in alternatives:
            coerced = coerced.then(
                partial(self._to_alternative, options=schema[keyword], own=own, depth=depth)
            )
        return coerced if alternatives else coerced.then(partial(self._to_own, schema=own, depth=depth))

    def _conjuncts(self, schema: Mapping[str, Any]) -> list[Any]:
        """Return the schemas that must hold too."""
        conjuncts = list(schema.get("allOf", ()))
        if isinstance(reference := schema.get("$ref"), str):
            conjuncts.insert(0, self._schema.resolve(reference))
        return conjuncts

    def _to_alternative(self, value: Any, options: Sequence[Any], own: dict[str, Any], depth: int) -> Coerced:
        """Coerce to the cheapest alternative, the first of equal ones, and to the keywords beside it."""
        constants = [option["const"] for option in options if isinstance(option, dict) and "const" in option]
        if len(constants) == len(options) and isinstance(value, str):
            return self._choices.coerce_text(value, constants)
        best = Coerced(value, float("inf"))
        for option in options:
            coerced = self._coerce(value, option, depth + 1)
            coerced = coerced.then(partial(self._to_own, schema=own, depth=depth))
            if coerced.cost < best.cost:
                best = coerced
            if not best.cost:
                break
        return best

    def _to_own(self, value: Any, schema: Mapping[str, Any], depth: int) -> Coerced:
        """Coerce to a schema without references and alternatives."""
        if "const" in schema:
            return self._choices.coerce(value, [schema["const"]])
        if isinstance(schema.get("enum"), list):
            return self._choices.coerce(value, schema["enum"])
        types = schema.get("type")
        if isinstance(types, list):
            options = (self._to_type(value, name, schema, depth) for name in types)
            return min(options, key=lambda option: option.cost, default=Coerced(value))
        if isinstance(types, str):
            return self._to_type(value, types, schema, depth)
        if isinstance(value, dict) and not _OBJECT_KEYWORDS.isdisjoint(schema):
            return self._objects.members(value, schema, depth)
        if isinstance(value, list) and not _ARRAY_KEYWORDS.isdisjoint(schema):
            return self._arrays.items(value, schema, depth)
        if isinstance(value, BareText):
            return self._pricing.replace(value, str(value), "coerced", "a text without quotes", 60)
        return self._scalars.checked(Coerced(value), schema)

    def _to_type(self, value: Any, name: str, schema: Mapping[str, Any], depth: int) -> Coerced:
        match name:
            case "object":
                return self._objects.to_object(value, schema, depth)
            case "array":
                return self._arrays.to_array(value, schema, depth)
            case "string":
                return self._scalars.to_string(value, schema)
            case "integer" | "number":
                return self._scalars.to_number(value, name, schema)
            case "boolean":
                return self._scalars.to_boolean(value)
            case "null":
                return self._scalars.to_null(value)
        return Coerced(value, MISMATCH)


class _Memoised:
    """The result for a value under a subschema; `coerced` is None while it is being computed.

    Values and subschemas cannot be hashed, so that the memo knows them by their ids. An entry holds both:
    their ids are not used again.
    """

    __slots__ = ("coerced", "schema", "value")

    def __init__(self, value: Any, schema: Mapping[str, Any]) -> None:
        self.value, self.schema = value, schema
        self.coerced: Coerced | None = None
