"""What a reference found in a value is kept while that value is checked: alternatives that lead to the same
definition again and again (a tree of components, say) would take time by the power of its depth otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jsonschema.exceptions import ValidationError

Found = dict[tuple[int, int], list[ValidationError]]
"""Errors by the identity of a definition and of a container."""

_FOUND: ContextVar[Found | None] = ContextVar("found", default=None)


@contextmanager
def kept(value: Any) -> Iterator[None]:
    """While one value is checked. One that has a container twice, at two places, does without."""
    token = _FOUND.set({} if _is_tree(value) else None)
    try:
        yield
    finally:
        _FOUND.reset(token)


def reference(validator: Any, ref: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    """The keyword `$ref`: of what several ways found at one place, once."""
    found = _FOUND.get()
    if found is None or not isinstance(value, dict | list):
        yield from validator._validate_reference(ref=ref, instance=value)
        return
    resolved = validator._resolver.lookup(ref)
    key = id(resolved.contents), id(value)
    if key not in found:
        errors = validator.descend(value, resolved.contents, resolver=resolved.resolver)
        found[key] = list({(tuple(e.path), e.validator, e.message): e for e in errors}.values())
    yield from map(ValidationError.create_from, found[key])


def _is_tree(value: Any) -> bool:
    seen: set[int] = set()
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, dict | list):
            if id(one) in seen:
                return False
            seen.add(id(one))
            stack += one.values() if isinstance(one, dict) else one
    return True
