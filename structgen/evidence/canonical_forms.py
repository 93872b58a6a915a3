"""Numbers by which two values of JSON are equal, whatever the order of their lists."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from structgen.evidence.comparison import is_empty, key

NO_VALUE = 0
"""The form of a value in which nothing has a value: `null`, an empty text, and lists and objects of these."""


class CanonicalForms:
    """The forms of values, equal for those with equal scalars (but for notation) in the same structure.

    Lists are equal that have equal items in any order. Items and members without a value do not count.
    Time is n log n in the number of scalars. The values must not change while their forms are used.
    """

    def __init__(self, *values: Any) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._containers: dict[int, int] = {}
        """The forms of lists and objects, by their identity."""
        for value in values:
            self._add(value)

    def of(self, value: Any) -> int:
        """Return the form of a given value, or of one inside of it."""
        if isinstance(value, dict | list):
            return self._containers[id(value)]
        return NO_VALUE if is_empty(value) else self._numbered(key(value))

    def _add(self, value: Any) -> None:
        containers: list[Any] = []
        stack = [value]
        while stack:
            current = stack.pop()
            if isinstance(current, dict | list):
                containers.append(current)
                stack += current.values() if isinstance(current, dict) else current
        for container in reversed(containers):  # what is inside stands behind what it is in
            self._containers[id(container)] = self._numbered(self._content(container))

    def _content(self, container: Any) -> Hashable:
        if isinstance(container, dict):
            members = ((name, self.of(member)) for name, member in container.items())
            return frozenset(member for member in members if member[1] != NO_VALUE)
        return tuple(sorted(form for item in container if (form := self.of(item)) != NO_VALUE))

    def _numbered(self, content: Hashable) -> int:
        return self._numbers.setdefault(content, len(self._numbers) + 1) if content else NO_VALUE
