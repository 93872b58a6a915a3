"""The contract of a strategy, and the collaborators that every strategy works with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from structgen.engines.base import Engine
from structgen.evidence.answer_evidence import EvidenceTask
from structgen.evidence.calibration.calibration import Calibration
from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.derivation import Derivation
from structgen.longdoc.induction.induced_rows import InducedRows
from structgen.longdoc.induction.induction_task import InductionTask
from structgen.longdoc.rows import ListRows
from structgen.parsing.pipeline import repair_by_rules
from structgen.parsing.result import RepairResult
from structgen.prompts.base import PromptFormat
from structgen.schema import Schema
from structgen.schema.synthesis.patching import PatchedValue
from structgen.strategies.events import EventSink
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Evidence, OnLoss, Risk, Violation

ValidateValue = Callable[[Schema, Any], Awaitable[list[Violation]]]
"""Finds all violations of a value under a schema."""
RepairText = Callable[[str | bytes, Schema | None, Risk, OnLoss], Awaitable[RepairResult]]
"""Repairs a text by rules, under an optional schema, up to the highest risk, with or without losses."""
PatchValue = Callable[[Schema, Any, int], Awaitable[PatchedValue | None]]
"""Replaces what breaks the schema by values that satisfy it; the number bounds the characters."""

GroundValue = Callable[[Schema | None, EvidenceTask], Awaitable[dict[str, Evidence]]]
"""Finds the evidence of a value in its source, with the help of its schema."""

CountRows = Callable[[Source, Schema], Awaitable[Mapping[str, ListRows]]]
"""Finds the rows of a document for each list of a schema, by its pointer."""

DeriveSchema = Callable[[Schema, Derivation], Awaitable[Schema | None]]
"""Derives the schema of a segment from a task's, and lowers it; None where there is none."""

InduceRows = Callable[[Schema, InductionTask], Awaitable[InducedRows | None]]
"""Finds the rows of a list by its items; None where these show none."""


async def validate_in_thread(schema: Schema, value: Any) -> list[Violation]:
    """Find all violations of a value, in a thread of this process."""
    return await asyncio.to_thread(schema.violations, value)


async def repair_in_thread(
    text: str | bytes, schema: Schema | None, max_risk: Risk, on_loss: OnLoss
) -> RepairResult:
    """Repair a text by rules, in a thread of this process."""
    return await asyncio.to_thread(repair_by_rules, text, schema, max_risk=max_risk, on_loss=on_loss)


async def patch_in_thread(schema: Schema, value: Any, max_characters: int) -> PatchedValue | None:
    """Patch a value until it is valid, in a thread of this process."""
    return await asyncio.to_thread(schema.patched, value, max_characters)


async def ground_in_thread(schema: Schema | None, task: EvidenceTask) -> dict[str, Evidence]:
    """Find the evidence of a value, in a thread of this process."""
    return await asyncio.to_thread(task.evidence, schema)


async def count_in_thread(source: Source, schema: Schema) -> Mapping[str, ListRows]:
    """Find the rows of a document for each list of a schema, in a thread of this process."""
    return await asyncio.to_thread(count_rows, source, schema)


async def derive_in_thread(schema: Schema, derivation: Derivation) -> Schema | None:
    """Derive the schema of a segment, in a thread of this process."""
    return await asyncio.to_thread(derivation.of, schema)


async def induce_in_thread(schema: Schema, task: InductionTask) -> InducedRows | None:
    """Find the rows of a list by its items, in a thread of this process."""
    return await asyncio.to_thread(task.rows, schema)


@dataclass(frozen=True, slots=True)
class Collaborators:
    """The engine, and the services that a run of attempts calls."""

    engine: Engine
    prompt_format: PromptFormat
    validator: ValidateValue
    repairer: RepairText
    patcher: PatchValue
    grounder: GroundValue = ground_in_thread
    calibrations: Mapping[str, Calibration] = field(default_factory=dict)
    """Calibrations of scores by the hashes of their schemas."""
    counter: CountRows = count_in_thread
    deriver: DeriveSchema = derive_in_thread
    inducer: InduceRows = induce_in_thread


class Strategy(Protocol):
    """One route from a task to a valid value. `registry.STRATEGIES` lists them by name."""

    async def compile(self, task: Task, engine: Engine) -> Schema | None:
        """Compile the grammar before the task waits for the engine; None where the run needs none.

        The schema returned replaces the task's: its grammar may be wider. Raises `InvalidSchema`.
        """

    async def run(self, task: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
        """Return a valid value with its account, and emit the events before it.

        Raises `Incomplete`, `Unsatisfied` or `DeadlineExceeded` with all attempts, `BadRequest` for an option
        that the engine does not support under this strategy, and what the engine raises.
        """
