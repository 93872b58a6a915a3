"""Violations of a schema, and warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from structgen.types.json_members import typed
from structgen.types.wire_fields import WireValue


@dataclass(frozen=True, slots=True)
class Violation(WireValue):
    """One way in which a value violates its schema."""

    pointer: str = field(metadata={"description": "JSON Pointer (RFC 6901); '' is the whole value."})
    keyword: str
    message: str

    def to_json(self) -> dict[str, str]:
        """Return the members on the wire."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the members on the wire; raise `KeyError` or `TypeError` for anything else."""
        return cls(*(typed(str, data[name]) for name in ("pointer", "keyword", "message")))


DROPPED = "dropped"
"""Keyword of the violation for a key, a value or a row that a repair leaves out."""
MAX_SHOWN = 100
"""Maximum number of violations in one list of a response."""


def violation_members(violations: Sequence[Violation]) -> dict[str, Any]:
    """Return the members `violations` and, if the list is cut, `violations_total`."""
    members: dict[str, Any] = {"violations": [v.to_json() for v in violations[:MAX_SHOWN]]}
    if len(violations) > MAX_SHOWN:
        members["violations_total"] = len(violations)
    return members


@dataclass(frozen=True, slots=True)
class Diagnostic(WireValue):
    """A warning about the schema or the result that is not an error."""

    pointer: str = field(
        metadata={"description": "JSON Pointer (RFC 6901) into the schema or the data; '' is the whole."}
    )
    code: str = field(
        metadata={
            "description": "A stable name that programs may compare. Of schemas: unknown-keyword, "
            "foreign-keyword, unknown-format, no-effect, nullable-without-type, duplicate-value, "
            "undeclared-name, impossible, costly, validated-only, widened-grammar, no-grammar, "
            "more-warnings. Of results: demo-model, unread-characters, low-probability, limit-reached, "
            "no-reading, no-evidence, conflict, total-differs, count-differs, surplus-item, "
            "unread-rows, not-in-row. Of requests: ignored-member, other-model, no-alternatives, "
            "unsupported-option, choice-failed, content-left-out."
        }
    )
    message: str

    def to_json(self) -> dict[str, str]:
        """Return the members on the wire."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the members on the wire; raise `KeyError` or `TypeError` for anything else."""
        return cls(*(typed(str, data[name]) for name in ("pointer", "code", "message")))
