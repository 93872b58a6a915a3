"""Strategy `constrained`: decode under the grammar, validate under the full schema, retry with the faults."""

from __future__ import annotations

from dataclasses import dataclass, replace

from structgen.engines.base import Engine
from structgen.errors import InvalidSchema
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.strategies.assessment import Assessment, Outcome, assess_text
from structgen.strategies.attempt_grammar import AttemptGrammar, GrammarPlanner
from structgen.strategies.base import Collaborators
from structgen.strategies.best_of_n import best_of_n
from structgen.strategies.capability_checks import check_supported
from structgen.strategies.events import EventSink
from structgen.strategies.generation import Generation
from structgen.strategies.grammar_fallback import compiled, wider
from structgen.strategies.result import Result
from structgen.strategies.retry_loop import AttemptChain
from structgen.strategies.task import Task
from structgen.strategies.value_limits import effective_limits

NAME = "constrained"
UNCONSTRAINED = "unconstrained"
"""Its name in the account where the engine decodes without grammars, and validation alone guards."""


class Constrained:
    """Decode under the schema's grammar, or a wider one that the engine compiles."""

    async def compile(self, task: Task, engine: Engine) -> Schema | None:
        """Compile the schema's grammar, or a wider one."""
        if not engine.capabilities.constrained:
            return None
        if task.grammar_error is not None:
            raise task.grammar_error
        return await compiled(task.schema, engine)

    async def run(self, task: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
        """Run the attempts; where the engine refuses the grammar, start again with a wider one."""
        await check_supported(task, collaborators, NAME)
        try:
            result = await best_of_n(task, collaborators, _run_once, emit)
        except InvalidSchema:  # the engine may refuse a grammar as late as in mid-answer
            schema = await wider(task.schema, collaborators.engine)
            if schema is task.schema:
                raise
            task = replace(task, schema=schema)
            result = await best_of_n(task, collaborators, _run_once, emit)
        diagnostics = task.schema.diagnostics(decoded=collaborators.engine.capabilities.constrained)
        return replace(result, warnings=(*diagnostics, *result.warnings))


async def _run_once(task: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
    policy = GrammarAttempts(task, collaborators, GrammarPlanner(task, collaborators))
    return await AttemptChain(task, collaborators, policy).result(emit)


@dataclass(frozen=True, slots=True)
class GrammarAttempts:
    """Attempts under a grammar, where the engine decodes under one."""

    task: Task
    collaborators: Collaborators
    planner: GrammarPlanner

    @property
    def name(self) -> str:
        """The name of the attempts in the account."""
        return NAME if self.collaborators.engine.capabilities.constrained else UNCONSTRAINED

    @property
    def bounds(self) -> DeclaredSizes | None:
        """The largest sizes of values, where the engine holds any."""
        capabilities = self.collaborators.engine.capabilities
        if not (capabilities.bounds_values and capabilities.constrained):
            return None
        return effective_limits(self.task.limits, self.task.schema.declared_sizes)

    @property
    def logprobs(self) -> bool:
        """Whether the task or the model's card needs probabilities, and the engine returns them."""
        engine = self.collaborators.engine
        wanted = self.task.wants_logprobs or engine.card.least_probability is not None
        return wanted and engine.capabilities.logprobs

    @property
    def may_complete_answer(self) -> bool:
        """The planner's decision."""
        return self.planner.may_complete_answer

    async def grammar(self, number: int, previous: Outcome | None, max_characters: int) -> AttemptGrammar:
        """Return the grammar of an attempt: a retry opens only what was wrong."""
        return await self.planner.plan(number, previous, max_characters)

    async def assess(self, generation: Generation) -> Assessment:
        """Read the text as strict JSON and validate it."""
        return await assess_text(generation, self.task, self.collaborators.validator)
