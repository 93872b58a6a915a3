"""Problem bodies of RFC 9457, the same for the service and for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from structgen.errors import StructgenError


def title(name: str) -> str:
    """Return the constant title of a problem: its name in words."""
    return name.replace("-", " ").capitalize()


def problem_details(
    error: StructgenError, *, status: int | None = None, members: Mapping[str, str | None]
) -> dict[str, Any]:
    """Return the body of an error's problem, without `members` that are None."""
    return {
        "type": f"/problems/{error.name}",
        "title": title(error.name),
        **({} if status is None else {"status": status}),
        "detail": str(error),
        **{member: text for member, text in members.items() if text is not None},
        **error.problem_members(),
    }
