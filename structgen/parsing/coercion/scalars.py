"""Coerce values to scalars: strings, numbers, booleans and null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from structgen import json_text
from structgen.parsing.coercion import date_text, number_text, word_text
from structgen.parsing.coercion.coerced import MISMATCH, BareText, Coerced, Pricing
from structgen.parsing.coercion.source_text import SourceText
from structgen.schema import Schema
from structgen.types import Risk

NumberType = Literal["integer", "number"]


class ScalarCoercer:
    """Coerce values to scalar types, and check them against the other keywords of their schema."""

    def __init__(self, schema: Schema, pricing: Pricing, source: SourceText) -> None:
        self._schema, self._pricing, self._source = schema, pricing, source

    def to_string(self, value: Any, schema: Mapping[str, Any]) -> Coerced:
        """Return the value as a string; a container as the text that it was parsed from."""
        return self.checked(self._to_string(value), schema)

    def to_number(self, value: Any, number_type: NumberType, schema: Mapping[str, Any]) -> Coerced:
        """Return the value as a number; a text as the number that it spells."""
        return self.checked(self._to_number(value, number_type), schema)

    def to_boolean(self, value: Any) -> Coerced:
        """Return the value as a boolean; a text as the boolean that it spells."""
        if isinstance(value, bool):
            return Coerced(value)
        if isinstance(value, int | float) and value in (0, 1):
            return self._pricing.replace(value, bool(value), "coerced", "0 or 1 for a boolean")
        if isinstance(value, str):
            truth = word_text.parse_boolean(value)
            if truth is not None:
                return self._pricing.replace(value, truth, "coerced", "a boolean written as text")
            truth = word_text.find_boolean(value)
            if truth is not None:
                return self._pricing.replace(value, truth, "inferred", "the boolean that a text names", 20)
        return self._pricing.unwrap(value, self.to_boolean)

    def to_null(self, value: Any) -> Coerced:
        """Return null for null, and for a word such as `none`."""
        if value is None:
            return Coerced(None)
        if isinstance(value, str) and word_text.is_null_word(value):
            return self._pricing.replace(value, None, "coerced", "a word for no value", 5)
        return Coerced(value, MISMATCH)

    def checked(self, coerced: Coerced, schema: Mapping[str, Any]) -> Coerced:
        """Check a scalar against its schema, and bring a string into the form that the schema wants."""
        if coerced.is_mismatch or isinstance(coerced.value, dict | list):
            return coerced
        if self._schema.accepts(schema, coerced.value):
            return coerced
        if isinstance(coerced.value, str):
            return self._reformatted(coerced, coerced.value, schema)
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
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            return self._pricing.replace(value, value[0], "inferred", "the one item of a list", 50)
        if isinstance(value, dict | list):
            text = self._source.of_container(value) or json_text.dumps(value)
            return self._pricing.replace(value, text, "coerced", "the text of a container", 300)
        return Coerced(value, MISMATCH)

    def _spelled(self, value: float) -> Coerced:
        """Return a number as the text spells it, since `1.10` may be a version."""
        spellings = self._source.spellings(value)
        literal = next(iter(spellings)) if len(spellings) == 1 else json_text.dumps(value)
        risk: Risk = "inferred" if len(spellings) > 1 else "coerced"
        return self._pricing.replace(value, literal, risk, "a scalar as text", 2)

    def _to_number(self, value: Any, number_type: NumberType) -> Coerced:
        integer = number_type == "integer"
        if isinstance(value, int | float) and not isinstance(value, bool):
            fraction = integer and isinstance(value, float) and not value.is_integer()
            return Coerced(value, MISMATCH if fraction else 0.0)
        if isinstance(value, str):
            risk: Risk = "coerced"
            number, extra = number_text.parse_number(value, integer=integer), 0.0
            if number is None:
                number, risk, extra = number_text.find_number(value), "inferred", 20.0
            if integer and isinstance(number, float):
                number = int(number) if number.is_integer() else None
            if number_text.is_ambiguous(value, integer=integer):
                risk = "inferred"
            if number is not None:
                return self._pricing.replace(value, number, risk, "a number written as text", extra)
        return self._pricing.unwrap(value, lambda inner: self._to_number(inner, number_type))
