"""What a reference found in a value is kept while that value is checked: alternatives that lead to the same
definition again and again (a tree of components, say) would take time by the power of its depth otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any

from jsonschema.exceptions import ValidationError

from structgen.schema.regex import PatternError

Errors = tuple[list[ValidationError], set[Any], Iterator[ValidationError]]
"""Those found so far, what tells them apart, and where more come from: often nobody asks for a second."""
Found = dict[tuple[int, int], Errors]
"""By the identity of a definition and of a container."""


class _Kept:
    """What was found in one value."""

    def __init__(self, value: Any) -> None:
        self._value = value

    @cached_property
    def found(self) -> Found | None:
        """None where a container stands at two places: its identity tells neither."""
        return {} if _is_tree(self._value) else None


_KEPT: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def kept(value: Any) -> Iterator[None]:
    """While one value is checked."""
    token = _KEPT.set(_Kept(value))
    try:
        yield
    finally:
        _KEPT.reset(token)


def reference(validator: Any, ref: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    """The keyword `$ref`: of what several ways found at one place, once."""
    kept = _KEPT.get()
    if kept is None or not isinstance(value, dict | list) or (found := kept.found) is None:
        yield from validator._validate_reference(ref=ref, instance=value)
        return
    resolved = validator._resolver.lookup(ref)
    key = id(resolved.contents), id(value)
    if key not in found:
        found[key] = [], set(), validator.descend(value, resolved.contents, resolver=resolved.resolver)
    (errors, marks, source), at = found[key], 0
    while True:  # in this frame: each more would take depth from the values that can be checked
        if at == len(errors):
            try:
                error = next(source, None)
            except PatternError:  # a ValueError too
                raise
            except ValueError as fault:  # asked while it looks
                raise RecursionError("a definition leads to itself for one value") from fault
            if error is None:
                return
            mark = tuple(error.path), error.validator, id(error.schema), error.message
            if mark in marks:
                continue
            marks.add(mark)
            errors.append(error)
        yield ValidationError.create_from(errors[at])
        at += 1


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
