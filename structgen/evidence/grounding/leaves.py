"""The scalar leaves of an object, each with the schema and the words that name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from structgen.schema import Schema
from structgen.schema.traversal import (
    JsonPath,
    applying,
    constants,
    item_schemas,
    member_schemas,
    pointer,
    root_target,
)

MAX_SCHEMA_DEPTH = 8
"""References and `allOf` that are followed at one place."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Leaf:
    """One scalar of an object."""

    path: JsonPath
    value: Scalar
    schemas: tuple[dict[str, Any], ...] = ()
    """The schemas that apply to it, without their references."""

    @cached_property
    def pointer(self) -> str:
        """The JSON Pointer of the leaf."""
        return pointer(self.path)

    @cached_property
    def name(self) -> str:
        """The name of the closest member around the leaf; empty in a list at the root."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that lead to the leaf, without the indices of lists."""
        return tuple([step for step in self.path if isinstance(step, str)])

    @cached_property
    def row(self) -> JsonPath:
        """The path to the closest item of a list around the leaf, or to the whole object."""
        last = max((i for i, step in enumerate(self.path) if isinstance(step, int)), default=-1)
        return self.path[: last + 1]

    @cached_property
    def name_words(self) -> tuple[str, ...]:
        """The words of the member's name, in lower case: `totalAmount` has `total` and `amount`."""
        return tuple(word.lower() for word in _WORD.findall(self.name))

    @cached_property
    def choices(self) -> tuple[Any, ...]:
        """The constants that the schema lists for the leaf."""
        listed: list[Any] = []
        for schema in self.schemas:
            listed += constants(schema) or ()
        return tuple(listed)

    def texts(self, keyword: str) -> Iterator[str]:
        """Yield what `title`, `description` or `format` say about the leaf."""
        for schema in self.schemas:
            if isinstance(text := schema.get(keyword), str):
                yield text


def leaves(value: Any, schema: Schema | None = None) -> Iterator[Leaf]:
    """Yield the scalars of a JSON value in document order; None is a scalar too."""
    target = _no_target if schema is None else root_target(schema.resolve)
    root = [] if schema is None else [schema.enforced]
    stack: list[tuple[JsonPath, Any, list[Any]]] = [((), value, root)]
    while stack:
        path, current, unread = stack.pop()
        schemas = applying(unread, target, MAX_SCHEMA_DEPTH)
        if isinstance(current, dict):
            names = reversed(current.items())
            stack += [((*path, name), member, member_schemas(schemas, name)) for name, member in names]
        elif isinstance(current, list):
            indices = range(len(current) - 1, -1, -1)
            stack += [((*path, i), current[i], item_schemas(schemas, i)) for i in indices]
        else:
            yield Leaf(path, current, tuple(schemas))


def _no_target(schema: dict[str, Any]) -> None:
    return None
