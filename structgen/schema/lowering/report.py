"""The report: which constraints a grammar enforces while decoding, and which validation enforces later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Enforcement:
    """How a constraint is enforced.

    `by` is `decoded` (no decoded text breaks it) or `validated` (checked after decoding). `reason` is why the
    grammar cannot enforce it.
    """

    by: str
    reason: str = ""

    @property
    def decoded(self) -> bool:
        """Whether the grammar enforces the whole constraint."""
        return self.by == "decoded"

    def to_json(self) -> dict[str, str]:
        """Return the members `by` and, for a validated constraint, `reason`."""
        return {"by": self.by, **({"reason": self.reason} if self.reason else {})}


DECODED = Enforcement("decoded")


class Report(dict[str, Enforcement]):
    """The enforcement of every constraint of a schema, by JSON Pointer."""

    def to_json(self) -> dict[str, Any]:
        """Return the enforcement by pointer as a JSON value."""
        return {pointer: enforcement.to_json() for pointer, enforcement in self.items()}

    def without_grammar(self) -> Report:
        """Return the report of a text that was decoded without a grammar."""
        validated = Enforcement("validated", "this answer was decoded without a grammar")
        return Report(dict.fromkeys(self, validated))

    def renamed(self, rename: Callable[[str], str]) -> Report:
        """Return the report under other pointers. Of several that become one, a validated one counts."""
        renamed = Report()
        for pointer, enforcement in self.items():
            name = rename(pointer)
            if name not in renamed or not enforcement.decoded:
                renamed[name] = enforcement
        return renamed

    @property
    def validated(self) -> list[str]:
        """Pointers to the constraints that only validation enforces."""
        return [pointer for pointer, enforcement in self.items() if not enforcement.decoded]
