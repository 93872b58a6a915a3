"""Members of problems (RFC 9457), as fields of their models."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from structgen.api.base import VIOLATIONS_TOTAL, UsageBody
from structgen.api.extract import AttemptBody
from structgen.errors import StructgenError
from structgen.types import Coverage, Violation

_FIELDS: dict[str, tuple[Any, Any]] = {
    "violations": (list[Violation], Field(description="Every fault with its pointer.")),
    "violations_total": (int | None, Field(default=None, description=VIOLATIONS_TOTAL)),
    "allowed": (int, Field(description="The bound of this service.")),
    "limit": (str, Field(description="The name of the limit.")),
    "value": (int, Field(description="What exceeds the limit, at least.")),
    "reason": (str, Field(description="A stable word for why the file cannot be read.")),
    "file": (str | None, Field(description="The name of the file; null if it has none.")),
    "tokens": (int, Field(description="Tokens of prompt and document.")),
    "partial": (Any, Field(description="The complete members, items and values.")),
    "cut_at": (str, Field(description="Pointer to the value at which the budget ended.")),
    "coverage": (
        dict[str, Coverage] | None,
        Field(default=None, description="The rows of the document against the items of each list."),
    ),
    "last": (Any, Field(description="The last value.")),
    "attempts": (list[AttemptBody], Field(description="All attempts.")),
    "usage": (UsageBody, Field(description="The sum over all attempts.")),
    "retry_after": (
        float,
        Field(description="Seconds after which to try again; also in `Retry-After`."),
    ),
}
"""Type and description of every member that an error may have."""


def member_fields(kind: type[StructgenError]) -> dict[str, tuple[Any, Any]]:
    """Return the fields of the members that problems of this kind have beside the common ones."""
    fields = {name: _FIELDS[name] for name in kind.members}
    if "violations" in fields:
        fields["violations_total"] = _FIELDS["violations_total"]
    return fields
