"""Schemas of lists whose items are validated one by one."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import RootModel

from structgen.errors import InvalidSchema
from structgen.schema.schema import Schema
from structgen.types import Violation

OF_THE_WHOLE = frozenset({"minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"})
"""Keywords that hold for a list as a whole."""
_REFUSAL = 'items come from a list: give {"type": "array", "items": ...} as the schema'


@dataclass(frozen=True, slots=True)
class ListSchema:
    """The schema of a list, and what its items have to satisfy one by one."""

    whole: Schema
    items: Schema
    """The schema of a list of any number of such items."""
    item: Schema | None = None
    """The schema of one item, where it is a Python type."""

    @classmethod
    def of(cls, source: Any) -> ListSchema:
        """Return the schema of the list that a source means: a list, or a Python type of its items.

        Raises `InvalidSchema` for a schema that is not that of a list, and for one that is no schema.
        """
        whole = Schema.parse(source)
        if isinstance(source, Schema | dict | bool | str | Path | bytes):
            items = items_alone(whole)
            if items is None:
                raise InvalidSchema(_REFUSAL, [Violation("/type", "type", _REFUSAL)])
            return cls(whole, items)
        if items_alone(whole) is None:
            return cls.of(list[source])
        kind = _item_type(source)
        if kind is None:
            items = items_alone(whole)
            return cls(whole, items or whole)
        return cls(whole, Schema.parse(list[kind]), Schema.parse(kind))  # type: ignore[valid-type]

    def to_python(self, value: Any) -> Any:
        """Return an item as a value of its type, or as it is where the list came from no type."""
        return value if self.item is None else self.item.to_python(value)


def items_alone(schema: Schema) -> Schema | None:
    """Return the schema of lists of any number of the items; None for a schema that is not that of a list."""
    definition = schema.definition
    if not isinstance(definition, dict) or definition.get("type") != "array":
        return None
    alone = {keyword: value for keyword, value in definition.items() if keyword not in OF_THE_WHOLE}
    if "contains" in definition and "#/contains" in schema.text:
        alone["contains"] = definition["contains"]
    return replace(schema, definition=alone, adapter=None)


def own_schemas(schema: Schema) -> int:
    """Return the number of first items of a list that have schemas of their own."""
    definition = schema.definition if isinstance(schema.definition, dict) else {}
    prefix = definition.get("prefixItems", definition.get("items"))
    return len(prefix) if isinstance(prefix, list) else 0


def _item_type(annotation: Any) -> Any:
    """Return the type of the items of a list type; None where they have no single one."""
    while typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _item_type(annotation.model_fields["root"].annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if not (isinstance(origin, type) and issubclass(origin, Iterable)):
        return None
    if issubclass(origin, tuple):
        return arguments[0] if arguments[1:] == (...,) else None
    return arguments[0] if len(arguments) == 1 else None
