"""Coerce values to scalars: strings, numbers, booleans and null."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

from structgen import json_text
from structgen.parsing.coercion import date_text, literal_words, number_text
from structgen.parsing.coercion.coerced import MISMATCH, BareText, Coerced, Pricing
from structgen.parsing.coercion.named_value import named_value
from structgen.parsing.coercion.source_text import SourceText
from structgen.parsing.coercion.subschema import Subschema
from structgen.schema import Schema
from structgen.types import Risk

_NULL_WORD_COST = 92
"""More than a choice of that name, and less than an empty list, where the schema leaves the choice."""
NumberType = Literal["integer", "number"]


class ScalarCoercer:
    """Coerce values to scalar types, and check them against the other keywords of their schema."""

    def __init__(self, schema: Schema, pricing: Pricing, source: SourceText) -> None:
        self._schema, self._pricing, self._source = schema, pricing, source

    def to_string(self, value: Any, subschema: Subschema) -> Coerced:
        """Return the value as a string; a wrapper of one member or item as what it holds."""
        return self.checked(self._to_string(value), subschema)

    def to_number(self, value: Any, number_type: NumberType, subschema: Subschema) -> Coerced:
        """Return the value as a number; a text as the number that it spells."""
        return self._to_number(value, number_type, subschema)

    def to_boolean(self, value: Any) -> Coerced:
        """Return the value as a boolean; a text as the boolean that it spells."""
        if isinstance(value, bool):
            return Coerced(value)
        if isinstance(value, int | float) and value in (0, 1):
            return self._pricing.replace(value, bool(value), "coerced", "0 or 1 for a boolean")
        if isinstance(value, str):
            truth = literal_words.parse_boolean(value)
            if truth is not None:
                return self._pricing.replace(value, truth, "coerced", "a boolean written as text")
            truth = literal_words.find_boolean(value)
            if truth is not None:
                return self._pricing.replace(value, truth, "inferred", "the boolean that a text names", 20)
        return self._pricing.unwrap(value, self.to_boolean)

    def to_null(self, value: Any) -> Coerced:
        """Return null for null, and for a word such as `none`."""
        if value is None:
            return Coerced(None)
        if isinstance(value, str) and literal_words.is_null_word(value):
            return self._pricing.replace(value, None, "coerced", "a word for no value", _NULL_WORD_COST)
        return Coerced(value, MISMATCH)

    def checked(self, coerced: Coerced, subschema: Subschema) -> Coerced:
        """Check a scalar against its schema, and bring a string into the form that the schema wants."""
        if coerced.is_mismatch or isinstance(coerced.value, dict | list):
            return coerced
        if not subschema.checks_scalars or self._schema.accepts(subschema.schema, coerced.value):
            return coerced
        if isinstance(coerced.value, str):
            return self._reformatted(coerced, coerced.value, subschema.schema)
        return Coerced(coerced.value, coerced.cost + MISMATCH, coerced.changes)

    def _reformatted(self, coerced: Coerced, text: str, schema: Mapping[str, Any]) -> Coerced:
        """Try a string without white space and quotes around it, and as a date or time of its format."""
        forms: list[tuple[str | None, str]] = [
            (text.strip(), "white space around it"),
            (text.strip().strip("\"'`*"), "quotes around it"),
        ]
        risk: Risk = "coerced"
        if schema.get("format") == "date":
            forms.append((date_text.parse_date(text), "a date in another form"))
            risk = "inferred" if date_text.has_time(text) else risk  # the time is lost
        if schema.get("format") == "date-time":
            forms.append((date_text.parse_date_time(text), "a time in another form"))
        fitting = (
            (form, reason)
            for form, reason in forms
            if form is not None and form != text and self._schema.accepts(schema, form)
        )
        form, reason = next(fitting, (None, ""))
        if form is None and not schema.keys().isdisjoint(("format", "pattern")):
            form = named_value(text, partial(self._schema.accepts, schema))
            risk, reason = "inferred", "the value that a text names"
        if form is None:
            return Coerced(text, coerced.cost + MISMATCH, coerced.changes)
        return coerced.then(lambda value: self._pricing.replace(value, form, risk, reason))

    def _to_string(self, value: Any) -> Coerced:
        if isinstance(value, BareText):
            return self._pricing.replace(value, str(value), "coerced", "a text without quotes", 50)
        if isinstance(value, str):
            return Coerced(value)
        if isinstance(value, float):
            return self._spelled(value)
        if isinstance(value, bool | int):
            return self._pricing.replace(value, json_text.dumps(value), "coerced", "a scalar as text", 2)
        if isinstance(value, dict | list) and (text := self._source.bare_text(value)) is not None:
            return self._pricing.replace(value, text, "inferred", "a text without quotes", 300)
        return self._pricing.unwrap(value, self._to_string)

    def _spelled(self, value: float) -> Coerced:
        """Return a number as the text spells it, since `1.10` may be a version."""
        spelling, reason = self._source.spelling(value), "a scalar as text"
        if spelling is not None:
            return self._pricing.replace(value, spelling, "coerced", reason, 2)
        literal = json_text.dumps(value)
        others = sorted(self._source.spellings(value) - {literal})
        return self._pricing.replace(value, literal, "inferred", reason, 2, others)

    def _to_number(self, value: Any, number_type: NumberType, subschema: Subschema) -> Coerced:
        integer = number_type == "integer"
        if isinstance(value, int | float) and not isinstance(value, bool):
            is_fraction = integer and isinstance(value, float) and not value.is_integer()
            return Coerced(value, MISMATCH) if is_fraction else self.checked(Coerced(value), subschema)
        if not isinstance(value, str):
            return self._pricing.unwrap(value, lambda inner: self._to_number(inner, number_type, subschema))
        reading, extra = number_text.read_number(value, integer=integer), 0.0
        if reading is None:
            reading, extra = number_text.find_number(value), 20.0
        if reading is None:
            return Coerced(value, MISMATCH)
        numbers = (reading.value, *reading.alternatives)
        fitting = [number for number in numbers if self._fits(number, number_type, subschema)]
        if not fitting:
            return Coerced(value, MISMATCH)
        others = [number for number in numbers if number != fitting[0]]
        reason = "a number written as text"
        return self._pricing.replace(value, fitting[0], reading.risk, reason, extra, others)

    def _fits(self, number: float, number_type: NumberType, subschema: Subschema) -> bool:
        is_of_type = number_type == "number" or isinstance(number, int) or number.is_integer()
        return is_of_type and not self.checked(Coerced(number), subschema).is_mismatch
