"""Correct what violates its schema, arguments and JSON content, by rules and then by the model."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace

from structgen import json_text
from structgen.chat.turn import ChatTurn
from structgen.parsing.result import RepairResult
from structgen.schema import Schema
from structgen.strategies.assessment import find_violations
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import cut_status
from structgen.strategies.model_repair import RepairAccount, RepairTask, repair_text
from structgen.types import Attempt, AttemptStatus, Conversation, Usage, Violation

CORRECTED = "correction"
"""Name of the model's corrections in the account."""


@dataclass(frozen=True, slots=True)
class Corrector:
    """Checks and corrects texts of one choice, and puts the model's work into the account, `attempts`."""

    turn: ChatTurn
    collaborators: Collaborators
    conversation: Conversation
    attempts: list[Attempt]

    async def violations(self, text: str, schema: Schema) -> tuple[Violation, ...]:
        """Return the violations of a text that must be JSON under a schema."""
        try:
            value = json_text.loads(text)
        except json_text.JsonError as fault:
            return (Violation("", fault.keyword, str(fault)),)
        validator = self.collaborators.validator
        return tuple(await find_violations(validator, schema, value, self.turn.deadline_at))

    async def corrected(self, text: str, schema: Schema) -> RepairResult:
        """Repair a text under a schema by rules, and by the model in the attempts after the first one."""
        began, account = time.monotonic(), RepairAccount()
        status: AttemptStatus = "error"
        violations: tuple[Violation, ...] = ()
        try:
            result = await repair_text(self._task(text, schema), self.collaborators, account=account)
            violations = result.violations
            status = "violations" if result.status == "failed" else "valid"
            return result
        except asyncio.CancelledError:
            status = cut_status(self.turn.deadline_at)
            raise
        finally:
            if account.usage != Usage():
                seconds, number = round(time.monotonic() - began, 4), len(self.attempts) + 1
                self.attempts.append(
                    Attempt(number, CORRECTED, status, account.usage, violations[:100], seconds)
                )

    def _task(self, text: str, schema: Schema) -> RepairTask:
        limits, left = self.turn.limits, self.turn.limits.max_total_tokens
        if left is not None:
            left -= sum(attempt.usage.total_tokens for attempt in self.attempts)
        return RepairTask(
            text,
            schema,
            "model",
            _source_text(self.conversation),
            limits.max_attempts - 1,
            replace(self.turn.sampling, thinking_tokens=None),
            left,
        )


def _source_text(conversation: Conversation) -> str:
    """Return the texts that arguments and content come from."""
    turns = (turn.content for turn in conversation.messages if turn.role in ("user", "tool"))
    return "\n\n".join(text for text in turns if text)
