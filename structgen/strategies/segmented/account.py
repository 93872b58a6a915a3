"""The account of all segments of a document: their attempts, usage, and shares of the tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from structgen.types import Attempt, Diagnostic, Limits, Usage

MAX_WARNINGS = 20
"""Warnings of segments that a result repeats."""


@dataclass
class Account:
    """What the segments of one document took, and what is left of `max_total_tokens`."""

    limits: Limits
    concurrency: int
    keeps_valid: bool = True
    """Whether attempts that were valid at once are listed: a million of them would fill the memory."""
    usage: Usage = field(default_factory=Usage)
    warnings: dict[Diagnostic, None] = field(default_factory=dict)
    """Warnings about the whole of an answer, each once, in their order."""
    _attempts: list[Attempt] = field(default_factory=list)
    _reserved: int = 0
    _running: int = 0

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """All attempts by the order of their segments."""
        return tuple(sorted(self._attempts, key=lambda attempt: attempt.segment or 0))

    def add(self, segment: int, attempts: Sequence[Attempt], usage: Usage) -> None:
        """Add the attempts at a segment; numbers go on where it was asked before."""
        self.usage += usage
        if self.keeps_valid or any(attempt.status != "valid" for attempt in attempts):
            self._attempts += [replace(attempt, segment=segment) for attempt in attempts]

    def warn(self, warnings: Sequence[Diagnostic]) -> None:
        """Add the warnings of a segment that point to no value: others may point into another list."""
        for warning in warnings:
            if not warning.pointer and len(self.warnings) < MAX_WARNINGS:
                self.warnings[warning] = None

    @contextmanager
    def share(self) -> Iterator[Limits]:
        """Reserve an equal share of the tokens that are left, while a segment runs."""
        total = self.limits.max_total_tokens
        if total is None:
            yield self.limits
            return
        left = total - self.usage.total_tokens - self._reserved
        tokens = max(1, left // max(1, self.concurrency - self._running))
        self._reserved, self._running = self._reserved + tokens, self._running + 1
        try:
            yield replace(self.limits, max_total_tokens=tokens)
        finally:
            self._reserved, self._running = self._reserved - tokens, self._running - 1
