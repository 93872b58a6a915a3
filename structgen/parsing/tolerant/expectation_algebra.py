"""Combine what several schemas expect of one value."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from structgen.parsing.tolerant.expected_value import (
    ANYTHING,
    NOTHING,
    UNKNOWN,
    Declaration,
    Expectation,
    Lookup,
)

_MAX_COMBINATIONS = 20_000
"""Combinations per schema: beyond, they are open. Only circles of alternatives come near."""
_MAX_HEIGHT = 60
"""Levels of combinations in each other, for the same reason."""


class Combinations:
    """Combine the expectations of one schema, each combination once."""

    def __init__(self) -> None:
        self._made: dict[tuple[type[Expectation], tuple[int, ...]], Expectation] = {}

    def all_of(self, expectations: Iterable[Expectation]) -> Expectation:
        """Return what is expected where all apply."""
        parts: dict[int, Expectation] = {}
        for expectation in expectations:
            inner = expectation.parts if isinstance(expectation, AllOf) else (expectation,)
            parts |= {id(part): part for part in inner if part is not ANYTHING}
        if not parts:
            return ANYTHING
        if NOTHING in parts.values() or not frozenset.intersection(*(p.types for p in parts.values())):
            return NOTHING
        return self._combined(AllOf, parts)

    def any_of(self, expectations: Iterable[Expectation]) -> Expectation:
        """Return what is expected where one of them applies."""
        parts: dict[int, Expectation] = {}
        for expectation in expectations:
            inner = expectation.parts if isinstance(expectation, AnyOf) else (expectation,)
            parts |= {id(part): part for part in inner if part is not NOTHING}
        if not parts:
            return NOTHING
        if ANYTHING in parts.values() and not any(p.names or p.has_patterns for p in parts.values()):
            return UNKNOWN if any(part.evaluates_all for part in parts.values()) else ANYTHING
        return self._combined(AnyOf, parts)

    def _combined(self, kind: type[AllOf | AnyOf], parts: dict[int, Expectation]) -> Expectation:
        if len(parts) == 1:
            return next(iter(parts.values()))
        key = kind, tuple(parts)
        if (made := self._made.get(key)) is None:
            height = 1 + max(part.height for part in parts.values())
            if height > _MAX_HEIGHT or len(self._made) >= _MAX_COMBINATIONS:
                return UNKNOWN
            made = self._made[key] = kind(tuple(parts.values()), self)
            made.height = height
        return made


class _Combined(Expectation):
    """What several expectations, `parts`, have in common as a combination."""

    __slots__ = ("_combinations", "parts")

    def __init__(
        self, parts: tuple[Expectation, ...], combinations: Combinations, types: frozenset[str]
    ) -> None:
        super().__init__(types)
        self.parts, self._combinations = parts, combinations
        self.has_patterns = any(part.has_patterns for part in parts)
        self.evaluates_all = any(part.evaluates_all for part in parts)
        self.tuple_length = max(part.tuple_length for part in parts)
        self.names = dict.fromkeys(chain.from_iterable(part.names for part in parts))


class AllOf(_Combined):
    """What is expected where all parts apply."""

    __slots__ = ("_closed",)

    def __init__(self, parts: tuple[Expectation, ...], combinations: Combinations) -> None:
        super().__init__(parts, combinations, frozenset.intersection(*(part.types for part in parts)))
        self._closed = tuple(part for part in parts if part.is_closed)
        self.is_open = all(part.is_open for part in parts)
        self.is_closed = bool(self._closed)
        properties = dict.fromkeys(chain.from_iterable(part.properties for part in parts))
        self.properties = {
            name: None for name in properties if all(part.declares(name) for part in self._closed)
        }
        self.required = frozenset().union(*(part.required for part in parts))
        listed = [part.choices for part in parts if part.choices is not None]
        if listed and "string" in self.types:
            self.choices = frozenset.intersection(*listed)

    def _look_up(self, key: str) -> Lookup:
        """Combine all parts that bind; those that bind only some alternatives where no other declares it."""
        lookups = [part.lookup(key) for part in self.parts]
        level = max(declaration for _, declaration in lookups)
        ignored = Declaration.PARTIAL if level is Declaration.SURE else None
        member = self._combinations.all_of(
            expectation for expectation, declaration in lookups if declaration is not ignored
        )
        return member, Declaration.NONE if member is NOTHING else level

    def _look_up_item(self, index: int) -> Expectation:
        return self._combinations.all_of(part.item(index) for part in self.parts)

    def _declares_by_pattern(self, key: str) -> bool:
        return all(part.declares(key) for part in self._closed) and any(
            part.declares(key) for part in self.parts
        )


class AnyOf(_Combined):
    """What is expected where one of the parts applies."""

    __slots__ = ("_arrays", "_objects")

    def __init__(self, parts: tuple[Expectation, ...], combinations: Combinations) -> None:
        super().__init__(parts, combinations, frozenset().union(*(part.types for part in parts)))
        self._objects = tuple(part for part in parts if "object" in part.types)
        self._arrays = tuple(part for part in parts if "array" in part.types)
        self.properties = dict.fromkeys(chain.from_iterable(part.properties for part in self._objects))
        self.is_open = all(part.is_open for part in parts)
        if self._objects:
            self.required = frozenset.intersection(*(part.required for part in self._objects))
            self.is_closed = all(part.is_closed for part in self._objects)
        listed = [part.choices for part in parts if "string" in part.types]
        choices = [one for one in listed if one is not None]
        if choices and len(choices) == len(listed):
            self.choices = frozenset().union(*choices)

    def _look_up(self, key: str) -> Lookup:
        if not self._objects:  # an object is wrong as such: its members cost no more
            return ANYTHING, Declaration.NONE
        lookups = [part.lookup(key) for part in self._objects]
        level = max(declaration for _, declaration in lookups)
        binding = lookups
        if level is not Declaration.NONE:
            binding = [one for one in lookups if one[1] is not Declaration.NONE or not one[0].is_open]
            partial = any(declaration is Declaration.PARTIAL for _, declaration in binding)
            level = Declaration.PARTIAL if partial or len(binding) < len(lookups) else Declaration.SURE
        return self._combinations.any_of(expectation for expectation, _ in binding), level

    def _look_up_item(self, index: int) -> Expectation:
        if not self._arrays:
            return ANYTHING
        return self._combinations.any_of(part.item(index) for part in self._arrays)

    def _declares_by_pattern(self, key: str) -> bool:
        return any(part.declares(key) for part in self._objects)


class Mentioned(Expectation):
    """The names of members in the condition of `if`, which binds none of them."""

    __slots__ = ("_condition",)

    def __init__(self, condition: Expectation) -> None:
        super().__init__()
        self._condition = condition
        self.properties, self.names = condition.properties, condition.names
        self.has_patterns, self.evaluates_all = condition.has_patterns, condition.evaluates_all
        self.height = condition.height + 1

    def _look_up(self, key: str) -> Lookup:
        return ANYTHING, Declaration.PARTIAL if self._condition.declares(key) else Declaration.NONE

    def _look_up_item(self, index: int) -> Expectation:
        return ANYTHING

    def _declares_by_pattern(self, key: str) -> bool:
        return self._condition.declares(key)
