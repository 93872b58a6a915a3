"""Coerce values to arrays, and the items of arrays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from structgen.parsing.coercion.coerced import MISMATCH, BareText, Coerce, Coerced, Pricing, loses_words
from structgen.parsing.coercion.embedded_json import embedded_risk, parse_embedded
from structgen.parsing.coercion.literal_words import is_nothing

_SEPARATORS = re.compile(r"(?:,\s|;|\n)\s*")
"""What separates the parts of a list in one text; a comma alone does so where it is not part of a number."""
_MAX_PARTED = 10_000
"""Characters of a text that is taken apart into a list."""


class ArrayCoercer:
    """Coerce values to arrays; `coerce` coerces their items."""

    def __init__(self, coerce: Coerce, pricing: Pricing) -> None:
        self._coerce, self._pricing = coerce, pricing

    def to_array(self, value: Any, schema: Mapping[str, Any], depth: int) -> Coerced:
        """Return an array: the value, the JSON in it, its one member, or an array of the value alone."""
        if isinstance(value, list):
            return self.items(value, schema, depth)
        if isinstance(value, str) and (embedded := parse_embedded(value, "[")) is not None:
            coerced = self.items(embedded.value, schema, depth)
            if not coerced.is_mismatch:
                risk = embedded_risk(embedded)
                return self._pricing.replace_whole(value, coerced, risk, "JSON in a text", 20)
        best = Coerced(value, MISMATCH)
        if isinstance(value, dict) and len(value) == 1:
            [member] = value.values()
            if isinstance(member, list):
                coerced = self.items(member, schema, depth)
                reason = "the one member of an object"
                best = self._pricing.replace_whole(value, coerced, "inferred", reason, 50)
        items_are_text = _accepts_any_text(schema.get("items"))
        if value is None or value == "" or (isinstance(value, BareText) and items_are_text):
            return best
        if isinstance(value, str) and items_are_text and is_nothing(value):
            empty = self.items([], schema, depth)
            return self._pricing.replace_whole(value, empty, "inferred", "a word for no items", 5)
        if schema.get("prefixItems"):
            return best
        options = [best, *self._of_one_value(value, schema, depth, items_are_text)]
        return min(options, key=lambda option: option.cost)

    def _of_one_value(
        self, value: Any, schema: Mapping[str, Any], depth: int, items_are_text: bool
    ) -> Iterator[Coerced]:
        """Yield the list of a value alone, and the list of the parts that its commas or lines separate."""
        parts = _SEPARATORS.split(value) if isinstance(value, str) and len(value) <= _MAX_PARTED else []
        wrapped = self.items([value], schema, depth)
        if items_are_text and len(parts) > 1:
            wrapped = wrapped.with_alternative(parts)
        elif not items_are_text and parts:
            by_comma = parts if len(parts) > 1 else parts[0].split(",")
            separate = self.items(by_comma, schema, depth) if all(by_comma) else Coerced(value, MISMATCH)
            if len(parts) == 1 < len(by_comma) and _is_number(wrapped):  # a decimal comma, or a list
                if not separate.is_mismatch:
                    wrapped = wrapped.with_alternative(separate.value)
            elif len(by_comma) > 1:
                yield self._pricing.replace_whole(value, separate, "inferred", "a list written as text", 40)
                if loses_words(value, wrapped.value):  # one item, and not the others
                    return
        yield self._pricing.replace_whole(value, wrapped, "inferred", "a single value as a list", 20)

    def items(self, array: list[Any], schema: Mapping[str, Any], depth: int) -> Coerced:
        """Coerce the items of an array; the same array where none changes."""
        first, rest = _item_schemas(schema)
        items, cost, changes, alternatives = [], 0.0, [], []
        for index, item in enumerate(array):
            coerced = self._coerce(item, first[index] if index < len(first) else rest, depth + 1)
            items.append(coerced.value)
            cost += coerced.cost
            if coerced.changes:
                changes += [change.under(index) for change in coerced.changes]
                alternatives += coerced.alternatives_under(index)
        if len(items) < schema.get("minItems", 0) or len(items) > schema.get("maxItems", len(items)):
            cost += MISMATCH
        unchanged = all(new is old for new, old in zip(items, array, strict=True))
        return Coerced(array if unchanged else items, cost, tuple(changes), tuple(alternatives))


def _is_number(wrapped: Coerced) -> bool:
    """Whether a value became a list of one number."""
    return not wrapped.is_mismatch and isinstance(wrapped.value[0], int | float)


def _item_schemas(schema: Mapping[str, Any]) -> tuple[list[Any], Any]:
    """Return the schemas of the first items by position, and the schema of the rest."""
    items = schema.get("items", True)
    if "prefixItems" in schema:
        return schema["prefixItems"], items
    if isinstance(items, list) and items:
        return items, schema.get("additionalItems", True)
    return [], items


def _accepts_any_text(schema: Any) -> bool:
    """Whether a schema accepts any string."""
    return not isinstance(schema, Mapping) or (
        schema.get("type", "string") == "string" and not schema.keys() & {"enum", "const", "anyOf", "$ref"}
    )
