"""A reply of free text, calls, or JSON beside tools: one generation, and more where calls are missing."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from structgen import json_text
from structgen.chat.checked_call import CallChecker, CheckedCall, faults_of
from structgen.chat.reply import CallDelta, ChatEvent, ChatSink, Choice, ContentDelta, Finish, ReasoningDelta
from structgen.chat.reply_collector import ReplyCollector
from structgen.chat.turn import ChatTurn
from structgen.engines.base import AnyConstraint, EngineRequest
from structgen.errors import Incomplete, StructgenError, Unsatisfied
from structgen.parsing.result import RepairResult
from structgen.prompts import base as prompts
from structgen.prompts.reply_events import CallText, ContentText, ReasoningText
from structgen.prompts.reply_splitter import ReplySplitter
from structgen.strategies.answer_warnings import Confidence, warnings
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import deadline_exceeded, seconds_left
from structgen.strategies.final_error import with_account
from structgen.strategies.model_repair import RepairTask, repair_text
from structgen.types import Attempt, AttemptStatus, Conversation, Diagnostic, Sampling, Usage, Violation

CONSTRAINED, FREE, CORRECTED = "calls", "free", "correction"
"""Names of the attempts in the account."""


@dataclass
class FreeReply:
    """One choice of a turn whose reply is not JSON alone."""

    turn: ChatTurn
    collaborators: Collaborators
    conversation: Conversation
    constraint: AnyConstraint | None
    index: int = 0
    emit: ChatSink | None = None
    attempts: list[Attempt] = field(default_factory=list)
    _delivered: bool = False
    """Whether content or calls were delivered: they cannot be withdrawn."""
    _usage: Usage = field(default_factory=Usage)
    """Usage of the generation that runs."""

    @property
    def spent(self) -> Usage:
        """The usage of all attempts."""
        return sum((attempt.usage for attempt in self.attempts), Usage())

    async def choice(self) -> Choice:
        """Return the choice; every error has the attempts before it, and their usage."""
        try:
            return await self._until_valid()
        except TimeoutError as error:
            phase = f"in attempt {len(self.attempts)}"
            raise deadline_exceeded(self.turn.limits.deadline, phase, self.attempts) from error
        except asyncio.CancelledError:
            if self.turn.on_abandoned is not None:
                self.turn.on_abandoned(self.spent + self._usage)
            raise
        except StructgenError as error:
            raise with_account(error, self.attempts, self.spent) from error

    async def _until_valid(self) -> Choice:
        prompt, checker = self.conversation, CallChecker(self.turn, self.collaborators, self.conversation)
        faults: tuple[Violation, ...] = ()
        for number in range(1, self.turn.limits.max_attempts + 1):
            collector = self._collector()
            calls = await self._generate(number, prompt, collector, checker)
            faults = faults_of(calls) or self._miscounted(collector, calls)
            if not faults:
                return await self._choice(collector, calls)
            if self._delivered or any(checked.tool is not None and checked.violations for checked in calls):
                break  # delivered text cannot be withdrawn; a call of a known tool was corrected already
            prompt = prompts.retry(self.conversation, collector.text, faults)
        first = f"{faults[0].pointer or 'the reply'}: {faults[0].message}"
        raise Unsatisfied(f"the reply has no valid calls: {first}", self.attempts, self.spent, faults, None)

    def _collector(self) -> ReplyCollector:
        stops = () if self.turn.schema is not None else self.turn.stop
        return ReplyCollector(ReplySplitter(calls=bool(self.turn.callable_tools)), stops)

    async def _generate(
        self, number: int, prompt: Conversation, collector: ReplyCollector, checker: CallChecker
    ) -> list[CheckedCall]:
        """Run one generation; return its calls, corrected where they violated their schemas."""
        began, name = time.monotonic(), FREE if self.constraint is None else CONSTRAINED
        calls: list[CheckedCall] = []
        status: AttemptStatus = "error"
        try:
            async with asyncio.timeout(seconds_left(self.turn.deadline_at)):
                await self._collect(number, prompt, collector, checker, calls)
            status = "violations" if faults_of(calls) else "valid"
        except TimeoutError:
            status = "deadline"
            raise
        finally:
            seconds = round(time.monotonic() - began, 4)
            self.attempts.append(
                Attempt(number, name, status, collector.usage, faults_of(calls)[:100], seconds)
            )
            self._usage = Usage()
        return await self._corrected(calls, checker)

    async def _collect(
        self,
        number: int,
        prompt: Conversation,
        collector: ReplyCollector,
        checker: CallChecker,
        calls: list[CheckedCall],
    ) -> None:
        request = self._request(number, prompt)
        async with aclosing(self.collaborators.engine.generate(request)) as chunks:
            async for chunk in chunks:
                events = collector.take(chunk)
                self._usage = collector.usage
                for event in events:
                    match event:
                        case ReasoningText(text):
                            await self._send(ReasoningDelta(self.index, text))
                        case ContentText(text):
                            if self._streams_content:
                                await self._deliver(ContentDelta(self.index, text))
                        case CallText(text, closed=True):
                            calls.append(await checker.check(text))
                            await self._deliver_call(calls)
                if collector.stopped:
                    break

    def _request(self, number: int, prompt: Conversation) -> EngineRequest:
        turn = self.turn
        return EngineRequest(
            prompt,
            self.constraint,
            _sampling(turn.sampling, number),
            logprobs=turn.logprobs and self.collaborators.engine.capabilities.logprobs,
            priority=turn.limits.priority,
        )

    async def _corrected(self, calls: list[CheckedCall], checker: CallChecker) -> list[CheckedCall]:
        """Correct the calls that violate their schemas, and deliver what waited behind them."""
        corrected: list[CheckedCall] = []
        for checked in calls:
            if checked.call is None and checked.tool is not None:
                began = time.monotonic()
                checked = await checker.correct(checked)
                self._record(began, checked.repair, checked.violations)
                corrected.append(checked)
                await self._deliver_call(corrected)
            else:
                corrected.append(checked)
                if any(earlier.repair is not None for earlier in corrected[:-1]):
                    await self._deliver_call(corrected)
        return corrected

    async def _deliver_call(self, calls: list[CheckedCall]) -> None:
        """Deliver the last call, unless an earlier one waits for its correction."""
        if self._holds_calls or any(checked.call is None for checked in calls):
            return
        if (call := calls[-1].call) is not None:
            await self._deliver(CallDelta(self.index, len(calls) - 1, call))

    @property
    def _holds_calls(self) -> bool:
        """Whether calls wait for the end of the reply, as more than one would be a fault."""
        return self.constraint is None and not self.turn.parallel_calls

    @property
    def _streams_content(self) -> bool:
        """Whether content is delivered before the reply is complete, as it cannot turn out to be invalid."""
        if self.turn.requires_call:
            return False
        return self.turn.schema is None or (
            self.constraint is not None and not self.turn.schema.report.validated
        )

    def _miscounted(self, collector: ReplyCollector, calls: list[CheckedCall]) -> tuple[Violation, ...]:
        """Return the violation of a reply without a required call, or with more calls than allowed."""
        if len(calls) > 1 and not self.turn.parallel_calls:
            return (Violation("/tool_calls", "maxItems", "make one call at most"),)
        if calls or not self.turn.requires_call or collector.finish == "length":
            return ()
        names = ", ".join(tool.name for tool in self.turn.callable_tools)
        return (Violation("/tool_calls", "tool_choice", f"call one of the tools: {names}"),)

    async def _choice(self, collector: ReplyCollector, calls: list[CheckedCall]) -> Choice:
        content, repair = collector.content, None
        holds_json = self.turn.schema is not None and not self.turn.requires_call
        if holds_json and not calls and not collector.has_cut_call:
            content, repair = await self._checked_json(collector)
        if content and not self._streams_content:
            await self._deliver(ContentDelta(self.index, content))
        if self._holds_calls:
            for number, checked in enumerate(calls):
                if checked.call is not None:
                    await self._deliver(CallDelta(self.index, number, checked.call))
        plain = not calls and not collector.reasoning
        return Choice(
            content,
            self._finish(collector, calls),
            collector.reasoning,
            tuple(checked.call for checked in calls if checked.call is not None),
            tuple(collector.logprobs) if plain and self.turn.logprobs else (),
            tuple(self.attempts),
            self.spent,
            tuple(self._warnings(collector)),
            repairs=tuple(r for r in (*(checked.repair for checked in calls), repair) if r is not None),
        )

    def _finish(self, collector: ReplyCollector, calls: list[CheckedCall]) -> Finish:
        if collector.finish == "length" and not collector.stopped:
            return "length"
        return "tool_calls" if calls else "stop"

    async def _checked_json(self, collector: ReplyCollector) -> tuple[str, RepairResult | None]:
        """Return the content as JSON that is valid under the turn's schema, and how it was repaired."""
        schema = self.turn.schema
        assert schema is not None
        text = collector.content
        try:
            value = json_text.loads(text)
            violations = tuple(await self.collaborators.validator(schema, value))
        except json_text.JsonError as fault:
            violations = (Violation("", fault.keyword, str(fault)),)
            if collector.finish == "length":
                detail = "the answer was cut by its token budget: raise max_tokens"
                raise Incomplete(detail, self.attempts, self.spent, None, "") from fault
        if not violations:
            return text, None
        if not self._delivered:
            began = time.monotonic()
            source = "\n\n".join(m.content for m in self.turn.messages if m.role in ("user", "tool"))
            sampling = replace(self.turn.sampling, thinking_tokens=None)
            attempts = max(1, self.turn.limits.max_attempts - 1)
            task = RepairTask(text, schema, "model", source, attempts, sampling)
            async with asyncio.timeout(seconds_left(self.turn.deadline_at)):
                result = await repair_text(task, self.collaborators)
            self._record(began, result, result.violations)
            if result.status != "failed":
                return json_text.dumps(result.value), result
            violations = result.violations
        first = f"{violations[0].pointer or 'the content'}: {violations[0].message}"
        raise Unsatisfied(f"the content is not valid: {first}", self.attempts, self.spent, violations, None)

    def _record(self, began: float, result: RepairResult | None, violations: tuple[Violation, ...]) -> None:
        """Put a correction into the account, where it took the model."""
        if result is None or result.usage == Usage():
            return
        status: AttemptStatus = "violations" if violations else "valid"
        seconds = round(time.monotonic() - began, 4)
        number = len(self.attempts) + 1
        self.attempts.append(Attempt(number, CORRECTED, status, result.usage, violations[:100], seconds))

    def _warnings(self, collector: ReplyCollector) -> list[Diagnostic]:
        return warnings(self.collaborators.engine.card, collector.unreadable, "", Confidence())

    async def _deliver(self, event: ChatEvent) -> None:
        self._delivered = self._delivered or self.emit is not None
        await self._send(event)

    async def _send(self, event: ChatEvent) -> None:
        if self.emit is not None:
            await self.emit(event)


def _sampling(sampling: Sampling, number: int) -> Sampling:
    """Return the sampling of an attempt: each retry has a seed of its own."""
    if number == 1 or sampling.seed is None:
        return sampling
    return replace(sampling, seed=sampling.seed + 1_000_003 * (number - 1))
