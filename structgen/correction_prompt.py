"""The prompt text that asks a model to correct its last output. Hermes models are trained on these words."""

from __future__ import annotations

from collections.abc import Iterable

from structgen.types import Violation


def correction_text(output: str, violations: Iterable[Violation], *, plain: bool = False) -> str:
    """Return the text that follows a request: the rejected output, and each violation with its pointer.

    The violations of `plain` text, which is not JSON, have no pointers.
    """
    if plain:
        errors = "\n".join(violation.message for violation in violations)
        return f"Erroneous answer to fix:\n{output}\nErrors:\n{errors}"
    errors = "\n".join(f"{violation.pointer or '/'}: {violation.message}" for violation in violations)
    return f"Erroneous JSON to fix:\n{output}\nErrors:\n{errors}"
