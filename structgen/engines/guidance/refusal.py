"""The error for a constraint that has no grammar."""

from __future__ import annotations

from structgen.errors import InvalidSchema
from structgen.types import Violation

REFUSED = "no grammar can be built: "
_DEAD_END = "it allows no text, or none after some beginning of one"


def refused(reason: str) -> InvalidSchema:
    """Return the error for a constraint that has no grammar; `reason` may be llguidance's, of many lines."""
    lines = [line.strip() for line in reason.strip().splitlines()] or ["llguidance gives no reason"]
    causes = [line for line in lines if line.startswith("error: ")]  # of a regular expression
    if lines[0].endswith(":") and len(lines) > 1:
        lines[0] = f"{lines[0]} {causes[0] if causes else lines[-1]}"
    message = f"{REFUSED}{_DEAD_END if lines[0].startswith('NoExtension') else lines[0][:300]}"
    return InvalidSchema(message, [Violation("", "grammar", message)])
