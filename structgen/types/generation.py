"""What engines generate: chunks, whole completions, and attempts with their outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, cast

from structgen.types.json_members import typed
from structgen.types.usage import Usage
from structgen.types.violations import Violation, violation_members

FinishReason = Literal["stop", "length"]
AttemptStatus = Literal["valid", "incomplete", "violations", "deadline", "error"]


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """A sampled token and its natural log-probability under the mask (forced tokens: 0.0).

    The other members are known only where a request asks for them, and the engine can tell.
    """

    token: str
    logprob: float
    size: int | None = None
    """Bytes of the token in UTF-8."""
    choices: int | None = None
    """Tokens that the mask allowed: 1 for a forced token."""
    free_logprob: float | None = None
    """Log-probability before the mask."""
    runner_up: float | None = None
    """Probability under the mask of the likeliest other token."""
    copied: bool = False
    """Whether the draft that proposed the token had it from the document."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a generation. The last has `finish` and the final `usage`; others may have usage so far."""

    text: str = ""
    finish: FinishReason | None = None
    usage: Usage | None = None
    logprobs: tuple[TokenLogprob, ...] = ()
    reasoning: str = ""
    """Reasoning text that precedes the answer."""
    written_before_completion: int | None = None
    """Characters that precede a forced end of the answer; only in the last chunk."""
    shortest_completion_tokens: int | None = None
    """Tokens of the shortest valid answer, if the budget is smaller."""
    unreadable_characters: str = ""
    """Distinct characters of the prompt that the tokenizer cannot encode; only in the last chunk."""


@dataclass(frozen=True, slots=True)
class Completion:
    """The text, finish reason and usage of all chunks of a generation."""

    text: str
    finish: FinishReason
    usage: Usage


@dataclass(frozen=True, slots=True)
class Attempt:
    """One generation and its outcome."""

    number: int
    strategy: str
    status: AttemptStatus
    usage: Usage = field(default_factory=Usage)
    violations: tuple[Violation, ...] = ()
    seconds: float = 0.0
    opened: tuple[str, ...] = ()
    """Pointers to the parts that a retry could change; empty if it could change everything."""
    reading: int = 1
    """Above 1 for an attempt at a further reading of the document, whose agreement is a signal."""
    segment: int | None = None
    """The number of the segment of the document, from 1, where it is read in segments."""

    def to_json(self) -> dict[str, Any]:
        """Return the members on the wire."""
        body: dict[str, Any] = {
            "number": self.number,
            "strategy": self.strategy,
            "status": self.status,
            "usage": self.usage.to_json(),
            **violation_members(self.violations),
            "seconds": self.seconds,
        }
        if self.opened:
            body["opened"] = list(self.opened)
        if self.reading > 1:
            body["reading"] = self.reading
        if self.segment is not None:
            body["segment"] = self.segment
        return body

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the members on the wire; raise `KeyError` or `TypeError` for anything else."""
        return cls(
            typed(int, data["number"]),
            typed(str, data["strategy"]),
            cast(AttemptStatus, typed(str, data["status"])),
            Usage.from_json(data["usage"]),
            tuple(Violation.from_json(v) for v in typed(list, data["violations"])),
            float(typed((int, float), data["seconds"])),
            tuple(typed(str, pointer) for pointer in typed(list, data.get("opened", []))),
            typed(int, data.get("reading", 1)),
            None if data.get("segment") is None else typed(int, data["segment"]),
        )
