"""The members of an error as plain JSON values, the same for problems and for the errors of OpenAI's API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from structgen.types import violation_members


def json_members(error: Exception, names: Iterable[str]) -> dict[str, Any]:
    """Return the attributes of an error with these names; without a coverage there is no such member."""
    members: dict[str, Any] = {}
    for name in names:
        members |= _member(name, getattr(error, name))
    return members


def _member(name: str, value: Any) -> dict[str, Any]:
    match name:
        case "attempts":
            return {name: [attempt.to_json() for attempt in value]}
        case "usage":
            return {name: value.to_json()}
        case "violations":
            return violation_members(value)
        case "coverage":
            return {name: {at: each.to_json() for at, each in value.items()}} if value else {}
    return {name: value}
