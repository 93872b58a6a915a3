"""Strategy `repair`: generate without a grammar, repair each answer by rules, and validate it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from structgen.engines.base import Engine
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.strategies.assessment import Assessment, Outcome, assess_text
from structgen.strategies.attempt_grammar import NO_GRAMMAR, AttemptGrammar
from structgen.strategies.base import Collaborators
from structgen.strategies.best_of_n import best_of_n
from structgen.strategies.capability_checks import check_supported
from structgen.strategies.events import EventSink
from structgen.strategies.generation import Generation
from structgen.strategies.result import Result
from structgen.strategies.retry_loop import AttemptChain
from structgen.strategies.task import Task

NAME = "repair"


class FreeThenRepair:
    """Generate freely, then repair by rules."""

    async def compile(self, task: Task, engine: Engine) -> Schema | None:
        """Compile nothing: the attempts have no grammar."""
        return None

    async def run(self, task: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
        """Run the attempts, each answer repaired by rules."""
        await check_supported(task, collaborators, NAME)
        result = await best_of_n(task, collaborators, _run_once, emit)
        return replace(result, warnings=(*task.schema.diagnostics(decoded=False), *result.warnings))


async def _run_once(task: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
    return await AttemptChain(task, collaborators, FreeAttempts(task, collaborators)).result(emit)


@dataclass(frozen=True, slots=True)
class FreeAttempts:
    """Attempts without a grammar."""

    task: Task
    collaborators: Collaborators
    name: str = NAME
    bounds: DeclaredSizes | None = None
    logprobs: bool = False
    """Never requested: the text need not be the data."""
    may_complete_answer: bool = False

    async def grammar(self, number: int, previous: Outcome | None, max_characters: int) -> AttemptGrammar:
        """Return no grammar."""
        return NO_GRAMMAR

    async def assess(self, generation: Generation) -> Assessment:
        """Repair the text by rules and validate the value.

        An answer that the budget cut is read strictly: repair would complete it from what there is.
        """
        validator = self.collaborators.validator
        if generation.finish == "length":
            return await assess_text(generation, self.task, validator)
        repair = await self.collaborators.repairer(generation.text, self.task.schema, "inferred", "error")
        if repair.status == "failed":
            return Assessment("violations", repair.value, repair.violations)
        if violations := await validator(self.task.schema, repair.value):
            return Assessment("violations", repair.value, tuple(violations))
        return Assessment("valid", repair.value, repair=repair)
