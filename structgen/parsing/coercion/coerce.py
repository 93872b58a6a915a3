"""A value under a schema: the reading that costs least, and every change on the way to it.

Nothing is invented: where no change is known that keeps what was there, the value stays as it is and
counts as wrong. Costs order the readings of one value; they mean nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from structgen.parsing.coercion.containers import ContainerAligner
from structgen.parsing.coercion.scalars import WRONG, Aligned, Words
from structgen.schema import Schema
from structgen.types import Risk

DEEPEST = 120


class Aligner(ContainerAligner):
    """Aligns values to one schema. `most` is the highest risk that may be taken.

    `source` gives the text that a container was read from, where it is known; `text` is all of it.
    """

    def __init__(
        self,
        schema: Schema,
        most: Risk = "inferred",
        *,
        defaults: bool = False,
        source: Callable[[Any], str | None] = lambda _: None,
        text: str = "",
    ) -> None:
        super().__init__(schema, most, source, text, defaults)
        self._memo: dict[tuple[int, int], Aligned] = {}
        self._busy: set[tuple[int, int]] = set()
        self._kept: list[Any] = []
        """Values that the memo knows by their address."""

    def align(self, value: Any) -> Aligned:
        """The value under the whole schema."""
        return self._align(value, self._schema.enforced, 0)

    def _align(self, value: Any, schema: Any, depth: int) -> Aligned:
        if schema is True or schema == {}:
            return Aligned(value)
        if not isinstance(schema, Mapping) or depth > DEEPEST:
            return Aligned(value, WRONG)
        place = (id(value), id(schema))
        if place in self._memo:
            return self._memo[place]
        if place in self._busy:
            return Aligned(value, WRONG)
        self._busy.add(place)
        made = self._under(value, schema, depth)
        self._busy.discard(place)
        self._kept += [value, schema]
        self._memo[place] = made
        return made

    def _under(self, value: Any, schema: Mapping[str, Any], depth: int) -> Aligned:
        parts = self._parts(schema)
        made = Aligned(value)
        for part in parts:
            made = self._then(made, lambda v, p=part: self._align(v, p, depth + 1))  # type: ignore[misc]
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                own = {k: v for k, v in schema.items() if k not in ("anyOf", "oneOf", "allOf", "$ref")}
                made = self._then(made, lambda v, k=keyword, o=own: self._cheapest(v, schema[k], o, depth))  # type: ignore[misc]
        if "anyOf" in schema or "oneOf" in schema:
            return made
        own = {k: v for k, v in schema.items() if k not in ("allOf", "$ref")}
        self._kept.append(own)
        return self._then(made, lambda v: self._plain(v, own, depth))

    def _parts(self, schema: Mapping[str, Any]) -> list[Any]:
        parts = list(schema.get("allOf", ()))
        if isinstance(reference := schema.get("$ref"), str):
            parts.insert(0, self._schema.resolved(reference))
        return parts

    def _cheapest(self, value: Any, options: Iterable[Any], own: dict[str, Any], depth: int) -> Aligned:
        """The best of the alternatives; the first of those that are alike."""
        best = Aligned(value, float("inf"))
        self._kept.append(own)
        choices = [option["const"] for option in options if isinstance(option, dict) and "const" in option]
        if len(choices) == len(list(options)) and isinstance(value, str):
            return self._chosen(value, choices)
        for option in options:
            made = self._then(self._align(value, option, depth + 1), lambda v: self._plain(v, own, depth))
            if made.cost < best.cost:
                best = made
            if not best.cost:
                break
        return best

    def _plain(self, value: Any, schema: Mapping[str, Any], depth: int) -> Aligned:
        """Without references and alternatives."""
        if "const" in schema:
            return self._among(value, [schema["const"]])
        if isinstance(schema.get("enum"), list):
            return self._among(value, schema["enum"])
        types = schema.get("type")
        if isinstance(types, list):
            return min(
                (self._typed(value, t, schema, depth) for t in types),
                key=lambda a: a.cost,
                default=Aligned(value),
            )
        if isinstance(types, str):
            return self._typed(value, types, schema, depth)
        if isinstance(value, dict) and schema.keys() & {
            "properties",
            "additionalProperties",
            "patternProperties",
            "required",
        }:
            return self._object(value, schema, depth)
        if isinstance(value, list) and schema.keys() & {"items", "prefixItems"}:
            return self._list(value, schema, depth)
        if isinstance(value, Words):
            return self._make(value, str(value), "coerced", "a text without quotes", 60)
        return self._checked(Aligned(value), schema)

    def _typed(self, value: Any, wanted: str, schema: Mapping[str, Any], depth: int) -> Aligned:
        match wanted:
            case "object":
                return self._to_object(value, schema, depth)
            case "array":
                return self._to_list(value, schema, depth)
            case "string":
                return self._checked(self._to_string(value, schema), schema)
            case "integer" | "number":
                return self._checked(self._to_number(value, wanted), schema)
            case "boolean":
                return self._to_boolean(value)
            case "null":
                return self._to_null(value)
        return Aligned(value, WRONG)
