"""Attempts at one task until an answer is valid: each retry has the last answer and its violations."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from structgen import json_text
from structgen.errors import DeadlineExceeded, GenerationError, PromptTooLong, StructgenError
from structgen.evidence.answer_signals import AnswerHistory, WrittenAnswer
from structgen.prompts import base as prompts
from structgen.strategies.assessment import Outcome
from structgen.strategies.attempt import AttemptPlan, AttemptPolicy, RunningAttempt
from structgen.strategies.base import Collaborators
from structgen.strategies.conversation import caller_text, conversation
from structgen.strategies.deadline import deadline_exceeded, seconds_left
from structgen.strategies.engine_recovery import wait_ready
from structgen.strategies.events import EventSink
from structgen.strategies.final_error import BestAnswer, cut_off, unsatisfied, with_account
from structgen.strategies.generation import GenerationCollector
from structgen.strategies.loop_detection import LoopDetector
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.strategies.token_budget import TokenBudget
from structgen.strategies.value_limits import limit_warnings
from structgen.types import Attempt, Conversation


@dataclass
class AttemptChain:
    """Attempts at one task, each after the one before."""

    task: Task
    collaborators: Collaborators
    policy: AttemptPolicy
    attempts: list[Attempt] = field(default_factory=list)
    _written: list[WrittenAnswer] = field(default_factory=list)
    """What the attempts wrote, where the task asks for evidence."""

    def __post_init__(self) -> None:
        """Write the conversation that all attempts begin with."""
        task = self.task
        self.first_prompt = task.conversation or conversation(task, self.collaborators.prompt_format)

    @property
    def budget(self) -> TokenBudget:
        """The tokens of the attempts so far, and of the next one."""
        task = self.task
        return TokenBudget(task.sampling, task.limits, self.collaborators.engine, self.attempts)

    async def result(self, emit: EventSink | None) -> Result:
        """Return the first valid answer; every error has the attempts before it, and their usage."""
        try:
            return await self._until_valid(emit)
        except asyncio.CancelledError:
            if self.task.on_abandoned is not None:
                self.task.on_abandoned(self.budget.spent)
            raise
        except GenerationError:
            raise
        except StructgenError as error:
            raise with_account(error, self.attempts, self.budget.spent) from error

    async def _until_valid(self, emit: EventSink | None) -> Result:
        best, prompt = BestAnswer(), self.first_prompt
        previous: Outcome | None = None
        for number in range(1, self.task.limits.max_attempts + 1):
            plan = await self._plan(number, prompt, previous, best)
            try:
                outcome = await self._attempt(plan).run(emit)
            except PromptTooLong as error:
                if prompt is self.first_prompt:
                    raise
                reason = f"with the violations to correct, {error}"
                raise unsatisfied(best, self.budget, reason) from error
            if outcome is None:
                if not await wait_ready(self.collaborators.engine, self.task.deadline_at):
                    raise self._deadline_exceeded("while the engine was down")
                continue
            previous, assessment = outcome, outcome.assessment
            if self.task.evidence is not None and assessment.is_json and assessment.status != "incomplete":
                self._written.append(outcome.generation.written(plan.grammar.opened))
            if assessment.status == "valid":
                return self._result(plan, outcome)
            if assessment.status == "incomplete":
                if not (
                    self._may_leave_loop(plan, outcome)
                    or await self._can_complete_within_budget(plan, outcome)
                ):
                    raise cut_off(outcome.generation, plan.max_tokens, best, self.budget)
                prompt = self.first_prompt  # a text that was cut is never fed into a retry
                continue
            best.offer(assessment)
            answer = outcome.generation
            prompt = prompts.retry(self.first_prompt, answer.text, assessment.violations, plain=answer.plain)
        raise unsatisfied(best, self.budget)

    async def _plan(
        self, number: int, prompt: Conversation, previous: Outcome | None, best: BestAnswer
    ) -> AttemptPlan:
        try:
            async with asyncio.timeout(seconds_left(self.task.deadline_at)):
                max_tokens = await self.budget.next(prompt)
                if max_tokens <= 0:
                    raise unsatisfied(best, self.budget, "max_total_tokens leaves no tokens for an answer")
                max_characters = _safe_characters(previous, max_tokens)
                grammar = await self.policy.grammar(number, previous, max_characters)
        except TimeoutError as error:
            raise self._deadline_exceeded(f"before attempt {number}") from error
        return AttemptPlan(number, prompt, grammar, max_tokens)

    def _attempt(self, plan: AttemptPlan) -> RunningAttempt:
        """Return the attempt of a plan, with a detector for loops that the caller's texts do not justify."""
        source = caller_text(self.first_prompt)
        plain = self.task.text_format is not None
        sizes, bounded = self.task.schema.declared_sizes, self.policy.bounds is not None
        detector = LoopDetector(source, sizes, plain=plain, bounded=bounded)
        collector = GenerationCollector(detector, plain)
        return RunningAttempt(self.task, self.collaborators, self.policy, plan, self.attempts, collector)

    def _may_leave_loop(self, plan: AttemptPlan, outcome: Outcome) -> bool:
        """Return whether another attempt may leave the loop: a greedy one would run into it again."""
        more = plan.number < self.task.limits.max_attempts
        return outcome.generation.loop is not None and self.task.sampling.temperature > 0 and more

    async def _can_complete_within_budget(self, plan: AttemptPlan, outcome: Outcome) -> bool:
        """Return whether another attempt may complete its answer within the tokens that are left."""
        if not self.policy.may_complete_answer or plan.number == self.task.limits.max_attempts:
            return False
        max_tokens = await self.budget.next(self.first_prompt)
        patch = await self.collaborators.patcher(
            self.task.schema, None, _safe_characters(outcome, max_tokens)
        )
        return patch is not None and len(json_text.dumps(patch[0])) <= max_tokens

    def _deadline_exceeded(self, phase: str) -> DeadlineExceeded:
        return deadline_exceeded(self.task.limits.deadline, phase, self.attempts)

    def _result(self, plan: AttemptPlan, outcome: Outcome) -> Result:
        generation, value = outcome.generation, outcome.assessment.value
        forced = plan.grammar.patched or generation.forced(value)
        repair, history = outcome.assessment.repair, None
        if self.task.evidence is not None:
            repaired = () if repair is None else repair.touched
            history = AnswerHistory(tuple(self._written), forced, repaired)
        warnings = generation.warnings(self.collaborators.engine.card)
        if self.policy.bounds is not None:
            warnings += limit_warnings(generation.text, value, self.policy.bounds)
        return Result(
            value,
            tuple(self.attempts),
            self.budget.spent,
            self.task.schema,
            self.collaborators.engine.model,
            report=self.task.report,
            forced=forced,
            reasoning=generation.reasoning,
            strategy=self.policy.name,
            repair=repair,
            warnings=tuple(warnings),
            bounds=self.policy.bounds,
            logprobs=generation.logprobs if self.task.logprobs else (),
            history=history,
        )


def _safe_characters(previous: Outcome | None, max_tokens: int) -> int:
    """Return the characters of an answer that surely fit into so many tokens."""
    characters_per_token = 1.0 if previous is None else previous.generation.characters_per_token
    return int(0.9 * max_tokens * characters_per_token)
