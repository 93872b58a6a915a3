"""Strategy `constrained`: decode under the grammar, validate under the full schema, retry with the faults."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from structgen import json_text
from structgen.engines.base import Constraint, Engine, EngineRequest
from structgen.errors import (
    DeadlineExceeded,
    EngineFailed,
    EngineUnavailable,
    GenerationError,
    PromptTooLong,
    SchemaLimit,
    StructgenError,
)  # fmt: skip
from structgen.prompts import base, hermes4
from structgen.prompts.base import Format
from structgen.schema.declared_sizes import Extent
from structgen.strategies.attempt_grammar import Openings
from structgen.strategies.base import (
    AttemptStarted,
    Completed,
    Event,
    Judge,
    Mend,
    Result,
    Task,
    judge,
    mend,
)  # fmt: skip
from structgen.strategies.best_of_n import events_of
from structgen.strategies.conversation import conversation, given
from structgen.strategies.final_error import Best, Cut, cut_off, unsatisfied
from structgen.strategies.generation import Answer, collected, seconds_left, streamed
from structgen.strategies.loop_detection import LoopWatch
from structgen.strategies.token_budget import Budget
from structgen.strategies.value_limits import bounds, reached
from structgen.strategies.waiting import judged, ready_again
from structgen.types import Attempt, AttemptStatus, Chunk, Diagnostic, Message, Sampling, Usage, Violation

STRATEGY = "constrained"
UNSTEERED = "unconstrained"
"""Its name in the account where the engine knows no grammar, and validation alone guards."""


def constrained(
    task: Task, engine: Engine, prompts: Format = hermes4, judge: Judge = judge, mend: Mend = mend
) -> AsyncGenerator[Event, None]:
    """The events of one task; the last is `Completed`.

    Raises `Incomplete`, `Unsatisfied` or `DeadlineExceeded` with all attempts, and what the engine raises.
    """
    name = STRATEGY if engine.capabilities.constrained else UNSTEERED
    run = functools.partial(Run, engine=engine, prompts=prompts, judge=judge, strategy=name, mend=mend)
    return events_of(task, run)


@dataclass
class Run:
    """One chain of attempts."""

    task: Task
    engine: Engine
    prompts: Format
    judge: Judge
    attempts: list[Attempt] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)
    """Of the attempt that runs, or ran last."""
    strategy: str = STRATEGY
    mend: Mend = mend
    readable: bool = True
    """Whether the last answer was JSON."""

    def __post_init__(self) -> None:
        self.openings = Openings(self.task, self.engine, self.mend)
        self.budget = Budget(self.task, self.engine, self.attempts)
        self.allowed = self.task.sampling.max_tokens
        """Tokens of the answer that the attempt may make."""
        self.first = conversation(self.task, self.prompts)
        self.best = Best()
        self.bounds = self._bounds()
        self.end = self.task.ends
        if self.end is None and self.task.limits.deadline is not None:
            self.end = time.monotonic() + self.task.limits.deadline

    def _bounds(self) -> Extent | None:
        """The largest sizes of values, where the engine holds any."""
        held = self.engine.capabilities.bounds and self.strategy == STRATEGY
        return bounds(self.task.limits, self.task.schema.extent) if held else None

    async def events(self) -> AsyncGenerator[Event, None]:
        """What happens; whatever is raised tells the attempts before it, and their usage."""
        ended = False
        try:
            async with aclosing(self._attempts()) as events:
                async for event in events:
                    ended = isinstance(event, Completed)
                    yield event
        except (asyncio.CancelledError, GeneratorExit):
            if self.task.left is not None and not ended:
                self.task.left(self.budget.spent + (self.answer.usage or Usage()))
            raise
        except GenerationError:
            raise
        except StructgenError as error:
            error.attempts, error.usage = tuple(self.attempts), self.budget.spent
            raise

    async def _attempts(self) -> AsyncGenerator[Event, None]:
        task, last = self.task, None
        violations: list[Violation] = []
        messages = self.first
        for number in range(1, task.limits.max_attempts + 1):
            try:
                async with asyncio.timeout(seconds_left(self.end)):
                    self.allowed = await self.budget.next(messages)
                    if self.allowed <= 0:
                        raise unsatisfied(
                            self.best, self.budget, "max_total_tokens leaves none for an answer"
                        )
                    constraint = await self._constraint(number, last, violations)
            except TimeoutError as error:
                raise self._late(f"before attempt {number}") from error
            yield AttemptStarted(number, self.strategy)
            began = time.monotonic()
            try:
                chunks = self._begin(messages, constraint, number)
                if task.live:
                    async with aclosing(streamed(chunks, self.answer, self.end)) as events:
                        async for event in events:
                            yield event
                else:
                    await collected(chunks, self.answer, self.end)
            except TimeoutError as error:
                self._record(number, "deadline", [], began)
                raise self._late(f"in attempt {number}") from error
            except PromptTooLong as error:
                if messages is self.first:
                    raise
                reason = f"with what is to be put right, {error}"
                raise unsatisfied(self.best, self.budget, reason) from error
            except (EngineFailed, EngineUnavailable) as error:
                self._record(number, "error", [], began)
                if isinstance(error, EngineFailed) or not self._may_wait(number):
                    raise
                if not await ready_again(self.engine, self.end):
                    raise self._late("while the engine was down") from error
                continue
            try:
                async with asyncio.timeout(seconds_left(self.end)):
                    data, found, status = await self._judge()
            except TimeoutError as error:
                self._record(number, "deadline", [], began)
                raise self._late(f"while the answer of attempt {number} was validated") from error
            except StructgenError:
                self._record(number, "error", [], began)
                raise
            self._record(number, status, found, began)
            if status == "valid":
                yield Completed(self._result(data))
                return
            if status == "incomplete":
                if not (self._may_escape(number) or await self._could_close(number)):
                    raise cut_off(self._cut, self.best, self.budget)
                last, violations, messages = None, [], self.first  # a text that was cut is never asked about
                continue
            last, violations = data, found
            self.best.offer(data, found, readable=self.readable)
            messages = base.retry(self.first, self.answer.text, violations)
        raise unsatisfied(self.best, self.budget)

    def _may_escape(self, number: int) -> bool:
        """Whether another attempt may leave the loop: a greedy one would run into it again."""
        sampled = self.task.sampling.temperature > 0
        return self.answer.loop is not None and sampled and number < self.task.limits.max_attempts

    def _may_wait(self, number: int) -> bool:
        limits = self.task.limits
        return limits.on_engine_loss == "retry" and number < limits.max_attempts

    async def _constraint(self, number: int, last: Any, violations: Sequence[Violation]) -> Constraint | None:
        cut = number > 1 and self.answer.finish == "length"
        room = self._room(self.allowed)
        return await self.openings.constraint(number, last, violations, cut=cut, room=room)

    def _room(self, budget: int) -> int:
        """Characters of an answer that surely fit in so many tokens."""
        used = max(1, self.attempts[-1].usage.completion_tokens) if self.attempts else 1
        return int(0.9 * budget * max(1.0, len(self.answer.text) / used))

    async def _could_close(self, number: int) -> bool:
        """Whether, after an answer that did not fit or could not be closed, another attempt may."""
        if not self.openings.closes or number == self.task.limits.max_attempts:
            return False
        left = await self.budget.next(self.first)
        found = await self.openings.mended(None, self._room(left))
        return found is not None and len(json_text.dumps(found[0])) <= left

    def _begin(
        self, messages: Sequence[Message], constraint: Constraint | None, number: int
    ) -> AsyncGenerator[Chunk, None]:
        """Return the chunks of one attempt, to be gathered into an empty `answer`."""
        self.answer = Answer(usage=Usage(), watch=LoopWatch(given(self.first), self.task.schema.extent))
        request = EngineRequest(
            tuple(messages),
            constraint,
            self._sampling(number),
            close=self.task.limits.on_budget == "close",
            priority=self.task.limits.priority,
            logprobs=self._wants_logprobs,
            bounds=self.bounds,
        )
        return self.engine.generate(request)

    @property
    def _cut(self) -> Cut:
        return Cut(self.answer.text, self.allowed, self.answer.needed, self.answer.loop)

    def _late(self, when: str) -> DeadlineExceeded:
        detail = (
            f"the deadline of {self.task.limits.deadline} s passed {when}: raise limits.deadline (a service "
            "bounds it by --max-deadline)"
        )
        return DeadlineExceeded(detail, self.attempts, self.budget.spent)

    def _sampling(self, number: int) -> Sampling:
        sampling = self.task.sampling
        if number == 1 and self.allowed == sampling.max_tokens:
            return sampling
        seed = None if sampling.seed is None else sampling.seed + 1_000_003 * (number - 1)
        return replace(sampling, max_tokens=self.allowed, seed=seed)

    async def _judge(self) -> tuple[Any, list[Violation], AttemptStatus]:
        """The value, what is wrong with it, and the status of the attempt."""
        self.readable = True
        try:
            data = json_text.loads(self.answer.text)
        except json_text.JsonFault as fault:
            if self.answer.finish == "length":
                return None, self._cut.violation(), "incomplete"
            self.readable = False
            return None, [Violation("", fault.keyword, str(fault))], "violations"
        if self.answer.finish == "length" and isinstance(data, int | float) and not isinstance(data, bool):
            return None, self._cut.violation(), "incomplete"  # a number alone: more digits may have followed
        try:
            violations = await judged(self.judge, self.task.schema, data, self.end)
        except SchemaLimit as error:  # what cannot be checked is not called valid
            violations = [Violation("", error.limit, str(error))]
        if not violations:
            return self.task.schema.arrange(data), [], "valid"
        return data, violations, "violations"

    def _record(
        self, number: int, status: AttemptStatus, violations: Sequence[Violation], began: float
    ) -> None:
        seconds = round(time.monotonic() - began, 4)
        usage = self.answer.usage or Usage()
        self.attempts.append(
            Attempt(number, self.strategy, status, usage, tuple(violations), seconds, self.openings.opened)
        )
        self.answer.usage = None

    def _result(self, data: Any) -> Result:
        task = self.task
        return Result(
            data, tuple(self.attempts), self.budget.spent, task.schema, self.engine.model, report=task.report,
            forced=self._forced(data), strategy=self.strategy, reasoning=self.answer.thought,
            warnings=tuple(self._warnings(data)), bounds=self.bounds,
        )  # fmt: skip

    @property
    def _wants_logprobs(self) -> bool:
        """Whether the model's card sets a limit to probabilities, and the engine can tell them."""
        return self.engine.card.least_probability is not None and self.engine.capabilities.logprobs

    def _warnings(self, data: Any) -> list[Diagnostic]:
        found = self.answer.warnings(self.engine.card)
        return found if self.bounds is None else found + reached(self.answer.text, data, self.bounds)

    def _forced(self, data: Any) -> tuple[str, ...]:
        return self.openings.known or self.answer.forced(data)
