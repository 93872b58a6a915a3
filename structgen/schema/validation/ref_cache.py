"""Memoise `$ref` validation per definition and container within one value.

Without it, alternatives that lead to the same recursive definition (a tree of components, say) take time
exponential in its depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jsonschema.exceptions import ValidationError

from structgen.schema.regex import PatternError


@dataclass(slots=True)
class _Errors:
    """The errors of one definition at one container, computed as far as a caller has read them."""

    source: Iterator[ValidationError]
    computed: list[ValidationError] = field(default_factory=list)
    keys: set[Any] = field(default_factory=set)
    """What tells the computed errors apart."""


class _Cache:
    """The errors that one value has under each definition."""

    def __init__(self, value: Any) -> None:
        self._value = value

    @cached_property
    def errors(self) -> dict[tuple[int, int], _Errors] | None:
        """By the identity of the definition and the container, both of which outlive the cache.

        None where a container occurs at two locations: its identity does not tell them apart.
        """
        return {} if _is_tree(self._value) else None


_CACHE: ContextVar[_Cache | None] = ContextVar("ref_cache", default=None)


@contextmanager
def ref_cache(value: Any) -> Iterator[None]:
    """Cache errors while the block validates one value."""
    token = _CACHE.set(_Cache(value))
    try:
        yield
    finally:
        _CACHE.reset(token)


def ref(validator: Any, reference: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Validate the keyword `$ref`, each error once although several references lead to it."""
    cache = _CACHE.get()
    if cache is None or not isinstance(value, dict | list) or (cached := cache.errors) is None:
        yield from validator._validate_reference(ref=reference, instance=value)
        return
    resolved = validator._resolver.lookup(reference)
    key = id(resolved.contents), id(value)
    if key not in cached:
        cached[key] = _Errors(validator.descend(value, resolved.contents, resolver=resolved.resolver))
    errors, index = cached[key], 0
    while True:  # in this frame: each further frame would lower the depth of values that can be checked
        if index == len(errors.computed):
            try:
                error = next(errors.source, None)
            except PatternError:  # a ValueError too
                raise
            except ValueError as already_running:
                raise RecursionError("a definition refers to itself for one value") from already_running
            if error is None:
                return
            error_key = tuple(error.path), error.validator, id(error.schema), error.message
            if error_key in errors.keys:
                continue
            errors.keys.add(error_key)
            errors.computed.append(error)
        yield ValidationError.create_from(errors.computed[index])
        index += 1


def _is_tree(value: Any) -> bool:
    """Return whether each container occurs once in the value."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, dict | list):
            if id(current) in seen:
                return False
            seen.add(id(current))
            stack += current.values() if isinstance(current, dict) else current
    return True
