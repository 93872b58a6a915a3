"""Strategy `constrained`: decode under the grammar, validate under the full schema, retry with the faults."""

from __future__ import annotations

import asyncio
import functools
import math
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from structgen import jsontext
from structgen.engines.base import Constraint, Engine, EngineRequest
from structgen.errors import (
    DeadlineExceeded,
    EngineFailed,
    EngineUnavailable,
    GenerationError,
    Overloaded,
    PromptTooLong,
    SchemaLimit,
    StructgenError,
)  # fmt: skip
from structgen.parsing.forced import forced
from structgen.parsing.partial import partial
from structgen.prompts import base, hermes4
from structgen.prompts.base import Format
from structgen.schema.extent import Extent
from structgen.strategies import cautions
from structgen.strategies.base import (
    AttemptStarted,
    Completed,
    Event,
    Judge,
    Mend,
    PartialObject,
    Result,
    Task,
    TextDelta,
    judge,
    mend,
)  # fmt: skip
from structgen.strategies.bounds import bounds, reached
from structgen.strategies.budget import Budget
from structgen.strategies.candidates import events_of
from structgen.strategies.cautions import Confidence
from structgen.strategies.endings import Best, Cut, cut_off, unsatisfied
from structgen.strategies.loops import Loop, LoopWatch
from structgen.strategies.openings import Openings
from structgen.types import Attempt, AttemptStatus, Chunk, Diagnostic, Message, Sampling, Usage, Violation

STRATEGY = "constrained"
UNSTEERED = "unconstrained"
"""Its name in the account where the engine knows no grammar, and validation alone guards."""
PATIENCE = 1_800.0
"""Seconds that a request waits for a lost engine, where its caller gave no deadline."""
JUDGED_AGAIN = 5
"""Times that a judge is asked again who has too much to do."""
PARTIAL_INTERVAL = 0.1
"""Seconds between two partial objects."""


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
    text: str = ""
    thought: str = ""
    running: Usage | None = None
    """What is known of the usage of the attempt that runs."""
    written: int | None = None
    """Characters of the text that the model wrote, where the budget closed it."""
    needed: int | None = None
    strategy: str = STRATEGY
    mend: Mend = mend
    readable: bool = True
    """Whether the last answer was JSON."""

    def __post_init__(self) -> None:
        self.openings = Openings(self.task, self.engine, self.mend)
        self.budget = Budget(self.task, self.engine, self.attempts)
        self.allowed = self.task.sampling.max_tokens
        """Tokens of the answer that the attempt may make."""
        self.first = self._conversation()
        self.best = Best()
        self.loop: Loop | None = None
        """What the attempt repeats without end, where it does."""
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
                self.task.left(self.budget.spent + (self.running or Usage()))
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
                async with asyncio.timeout(self._left()):
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
                async with aclosing(self._generate(messages, constraint, number)) as generation:
                    async for event in generation:
                        yield event
            except PromptTooLong as error:
                if messages is self.first:
                    raise
                reason = f"with what is to be put right, {error}"
                raise unsatisfied(self.best, self.budget, reason) from error
            except (EngineFailed, EngineUnavailable) as error:
                self._record(number, "error", [], began)
                if isinstance(error, EngineFailed) or not self._may_wait(number):
                    raise
                await self._until_back()
                continue
            try:
                async with asyncio.timeout(self._left()):
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
            messages = base.retry(self.first, self.text, violations)
        raise unsatisfied(self.best, self.budget)

    def _may_escape(self, number: int) -> bool:
        """Whether another attempt may leave the loop: a greedy one would run into it again."""
        sampled = self.task.sampling.temperature > 0
        return self.loop is not None and sampled and number < self.task.limits.max_attempts

    def _left(self) -> float | None:
        """Seconds until the deadline."""
        return None if self.end is None else self.end - time.monotonic()

    def _may_wait(self, number: int) -> bool:
        limits = self.task.limits
        return limits.on_engine_loss == "retry" and number < limits.max_attempts

    async def _until_back(self) -> None:
        """Wait for the engine to serve again, `PATIENCE` at most and no longer than the deadline."""
        patience = time.monotonic() + PATIENCE
        while not (health := await self.engine.health()).ready:
            if time.monotonic() >= (self.end or math.inf):
                raise self._late("while the engine was down")
            if health.closed or time.monotonic() >= patience:
                raise EngineUnavailable(f"the engine is {health.detail}", retry_after=5.0)
            await asyncio.sleep(0.2)

    async def _constraint(self, number: int, last: Any, violations: Sequence[Violation]) -> Constraint | None:
        cut = number > 1 and self.finish == "length"
        room = self._room(self.allowed)
        return await self.openings.constraint(number, last, violations, cut=cut, room=room)

    def _room(self, budget: int) -> int:
        """Characters of an answer that surely fit in so many tokens."""
        used = max(1, self.attempts[-1].usage.completion_tokens) if self.attempts else 1
        return int(0.9 * budget * max(1.0, len(self.text) / used))

    async def _could_close(self, number: int) -> bool:
        """Whether, after an answer that did not fit or could not be closed, another attempt may."""
        if not self.openings.closes or number == self.task.limits.max_attempts:
            return False
        left = await self.budget.next(self.first)
        found = await self.openings.mended(None, self._room(left))
        return found is not None and len(jsontext.dumps(found[0])) <= left

    def _conversation(self) -> tuple[Message, ...]:
        task = self.task
        system = self.prompts.system(task.schema.text)
        if task.sampling.thinking_tokens is not None:
            system = f"{self.prompts.THINKING}\n\n{system}"
        return base.conversation(
            system,
            prompt=task.prompt,
            document=task.document,
            examples=task.examples,
            messages=task.messages,
        )

    @cached_property
    def _given_text(self) -> str:
        """All that the caller gave besides the schema."""
        return "\n".join(message.content for message in self.first if message.role != "system")

    async def _generate(
        self, messages: Sequence[Message], constraint: Constraint | None, number: int
    ) -> AsyncGenerator[Event, None]:
        """Stream one attempt into `text`; `finish` and usage are kept for the judgement."""
        began = time.monotonic()
        self.text, self.thought, self.finish, self.running = "", "", "stop", Usage()
        self.written = self.needed = self.loop = None
        self.unread, self.confidence = "", Confidence()
        watch = LoopWatch(self._given_text, self.task.schema.extent)
        close = self.task.limits.on_budget == "close"
        request = EngineRequest(
            tuple(messages), constraint, self._sampling(number), close=close,
            priority=self.task.limits.priority,
            logprobs=self._wants_logprobs, bounds=self.bounds,
        )  # fmt: skip
        shown, shown_at = None, 0.0
        async with aclosing(self.engine.generate(request)) as chunks:
            try:
                while (chunk := await _next(chunks, self.end)) is not None:
                    self.text += chunk.text
                    self.thought += chunk.thought
                    self.needed, self.written = chunk.needed, chunk.written
                    self.unread = chunk.unread or self.unread
                    self.confidence.follow(chunk)
                    self.finish, self.running = chunk.finish or self.finish, chunk.usage or self.running
                    if self.task.live and chunk.text:
                        yield TextDelta(chunk.text)
                    if self.task.live and time.monotonic() - shown_at >= PARTIAL_INTERVAL:
                        found, shown_at = partial(self.text).value, time.monotonic()
                        if found is not None and found != shown:
                            shown = found
                            yield PartialObject(found)
                    if chunk.finish != "stop" and (
                        loop := watch.found(self.text, last=chunk.finish is not None)
                    ):
                        self.loop, self.finish = loop, "length"
                        break
            except TimeoutError as error:
                self._record(number, "deadline", [], began)
                raise self._late(f"in attempt {number}") from error

    @property
    def _cut(self) -> Cut:
        return Cut(self.text, self.allowed, self.needed, self.loop)

    def _late(self, when: str) -> DeadlineExceeded:
        detail = (
            f"the deadline of {self.task.limits.deadline} s passed {when}: raise limits.deadline (a service "
            "bounds it by --max-deadline)"
        )
        return DeadlineExceeded(detail, self.attempts, self.budget.spent)

    def _sampling(self, number: int) -> Sampling:
        sampling = self.task.sampling
        seed = None if sampling.seed is None else sampling.seed + 1_000_003 * (number - 1)
        return replace(sampling, max_tokens=self.allowed, seed=seed)

    async def _judge(self) -> tuple[Any, list[Violation], AttemptStatus]:
        """The value, what is wrong with it, and the status of the attempt."""
        self.readable = True
        try:
            data = jsontext.loads(self.text)
        except jsontext.JsonFault as fault:
            if self.finish == "length":
                return None, self._cut.violation(), "incomplete"
            self.readable = False
            return None, [Violation("", fault.keyword, str(fault))], "violations"
        if self.finish == "length" and isinstance(data, int | float) and not isinstance(data, bool):
            return None, self._cut.violation(), "incomplete"  # a number alone: more digits may have followed
        try:
            violations = await self._judged(data)
        except SchemaLimit as error:  # what cannot be checked is not called valid
            violations = [Violation("", error.limit, str(error))]
        if not violations:
            return self.task.schema.arrange(data), [], "valid"
        return data, violations, "violations"

    async def _judged(self, data: Any) -> list[Violation]:
        """What is wrong with the value. A judge that is busy is asked again: tokens were spent on it."""
        for _ in range(JUDGED_AGAIN):
            try:
                return await self.judge(self.task.schema, data)
            except Overloaded as busy:
                if time.monotonic() + busy.retry_after >= (self.end or math.inf):
                    raise
                await asyncio.sleep(busy.retry_after)
        return await self.judge(self.task.schema, data)

    def _record(
        self, number: int, status: AttemptStatus, violations: Sequence[Violation], began: float
    ) -> None:
        seconds = round(time.monotonic() - began, 4)
        usage = self.running or Usage()
        self.attempts.append(
            Attempt(number, self.strategy, status, usage, tuple(violations), seconds, self.openings.opened)
        )
        self.running = None

    def _result(self, data: Any) -> Result:
        task = self.task
        return Result(
            data, tuple(self.attempts), self.budget.spent, task.schema, self.engine.model, report=task.report,
            forced=self._forced(data), strategy=self.strategy, reasoning=self.thought,
            warnings=tuple(self._warnings(data)), bounds=self.bounds,
        )  # fmt: skip

    @property
    def _wants_logprobs(self) -> bool:
        """Whether the model's card sets a limit to probabilities, and the engine can tell them."""
        return self.engine.card.least_probability is not None and self.engine.capabilities.logprobs

    def _warnings(self, data: Any) -> list[Diagnostic]:
        found = cautions.warnings(self.engine.card, self.unread, self.text, self.confidence)
        return found if self.bounds is None else found + reached(self.text, data, self.bounds)

    def _forced(self, data: Any) -> tuple[str, ...]:
        if self.openings.known:
            return self.openings.known
        return () if self.written is None else tuple(forced(self.text[: self.written], data))


async def _next(chunks: AsyncGenerator[Chunk, None], end: float | None) -> Chunk | None:
    """The next chunk, None after the last; `TimeoutError` at the end of the time."""
    left = None if end is None else end - time.monotonic()
    async with asyncio.timeout(left):
        return await anext(chunks, None)
