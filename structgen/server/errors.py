"""The problem bodies of responses."""

from __future__ import annotations

from typing import Any

from structgen.errors import StructgenError
from structgen.problem_details import problem_details


def problem(error: StructgenError, instance: str) -> dict[str, Any]:
    """Return the body of an error's problem; `instance` is the request id."""
    return problem_details(error, status=error.status, members={"instance": instance})
