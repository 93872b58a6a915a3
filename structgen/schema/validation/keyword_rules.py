"""Validate keywords whose rules in the `jsonschema` package have no time limit, or are inexact or slow."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from jsonschema.exceptions import ValidationError

from structgen import json_text
from structgen.schema.json_value import normalized
from structgen.schema.regex import matches

Errors = Iterator[ValidationError]


def pattern(validator: Any, regex: str, value: Any, schema: Any) -> Errors:
    """Validate `pattern` as ECMA-262, within a time limit."""
    if isinstance(value, str) and not matches(regex, value):
        yield ValidationError(f"{value!r} does not match {regex!r}")


def pattern_properties(validator: Any, patterns: Any, value: Any, schema: Any) -> Errors:
    """Validate `patternProperties` as ECMA-262, within a time limit."""
    if not isinstance(value, dict):
        return
    for regex, subschema in patterns.items():
        for name, member in value.items():
            if matches(regex, name):
                yield from validator.descend(member, subschema, path=name, schema_path=regex)


def multiple_of(validator: Any, divisor: Any, value: Any, schema: Any) -> Errors:
    """Validate `multipleOf` in decimals: 19.99 is a multiple of 0.01, but not in binary floats."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if (Fraction(repr(value)) / Fraction(repr(divisor))).denominator != 1:
        yield ValidationError(f"{value!r} is not a multiple of {divisor!r}")


def unique_items(validator: Any, unique: Any, value: Any, schema: Any) -> Errors:
    """Validate `uniqueItems` in linear time, by the text of each item."""
    if not unique or not isinstance(value, list):
        return
    first_index: dict[str, int] = {}
    for index, item in enumerate(value):
        text = json_text.dumps(normalized(item))
        if text in first_index:
            yield ValidationError(f"items {first_index[text]} and {index} are equal", path=[index])
            return
        first_index[text] = index
