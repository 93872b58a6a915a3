"""Describe structural changes as RFC 6902 operations, each with its reason and its risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from structgen.schema.traversal import pointer
from structgen.types import Risk

_NO_VALUE = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on the value that the operations before it left.

    `value` belongs to `add` and `replace` alone, `from_` to `move` alone. Both pointers are RFC 6901.
    """

    op: Literal["add", "remove", "replace", "move"]
    path: str
    reason: str
    risk: Risk
    value: Any = _NO_VALUE
    from_: str | None = None

    def under(self, step: str | int) -> Change:
        """Return the same change for the value as a member or item of a container."""
        prefix = pointer([step])
        source = None if self.from_ is None else prefix + self.from_
        return replace(self, path=prefix + self.path, from_=source)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Change:
        """Read the members that `to_json` wrote."""
        value = data.get("value", _NO_VALUE)
        return cls(data["op"], data["path"], data["reason"], data["risk"], value, data.get("from"))

    def to_json(self) -> dict[str, Any]:
        """Return the operation's members, and `reason` and `risk` beside them."""
        operation: dict[str, Any] = {"op": self.op, "path": self.path}
        if self.from_ is not None:
            operation["from"] = self.from_
        if self.op in ("add", "replace"):
            operation["value"] = self.value
        return {**operation, "reason": self.reason, "risk": self.risk}
