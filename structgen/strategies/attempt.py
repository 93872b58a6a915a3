"""One attempt: a generation, its assessment, and its entry in the account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from structgen.engines.base import EngineRequest
from structgen.errors import DeadlineExceeded, EngineFailed, EngineUnavailable, StructgenError
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.strategies.assessment import Assessment, Outcome
from structgen.strategies.attempt_grammar import AttemptGrammar
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import deadline_exceeded, seconds_left
from structgen.strategies.events import AttemptStarted, EventSink
from structgen.strategies.generation import Generation, GenerationCollector, generate
from structgen.strategies.task import Task
from structgen.types import Attempt, AttemptStatus, Conversation, Sampling, Violation


class AttemptPolicy(Protocol):
    """How a strategy's attempts decode and how their answers are assessed."""

    @property
    def name(self) -> str:
        """The name of the attempts in the account."""

    @property
    def bounds(self) -> DeclaredSizes | None:
        """The largest sizes of values while decoding, None where the engine holds none."""

    @property
    def logprobs(self) -> bool:
        """Whether the engine is to return the probabilities of tokens."""

    @property
    def may_complete_answer(self) -> bool:
        """Whether the last attempt may be completed without the model, to fit `max_tokens`."""

    async def grammar(self, number: int, previous: Outcome | None, max_characters: int) -> AttemptGrammar:
        """Return the grammar of attempt `number`, whose answer surely fits into `max_characters`."""

    async def assess(self, generation: Generation) -> Assessment:
        """Read and validate the answer of an attempt."""


@dataclass(frozen=True, slots=True)
class AttemptPlan:
    """One attempt before it runs."""

    number: int
    prompt: Conversation
    grammar: AttemptGrammar
    max_tokens: int
    """Tokens of the answer."""


@dataclass
class RunningAttempt:
    """An attempt that runs once and puts itself into the account, `attempts`."""

    task: Task
    collaborators: Collaborators
    policy: AttemptPolicy
    plan: AttemptPlan
    attempts: list[Attempt]
    collector: GenerationCollector
    began: float = 0.0
    """Time of the monotonic clock."""

    async def run(self, emit: EventSink | None) -> Outcome | None:
        """Return the outcome; None where the engine was lost and the caller allows another attempt.

        Raises `DeadlineExceeded`, and the errors of the engine and of the policy.
        """
        if emit is not None:
            await emit(AttemptStarted(self.plan.number, self.policy.name))
        self.began = time.monotonic()
        try:
            generation = await self._generate(emit)
            if generation is None:
                return None
            assessment = await self._assess(generation)
        except asyncio.CancelledError:
            self._record("error")
            raise
        self._record(assessment.status, assessment.violations)
        return Outcome(generation, assessment)

    async def _generate(self, emit: EventSink | None) -> Generation | None:
        engine, limits = self.collaborators.engine, self.task.limits
        try:
            return await generate(engine, self._request(), self.collector, self.task.deadline_at, emit)
        except TimeoutError as error:
            self._record("deadline")
            raise self._deadline_exceeded(f"in attempt {self.plan.number}") from error
        except (EngineFailed, EngineUnavailable) as error:
            self._record("error")
            may_retry = limits.on_engine_loss == "retry" and self.plan.number < limits.max_attempts
            if isinstance(error, EngineFailed) or not may_retry:
                raise
            return None

    async def _assess(self, generation: Generation) -> Assessment:
        try:
            async with asyncio.timeout(seconds_left(self.task.deadline_at)):
                return await self.policy.assess(generation)
        except TimeoutError as error:
            self._record("deadline")
            phase = f"while the answer of attempt {self.plan.number} was validated"
            raise self._deadline_exceeded(phase) from error
        except StructgenError:
            self._record("error")
            raise

    def _request(self) -> EngineRequest:
        return EngineRequest(
            self.plan.prompt,
            self.plan.grammar.constraint,
            attempt_sampling(self.task.sampling, self.plan.number, self.plan.max_tokens),
            complete_in_budget=self.task.limits.on_budget == "close",
            priority=self.task.limits.priority,
            logprobs=self.policy.logprobs,
            token_signals=self.task.evidence is not None and self.policy.logprobs,
            value_limits=self.policy.bounds,
        )

    def _record(self, status: AttemptStatus, violations: Sequence[Violation] = ()) -> None:
        self.attempts.append(
            Attempt(
                self.plan.number,
                self.policy.name,
                status,
                self.collector.usage,
                tuple(violations),
                round(time.monotonic() - self.began, 4),
                self.plan.grammar.opened,
            )
        )

    def _deadline_exceeded(self, phase: str) -> DeadlineExceeded:
        return deadline_exceeded(self.task.limits.deadline, phase, self.attempts)


def attempt_sampling(sampling: Sampling, number: int, max_tokens: int) -> Sampling:
    """Return the sampling of attempt `number`: each retry has a seed of its own."""
    if number == 1 and max_tokens == sampling.max_tokens:
        return sampling
    seed = None if sampling.seed is None else sampling.seed + 1_000_003 * (number - 1)
    return replace(sampling, max_tokens=max_tokens, seed=seed)
