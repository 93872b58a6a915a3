"""Check content that must be JSON beside tools, and repair it where it was not delivered yet."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from structgen import json_text
from structgen.chat.turn import ChatTurn
from structgen.parsing.result import RepairResult
from structgen.schema import Schema
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import seconds_left
from structgen.strategies.model_repair import RepairTask, repair_text
from structgen.types import Violation


async def content_violations(
    text: str, schema: Schema, collaborators: Collaborators
) -> tuple[Violation, ...]:
    """Return the violations of a text that must be JSON under a schema."""
    try:
        value = json_text.loads(text)
    except json_text.JsonError as fault:
        return (Violation("", fault.keyword, str(fault)),)
    return tuple(await collaborators.validator(schema, value))


async def repaired(
    text: str, schema: Schema, turn: ChatTurn, source: str, collaborators: Collaborators
) -> RepairResult:
    """Repair a text by rules, and then by the model, under a schema.

    `source` are the texts that it comes from. Raises `TimeoutError` when the deadline passes.
    """
    attempts = max(1, turn.limits.max_attempts - 1)
    sampling = replace(turn.sampling, thinking_tokens=None)
    async with asyncio.timeout(seconds_left(turn.deadline_at)):
        task = RepairTask(text, schema, "model", source, attempts, sampling)
        return await repair_text(task, collaborators)
