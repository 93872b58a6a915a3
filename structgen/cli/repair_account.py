"""Lines about repairs on standard error: what a repair left out, and how else the text may be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from structgen import json_text
from structgen.cli import console
from structgen.messages import counted
from structgen.types import DROPPED

if TYPE_CHECKING:
    from structgen.parsing.result import RepairResult

DROPPED_TEXT, OTHER_READING = "dropped-text", "other-reading"
"""Codes of warnings."""
_MAX_LISTED = 20
"""Warnings of each code for one text; the whole result has all."""
_MAX_QUOTED = 200
"""Characters of a text or a value that a warning quotes."""


def show_repair(name: str, result: RepairResult, *, many: bool) -> None:
    """Warn of what a repair left out and of other likely readings; with `-v` also count what it changed."""
    source = name if many else ""
    _show_dropped(result, source)
    for other in result.alternatives[:_MAX_LISTED]:
        message = f"may also be read as {_shortened(json_text.dumps(other.value))}"
        console.warn(message, OTHER_READING, other.pointer, source=source)
    _show_rest(result.alternatives, OTHER_READING, source)
    fixes, changes = Counter(fix.kind for fix in result.fixes), len(result.changes)
    kinds = ", ".join(f"{count} {kind}" for kind, count in fixes.items()) or "none"
    console.detail(
        f"{name}: {result.status}, {counted(changes, 'change')}, fixes: {kinds}",
        {"source": name, "status": result.status, "fixes": fixes, "changes": changes},
    )


def _show_dropped(result: RepairResult, source: str) -> None:
    """Warn of the texts that the error of a failed repair does not name."""
    named = {violation.pointer for violation in result.violations if violation.keyword == DROPPED}
    dropped = [text for text in result.dropped if text.pointer not in named]
    for text in dropped[:_MAX_LISTED]:
        message = f"left out the text {_shortened(text.text)!r} at position {text.start}"
        console.warn(message, DROPPED_TEXT, text.pointer, source=source)
    _show_rest(dropped, DROPPED_TEXT, source)


def _show_rest(listed: Sequence[object], code: str, source: str) -> None:
    if (more := len(listed) - _MAX_LISTED) > 0:
        console.warn(f"and {more:,} more: --full prints all", code, source=source)


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}…"
