"""A task, what happens on the way, and what comes of it: the same for every strategy."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from structgen.parsing.result import RepairResult
from structgen.prompts.base import Example
from structgen.schema import Schema
from structgen.schema.declared_sizes import Extent
from structgen.schema.synthesis.patching import Mended
from structgen.strategies.value_limits import explained
from structgen.types import (
    Attempt,
    AttemptStatus,
    Diagnostic,
    Limits,
    Message,
    Sampling,
    Strategy,
    Usage,
    Violation,
    shown,
)

Judge = Callable[[Schema, Any], Awaitable[list[Violation]]]
"""Finds all violations of a value under a schema."""
Mend = Callable[[Schema, Any, int], Awaitable[Mended | None]]
"""Puts known values where a value breaks a schema; the number bounds its characters."""


async def judge(schema: Schema, value: Any) -> list[Violation]:
    """In a thread of this process."""
    return await asyncio.to_thread(schema.violations, value)


async def mend(schema: Schema, value: Any, longest: int) -> Mended | None:
    """In a thread of this process."""
    return await asyncio.to_thread(schema.mended, value, longest)


@dataclass(frozen=True, slots=True)
class Task:
    """A schema, what to fill it from, and what that may cost. At least one text is given."""

    schema: Schema
    prompt: str | None = None
    document: str | None = None
    messages: tuple[Message, ...] = ()
    examples: tuple[Example, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    limits: Limits = field(default_factory=Limits)
    n: int = 1
    report: bool = False
    """Whether the result tells which constraints were decoded and which validated."""
    strategy: Strategy = "constrained"
    """`auto`: constrained where the engine can and the schema compiles, else `repair`."""
    refusal: str | None = None
    """Why no grammar can be built of the schema, where that is known already."""
    ends: float | None = None
    """When the deadline passes, on the monotonic clock, where it is reckoned from before the run."""
    left: Callable[[Usage], None] | None = None
    """Told what was spent, where the caller leaves before there is a result."""
    live: bool = True
    """Whether somebody watches the text grow; else there are no `TextDelta` and no `PartialObject`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of `n` answers, valid or not."""

    status: AttemptStatus
    data: Any
    violations: tuple[Violation, ...]
    attempts: tuple[Attempt, ...]
    usage: Usage
    forced: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "data": self.data,
            **shown(self.violations),
            "attempts": [a.to_json() for a in self.attempts],
            "usage": self.usage.to_json(),
            **({"forced": list(self.forced)} if self.forced else {}),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """A value that is valid under the full schema, and the account of how it came about."""

    data: Any
    attempts: tuple[Attempt, ...]
    usage: Usage
    schema: Schema
    model: str
    candidates: tuple[Candidate, ...] = ()
    report: bool = False
    forced: tuple[str, ...] = ()
    """Pointers to what the token budget cut or chose."""
    reasoning: str = ""
    """What the model thought before the answer that became the data."""
    strategy: str = "constrained"
    chosen: str | None = None
    """Why this strategy, where it was chosen by `auto`."""
    repair: RepairResult | None = None
    """What was put right in the text that became the data."""
    warnings: tuple[Diagnostic, ...] = ()
    """What the caller should know although the value is valid, such as a misspelt keyword of the schema."""
    bounds: Extent | None = None
    """The largest sizes of values while decoding, where the engine held any."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))

    def to_json(self) -> dict[str, Any]:
        """The body of a 200."""
        body = {
            "id": self.id,
            "status": "completed",
            "data": self.data,
            "attempts": [a.to_json() for a in self.attempts],
            "usage": self.usage.to_json(),
            "schema": self.schema.info(),
            "model": self.model,
        }
        if self.chosen is not None:
            body["strategy"] = {"name": self.strategy, "reason": self.chosen}
        if self.repair is not None:
            account = self.repair.to_json()
            body["repair"] = {name: account[name] for name in ("status", "fixes", "changes")}
        if self.candidates:
            body["candidates"] = [c.to_json() for c in self.candidates]
        if self.forced:
            body["forced"] = list(self.forced)
        if self.reasoning:
            body["reasoning"] = self.reasoning
        if self.warnings:
            body["warnings"] = [warning.to_json() for warning in self.warnings]
        if self.report:
            report = self.schema.report
            told = (report if self.strategy == "constrained" else report.unsteered()).to_json()
            body["report"] = explained(told, self.schema.definition, self.bounds) if self.bounds else told
        return body


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A generation begins; what an earlier one streamed is withdrawn."""

    number: int
    strategy: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the text of the attempt."""

    delta: str


@dataclass(frozen=True, slots=True)
class PartialObject:
    """The value so far: complete members only."""

    data: Any


@dataclass(frozen=True, slots=True)
class Completed:
    """The end of a run that succeeded."""

    result: Result


Event = AttemptStarted | TextDelta | PartialObject | Completed
