"""Base of request bodies that accept unknown members, and the list of what they ignore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from structgen.api.base import Body
from structgen.schema.traversal import pointer

MAX_IGNORED = 100
"""Pointers to ignored members that are listed for one request."""


class TolerantBody(Body):
    """A JSON object whose unknown members are ignored, and listed by `ignored_members`."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    HARMLESS: ClassVar[frozenset[str]] = frozenset()
    """Unknown members that change no answer: they are ignored without a word."""
    NEUTRAL: ClassVar[Mapping[str, Any]] = {}
    """Unknown members with the value that changes no answer."""


def ignored_members(body: TolerantBody) -> list[str]:
    """Return pointers to the members of a body that have no effect, `MAX_IGNORED` at most."""
    return [pointer(path) for path in islice(_ignored(body, ()), MAX_IGNORED)]


def _ignored(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths of ignored members in a value; members that were not given cost nothing."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, BaseModel):
                yield from _ignored(item, (*path, index))
        return
    if isinstance(value, TolerantBody) and value.model_extra:
        for name, extra in value.model_extra.items():
            if extra is not None and name not in value.HARMLESS and not _is_neutral(value, name, extra):
                yield (*path, name)
    given = value.model_fields_set
    for name, field in type(value).model_fields.items():
        if name in given and isinstance(member := getattr(value, name), list | BaseModel):
            yield from _ignored(member, (*path, field.alias or name))


def _is_neutral(body: TolerantBody, name: str, value: Any) -> bool:
    return name in body.NEUTRAL and bool(value == body.NEUTRAL[name])
