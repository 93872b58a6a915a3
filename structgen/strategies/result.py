"""The result of a task: a valid value, and the account of every attempt."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from structgen.evidence.answer_signals import AnswerHistory
from structgen.parsing.result import RepairResult
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.strategies.value_limits import report_with_limits
from structgen.types import (
    Attempt,
    AttemptStatus,
    Coverage,
    Diagnostic,
    Evidence,
    TokenLogprob,
    Usage,
    Violation,
    violation_members,
)


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
        """Return the candidate as a response body holds it."""
        return {
            "status": self.status,
            "data": self.data,
            **violation_members(self.violations),
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
    """Whether the body lists the enforcement of each keyword."""
    forced: tuple[str, ...] = ()
    """Pointers to the values that the token budget cut or chose."""
    reasoning: str = ""
    """The model's thoughts before the answer that became the data."""
    strategy: str = "constrained"
    chosen: str | None = None
    """Why `auto` chose this strategy."""
    repair: RepairResult | None = None
    """The repair of the text that became the data."""
    warnings: tuple[Diagnostic, ...] = ()
    """Warnings although the value is valid, such as a misspelt keyword of the schema."""
    bounds: DeclaredSizes | None = None
    """The largest sizes of values while decoding, where the engine held any."""
    logprobs: tuple[TokenLogprob, ...] = ()
    """The tokens of the answer with their log-probabilities, where the task asks for them."""
    history: AnswerHistory | None = None
    """What the attempts wrote, where the task asks for evidence."""
    evidence: Mapping[str, Evidence] | None = None
    """The evidence of each scalar of the data, by its pointer, where the task asks for it."""
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    """The rows of the document against the items of each list, by its pointer."""
    absent: tuple[str, ...] = ()
    """Pointers to required members that are null because the document does not say them."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))

    def to_json(self) -> dict[str, Any]:
        """Return the body of a 200 response."""
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
            body["repair"] = self.repair.account()
        if self.candidates:
            body["candidates"] = [c.to_json() for c in self.candidates]
        if self.forced:
            body["forced"] = list(self.forced)
        if self.evidence is not None:
            body["evidence"] = {at: evidence.to_json() for at, evidence in self.evidence.items()}
        if self.coverage:
            body["coverage"] = {at: coverage.to_json() for at, coverage in self.coverage.items()}
        if self.absent:
            body["absent"] = list(self.absent)
        if self.reasoning:
            body["reasoning"] = self.reasoning
        if self.warnings:
            body["warnings"] = [warning.to_json() for warning in self.warnings]
        if self.report:
            body["report"] = self._report()
        return body

    def _report(self) -> dict[str, Any]:
        report = self.schema.report
        entries = (report if self.strategy == "constrained" else report.without_grammar()).to_json()
        if self.bounds is None:
            return entries
        return report_with_limits(entries, self.schema.definition, self.bounds)
