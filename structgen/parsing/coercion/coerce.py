"""Coerce a value to a schema at the least cost, and record every change.

Nothing is invented: a value that no known change fits to its schema stays as it is, and counts as a mismatch.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from structgen.parsing.coercion.arrays import ArrayCoercer
from structgen.parsing.coercion.choices import ChoiceCoercer
from structgen.parsing.coercion.coerced import MISMATCH, BareText, Coerced, Pricing
from structgen.parsing.coercion.objects import ObjectCoercer
from structgen.parsing.coercion.scalars import ScalarCoercer
from structgen.parsing.coercion.source_text import SourceText
from structgen.parsing.coercion.subschema import Alternatives, Subschema, subschemas_of
from structgen.schema import Schema
from structgen.types import Risk

_MAX_DEPTH = 120
_OBJECT_KEYWORDS = frozenset(("properties", "additionalProperties", "patternProperties", "required"))
_ARRAY_KEYWORDS = frozenset(("items", "prefixItems"))


class Coercer:
    """Coerce values of one text to one schema. `max_risk` is the highest risk that a change may have."""

    def __init__(self, schema: Schema, max_risk: Risk, source: SourceText) -> None:
        self._schema, self._max_risk, self._source = schema, max_risk, source

    def coerce(self, value: Any) -> Coerced:
        """Return the value under the whole schema; the same value where it is valid."""
        if not isinstance(value, BareText) and self._schema.surely_valid(value):
            return Coerced(value)
        return _Coercion(self._schema, Pricing(self._max_risk), self._source).coerce(value)


class _Coercion:
    """The coercion of one value, with the results for its parts."""

    def __init__(self, schema: Schema, pricing: Pricing, source: SourceText) -> None:
        self._schema, self._pricing = schema, pricing
        self._subschemas = subschemas_of(schema)
        self._choices = ChoiceCoercer(pricing, source)
        self._scalars = ScalarCoercer(schema, pricing, source)
        self._arrays = ArrayCoercer(self._coerce, pricing)
        self._objects = ObjectCoercer(schema, self._coerce, pricing)
        self._memo: dict[tuple[int, int], _Memoised] = {}

    def coerce(self, value: Any) -> Coerced:
        return self._coerce(value, self._schema.enforced, 0)

    def _coerce(self, value: Any, schema: Any, depth: int) -> Coerced:
        if schema is True or schema == {}:
            return Coerced(value)
        if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
            return Coerced(value, MISMATCH)
        subschema = self._subschemas.of(schema)
        if not subschema.has_applicators and not isinstance(value, dict | list):
            return self._to_own(value, subschema, depth)
        key = id(value), id(schema)
        memoised = self._memo.get(key)
        if memoised is None:
            memoised = self._memo[key] = _Memoised(value)
            memoised.coerced = self._apply(value, subschema, depth)
        elif memoised.coerced is None:  # the schema refers to itself for the same value
            return Coerced(value, MISMATCH)
        return memoised.coerced

    def _apply(self, value: Any, subschema: Subschema, depth: int) -> Coerced:
        """Coerce to what the schema refers to, then to its alternatives, then to its own keywords."""
        if not subschema.has_applicators:
            return self._to_own(value, subschema, depth)
        coerced = Coerced(value)
        for conjunct in subschema.conjuncts:
            coerced = coerced.then(partial(self._coerce, schema=conjunct, depth=depth + 1))
        own = self._subschemas.of(subschema.own)
        for alternatives in subschema.alternatives:
            coerced = coerced.then(
                partial(self._to_alternative, alternatives=alternatives, own=own, depth=depth)
            )
        if subschema.alternatives:
            return coerced
        return coerced.then(partial(self._to_own, subschema=own, depth=depth))

    def _to_alternative(self, value: Any, alternatives: Alternatives, own: Subschema, depth: int) -> Coerced:
        """Coerce to the cheapest alternative, the first of equal ones, and to the keywords beside it."""
        if alternatives.constants is not None and isinstance(value, str):
            return self._choices.coerce_text(value, alternatives.constants)
        best = Coerced(value, float("inf"))
        for option in alternatives.options:
            coerced = self._coerce(value, option, depth + 1)
            coerced = coerced.then(partial(self._to_own, subschema=own, depth=depth))
            if coerced.cost < best.cost:
                best = coerced
            if not best.cost:
                break
        return best

    def _to_own(self, value: Any, subschema: Subschema, depth: int) -> Coerced:
        """Coerce to a schema without references and alternatives."""
        schema = subschema.schema
        if not schema:
            return Coerced(value)
        if "const" in schema:
            return self._choices.coerce(value, [schema["const"]])
        if isinstance(schema.get("enum"), list):
            return self._choices.coerce(value, schema["enum"])
        types = schema.get("type")
        if isinstance(types, str):
            return self._to_type(value, types, subschema, depth)
        if isinstance(types, list):
            options = (self._to_type(value, name, subschema, depth) for name in types)
            return min(options, key=lambda option: option.cost, default=Coerced(value))
        if isinstance(value, dict) and not _OBJECT_KEYWORDS.isdisjoint(schema):
            return self._objects.members(value, subschema, depth)
        if isinstance(value, list) and not _ARRAY_KEYWORDS.isdisjoint(schema):
            return self._arrays.items(value, schema, depth)
        if isinstance(value, BareText):
            return self._pricing.replace(value, str(value), "coerced", "a text without quotes", 60)
        return self._scalars.checked(Coerced(value), subschema)

    def _to_type(self, value: Any, name: str, subschema: Subschema, depth: int) -> Coerced:
        match name:
            case "object":
                return self._objects.to_object(value, subschema, depth)
            case "array":
                return self._arrays.to_array(value, subschema.schema, depth)
            case "string":
                return self._scalars.to_string(value, subschema)
            case "integer" | "number":
                return self._scalars.to_number(value, name, subschema)
            case "boolean":
                return self._scalars.to_boolean(value)
            case "null":
                return self._scalars.to_null(value)
        return Coerced(value, MISMATCH)


class _Memoised:
    """The result for a value under a subschema; `coerced` is None while it is being computed.

    Values and subschemas cannot be hashed, so that the memo knows them by their ids. An entry holds the
    value: its id is not used again.
    """

    __slots__ = ("coerced", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.coerced: Coerced | None = None
