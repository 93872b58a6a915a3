"""Wording that messages share."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.types import Violation

MAX_POINTERS = 5
"""Pointers that a message names."""
MAX_VIOLATIONS = 5
"""Violations of a request that its message names."""


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: `1 violation`, `2 violations`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def absent_in_type(pointers: Sequence[str]) -> str:
    """Say that a typed value has no null for what the document does not say, and what to do about it."""
    shown = ", ".join(pointer or "the whole value" for pointer in pointers[:MAX_POINTERS])
    more = f" and {len(pointers) - MAX_POINTERS:,} more" if len(pointers) > MAX_POINTERS else ""
    return (
        f'the document does not say {shown}{more}: on_absent="null" makes them null, and the type of the '
        "schema takes no null there; let these fields be None, give the schema as a dict, or leave out "
        "on_absent"
    )


def violations_detail(violations: Sequence[Violation], whole: str) -> str:
    """Name the first violations of a request; `whole` names an empty pointer."""
    detail = "; ".join(f"{v.pointer or whole}: {v.message}" for v in violations[:MAX_VIOLATIONS])
    more = len(violations) - MAX_VIOLATIONS
    return f"{detail}; and {more:,} more" if more > 0 else detail
