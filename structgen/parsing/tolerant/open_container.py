"""Hold a container that is open while the value of a reading is built."""

from __future__ import annotations

from typing import Any


class OpenContainer:
    """A container that is open while the value is built; `key` awaits or holds the last member's value."""

    __slots__ = ("call_fixes", "container", "items", "key", "members", "start")

    def __init__(self, container: dict[str, Any] | list[Any], start: int, call_fixes: int) -> None:
        self.container, self.start = container, start
        self.items: list[Any] | None = None
        self.members: dict[str, Any] | None = None
        if isinstance(container, list):
            self.items = container
        else:
            self.members = container
        self.key: str | None = None
        self.call_fixes = call_fixes
        """The number of fixes before a call; -1 for other containers."""
