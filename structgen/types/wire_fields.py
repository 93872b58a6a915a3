"""One definition of each request field: type, default, bounds and description in the dataclass itself.

The metadata of a field has the names that pydantic reads (`description`, `ge`, `gt`, `le`, `lt`). They
define the bodies of the service and the OpenAPI document. `describe` gives the same to the library and the
command line without an import of pydantic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import NoneType
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints


class WireValue:
    """Base of frozen dataclasses that pydantic validates as JSON objects without unknown members."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Accept a mapping of the members: pydantic's strict dataclasses accept only instances."""
        return {**handler(source), "strict": False}


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """The type and the bounds of one field."""

    kind: type
    """`int`, `float` or `str`."""
    nullable: bool
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    """Whether the minimum itself is excluded."""

    def accepts(self, value: Any) -> bool:
        """Return whether the value has the type and lies within the bounds."""
        if value is None:
            return self.nullable
        if self.kind is str:
            return isinstance(value, str) and (not self.choices or value in self.choices)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if (self.kind is int and isinstance(value, float)) or (self.kind is float and not _is_double(value)):
            return False
        return (
            (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and not (self.open_minimum and value == self.minimum)
        )

    def expectation(self) -> str:
        """Name what the field accepts: "an integer from 1 to 16"."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        words = [{int: "an integer", float: "a number"}.get(self.kind, "a text")]
        if self.minimum is not None:
            words.append(f"{'above' if self.open_minimum else 'from'} {self.minimum:,}")
        if self.maximum is not None:
            words.append(f"to {self.maximum:,}")
        elif self.minimum is not None and not self.open_minimum:
            words.append("on")
        return " ".join(words)


def _is_double(value: float) -> bool:
    """Return whether a number is finite as a double."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def describe(kind: Any) -> Mapping[str, FieldDescription]:
    """Return the descriptions of a dataclass's fields by their names."""
    return _describe_fields(kind)  # type checkers do not accept a union of classes as a key of a cache


@cache
def _describe_fields(kind: type[Any]) -> Mapping[str, FieldDescription]:
    hints = get_type_hints(kind)
    return {each.name: _describe(hints[each.name], each.metadata) for each in fields(kind)}


def _describe(hint: Any, metadata: Mapping[str, Any]) -> FieldDescription:
    members = (hint,) if get_origin(hint) is Literal else get_args(hint) or (hint,)
    inner = next(member for member in members if member is not NoneType)
    choices = get_args(inner) if get_origin(inner) is Literal else ()
    return FieldDescription(
        kind=str if choices else inner,
        nullable=NoneType in members,
        choices=choices,
        minimum=metadata.get("gt", metadata.get("ge")),
        maximum=metadata["lt"] - 1 if "lt" in metadata else metadata.get("le"),
        open_minimum="gt" in metadata,
    )
