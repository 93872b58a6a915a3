"""What is expected of a value at one place."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from structgen.parsing.tolerant.asserted_types import ALL_TYPES

_NO_NAMES: Mapping[str, None] = MappingProxyType({})


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
