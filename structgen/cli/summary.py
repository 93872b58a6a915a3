"""Lines about results on standard error: one for each document with `-v`, and a summary of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from structgen.cli import console
from structgen.messages import counted


def show_result(source: str, result: Any, seconds: float) -> None:
    """Print attempts, tokens and seconds of a valid result, with `-v`."""
    attempts, tokens = len(result.attempts), result.usage.total_tokens
    console.detail(
        f"{source}: valid, {counted(attempts, 'attempt')}, {counted(tokens, 'token')}, {seconds:.1f} s",
        {"source": source, "attempts": attempts, "tokens": tokens, "seconds": round(seconds, 3)},
    )


def show_summary(counts: Mapping[str, int], seconds: float, noun: str) -> None:
    """Print the summary of a run: `12 documents: 11 valid, 1 incomplete, 34.1 s`."""
    total = sum(counts.values())
    outcomes = {name: count for name, count in counts.items() if count}
    listed = ", ".join(f"{count} {name}" for name, count in outcomes.items()) or "nothing to do"
    console.note(
        f"{counted(total, noun)}: {listed}, {seconds:.1f} s",
        {"summary": {f"{noun}s": total, **outcomes, "seconds": round(seconds, 3)}},
    )
