"""Expectations of values, and how those of several schemas for one value combine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import chain
from types import MappingProxyType

from structgen.schema.keywords import TYPES

ALL_TYPES = frozenset(TYPES)
_NUMBERS = frozenset({"number", "integer"})
_NO_NAMES: Mapping[str, None] = MappingProxyType({})
_MAX_COMBINATIONS = 20_000
"""Combinations per schema: beyond, they are open. Only circles of alternatives come near."""
_MAX_HEIGHT = 60
"""Levels of combinations in each other, for the same reason."""


class Declaration(IntEnum):
    """How far a schema declares a member."""

    NONE = 0
    PARTIAL = 1
    """By some alternatives, while another one leaves it open."""
    SURE = 2


Lookup = tuple["Expectation", Declaration]


class Expectation:
    """What a schema expects of the value at one place.

    It names all that may be valid, with one exception: a member that one alternative declares, and another
    leaves open, is expected as declared.
    """

    __slots__ = (
        "_items", "_known", "_other", "choices", "evaluates_all", "has_patterns", "height",
        "is_closed", "is_open", "names", "properties", "required", "tuple_length", "types",
    )  # fmt: skip

    def __init__(self, types: frozenset[str] = ALL_TYPES) -> None:
        self.types = types
        """Valid JSON types, as `type` names them. `number` stands with `integer`, which includes 1.0."""
        self.properties: Mapping[str, None] = _NO_NAMES
        """The names of declared or required members, in the order of the schema."""
        self.required: frozenset[str] = frozenset()
        """Members that each alternative for objects requires."""
        self.is_closed = False
        """Whether each alternative for objects forbids members that it does not declare."""
        self.choices: frozenset[str] | None = None
        """All valid strings where the schema lists them."""
        self.is_open = False
        """Whether the schema says nothing: every reading costs the same."""
        self.names: Mapping[str, None] = _NO_NAMES
        """`properties` and the names of members that are forbidden by name."""
        self.has_patterns = False
        self.evaluates_all = False
        """Whether no member is left for `unevaluatedProperties` beside the schema."""
        self.tuple_length = 0
        """Number of items after which all have the same expectation."""
        self.height = 0
        self._known: dict[str, Lookup] = {}
        self._other: Lookup | None = None
        self._items: dict[int, Expectation] = {}

    def allows(self, json_type: str) -> bool:
        """Return whether a value of the type may be valid."""
        return json_type in self.types

    def declares(self, key: str) -> bool:
        """Return whether the schema names a member, by `properties`, `required` or a pattern."""
        return key in self.properties or (self.has_patterns and self._declares_by_pattern(key))

    def member(self, key: str) -> Expectation:
        """Return what is expected of a member: `ANYTHING` of an open one, `NOTHING` of a forbidden one."""
        return (self._known.get(key) or self.lookup(key))[0]

    def item(self, index: int) -> Expectation:
        """Return what is expected of an item of a list."""
        index = min(index, self.tuple_length)
        item = self._items.get(index)
        if item is None:
            item = self._items[index] = self._look_up_item(index)
        return item

    def lookup(self, key: str) -> Lookup:
        """Return what is expected of a member, and how far it is declared.

        Only what the schema names is memoised by name: keys come from texts, and are without number.
        """
        if (known := self._known.get(key)) is not None:
            return known
        if key in self.names:
            known = self._known[key] = self._look_up(key)
        elif self.has_patterns:
            known = self._look_up(key)
        elif (known := self._other) is None:
            known = self._other = self._look_up(key)
        return known

    def _look_up(self, key: str) -> Lookup:
        return self, Declaration.NONE

    def _look_up_item(self, index: int) -> Expectation:
        return self

    def _declares_by_pattern(self, key: str) -> bool:
        return False


ANYTHING = Expectation()
"""Expected where the schema is open."""
ANYTHING.is_open = True
NOTHING = Expectation(frozenset())
"""Expected where no value is valid."""
NOTHING.is_closed = True
UNKNOWN = Expectation()
"""Expected where what the schema says is not read."""
UNKNOWN.is_open = UNKNOWN.evaluates_all = True


def both_types(names: Iterable[str]) -> frozenset[str]:
    """Return the types with `integer` beside `number`."""
    types = frozenset(names)
    return types | _NUMBERS if "number" in types else types


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
