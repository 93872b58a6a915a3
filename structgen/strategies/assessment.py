"""The assessment of an answer: its value, its violations, and the status of its attempt."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.errors import Overloaded, SchemaLimit
from structgen.parsing.result import RepairResult
from structgen.schema import Schema
from structgen.strategies.base import ValidateValue
from structgen.strategies.generation import Generation
from structgen.strategies.task import Task
from structgen.types import AttemptStatus, Violation

MAX_VALIDATION_RETRIES = 5
"""Times that a validation is repeated which the validator refused as overloaded."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The value of an answer and its violations. `value` is None where the text has none."""

    status: AttemptStatus
    value: Any = None
    violations: tuple[Violation, ...] = ()
    is_json: bool = True
    repair: RepairResult | None = None
    """The repair that made the value valid."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished attempt: its generation and the assessment of that."""

    generation: Generation
    assessment: Assessment


async def assess_text(generation: Generation, task: Task, validator: ValidateValue) -> Assessment:
    """Read the text as strict JSON and validate it under the full schema."""
    cut = generation.finish == "length"
    try:
        value = json_text.loads(generation.text)
    except json_text.JsonError as fault:
        if cut:
            return Assessment("incomplete", None, generation.loop_violations())
        violation = Violation("", fault.keyword, str(fault))
        return Assessment("violations", None, (violation,), is_json=False)
    if (
        cut and isinstance(value, int | float) and not isinstance(value, bool)
    ):  # more digits may have followed
        return Assessment("incomplete", None, generation.loop_violations())
    violations = await find_violations(validator, task.schema, value, task.deadline_at)
    if violations:
        return Assessment("violations", value, tuple(violations))
    return Assessment("valid", task.schema.arrange(value))


async def find_violations(
    validator: ValidateValue, schema: Schema, value: Any, deadline_at: float | None
) -> list[Violation]:
    """Validate a generated value; one that cannot be checked is never called valid.

    Tries again where the validator is overloaded, as tokens were spent on the value.
    """
    try:
        for _ in range(MAX_VALIDATION_RETRIES):
            try:
                return await validator(schema, value)
            except Overloaded as error:
                if time.monotonic() + error.retry_after >= (deadline_at or math.inf):
                    raise
                await asyncio.sleep(error.retry_after)
        return await validator(schema, value)
    except SchemaLimit as error:
        return [Violation("", error.limit, str(error))]
