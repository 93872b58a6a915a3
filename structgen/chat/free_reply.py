"""A reply of free text, calls, or JSON beside tools: one generation, and more where calls are missing."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from structgen import json_text
from structgen.chat.checked_call import CallChecker, CheckedCall, faults_of
from structgen.chat.correction import Corrector
from structgen.chat.delivery import Delivery
from structgen.chat.reply import ChatSink, Choice
from structgen.chat.reply_collector import ReplyCollector
from structgen.chat.turn import ChatTurn
from structgen.engines.base import EngineRequest
from structgen.errors import EngineUnavailable, Incomplete, PromptTooLong, StructgenError, Unsatisfied
from structgen.parsing.incremental.partial_json import parse_partial
from structgen.parsing.result import RepairResult
from structgen.prompts import base as prompts
from structgen.prompts.reply_events import CallText, ContentText, ReasoningText
from structgen.prompts.reply_splitter import ReplySplitter
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.strategies.answer_warnings import warnings
from structgen.strategies.attempt import attempt_sampling
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import cut_status, deadline_exceeded, seconds_left
from structgen.strategies.engine_recovery import wait_ready
from structgen.strategies.final_error import with_account
from structgen.strategies.token_budget import TokenBudget
from structgen.strategies.value_limits import limit_warnings
from structgen.suggestions import listed
from structgen.types import Attempt, AttemptStatus, Conversation, Diagnostic, Usage, Violation

CONSTRAINED, FREE = "calls", "free"
"""Names of the attempts in the account."""
LEFT_OUT = "content-left-out"
"""Code of a warning."""
_MAX_TOLD = 20
"""Faults of a reply that a retry lists for the model."""


@dataclass
class FreeReply:
    """One choice of a turn whose reply is not JSON alone."""

    turn: ChatTurn
    collaborators: Collaborators
    conversation: Conversation
    index: int = 0
    emit: ChatSink | None = None
    attempts: list[Attempt] = field(default_factory=list)
    bounds: DeclaredSizes | None = None
    """The largest sizes of values while decoding, where the engine holds any."""

    def __post_init__(self) -> None:
        """Open the delivery to the reader, and the account of corrections."""
        self._delivery = Delivery(self.index, self.emit)
        self._corrector = Corrector(self.turn, self.collaborators, self.conversation, self.attempts)
        self._checker = CallChecker(self.turn, self.collaborators, self._corrector)

    @property
    def budget(self) -> TokenBudget:
        """The tokens of the attempts so far, and of the next one."""
        turn = self.turn
        return TokenBudget(turn.sampling, turn.limits, self.collaborators.engine, self.attempts)

    @property
    def spent(self) -> Usage:
        """The usage of all attempts."""
        return self.budget.spent

    @property
    def _is_constrained(self) -> bool:
        """Whether the engine keeps calls valid while it decodes."""
        return (
            self.turn.call_constraint is not None and self.collaborators.engine.capabilities.constrains_calls
        )

    async def choice(self) -> Choice:
        """Return the choice; every error has the attempts before it, and their usage."""
        try:
            async with asyncio.timeout(seconds_left(self.turn.deadline_at)):
                return await self._until_valid()
        except TimeoutError as error:
            phase = f"in attempt {len(self.attempts)}"
            raise deadline_exceeded(self.turn.limits.deadline, phase, self.attempts) from error
        except asyncio.CancelledError:
            if self.turn.on_abandoned is not None:
                self.turn.on_abandoned(self.spent)
            raise
        except StructgenError as error:
            raise with_account(error, self.attempts, self.spent) from error

    async def _until_valid(self) -> Choice:
        prompt = self.conversation
        faults: tuple[Violation, ...] = ()
        for number in range(1, self.turn.limits.max_attempts + 1):
            collector = self._collector()
            self._delivery.begin_attempt()
            try:
                calls = await self._generate(number, prompt, collector)
            except PromptTooLong as error:
                if not faults:
                    raise
                raise self._unsatisfied(faults) from error  # the prompt is too long with its own reply
            except EngineUnavailable:
                if not self._may_wait_for_engine(number):
                    raise
                if not await wait_ready(self.collaborators.engine, self.turn.deadline_at):
                    raise TimeoutError from None
                continue
            faults = faults_of(calls) or self._miscounted(collector, calls)
            if not faults:
                return await self._choice(collector, calls)
            if self._delivery.begun or any(
                checked.tool is not None and checked.violations for checked in calls
            ):
                break  # delivered text cannot be withdrawn; a call of a known tool was corrected already
            prompt = prompts.retry(self.conversation, collector.text, faults[:_MAX_TOLD])
        raise self._unsatisfied(faults)

    def _unsatisfied(self, faults: tuple[Violation, ...]) -> Unsatisfied:
        first = f"{faults[0].pointer or 'the reply'}: {faults[0].message}"
        return Unsatisfied(f"the reply has no valid calls: {first}", self.attempts, self.spent, faults, None)

    def _collector(self) -> ReplyCollector:
        stops = () if self.turn.schema is not None else self.turn.stop
        return ReplyCollector(ReplySplitter(calls=bool(self.turn.callable_tools)), stops)

    async def _generate(
        self, number: int, prompt: Conversation, collector: ReplyCollector
    ) -> list[CheckedCall]:
        """Run one generation; return its calls, corrected where they violated their schemas."""
        request = await self._request(number, prompt)
        began, name = time.monotonic(), CONSTRAINED if self._is_constrained else FREE
        calls: list[CheckedCall] = []
        faults: tuple[Violation, ...] = ()
        status: AttemptStatus = "error"
        try:
            await self._collect(request, collector, calls)
            faults = faults_of(calls) or self._miscounted(collector, calls)
            status = "violations" if faults else "valid"
        except asyncio.CancelledError:
            status = cut_status(self.turn.deadline_at)
            raise
        finally:
            self._record(name, status, collector.usage, faults, began)
        return await self._corrected(calls)

    async def _collect(
        self, request: EngineRequest, collector: ReplyCollector, calls: list[CheckedCall]
    ) -> None:
        async with aclosing(self.collaborators.engine.generate(request)) as chunks:
            async for chunk in chunks:
                for event in collector.take(chunk):
                    match event:
                        case ReasoningText(text):
                            await self._delivery.reasoning(text)
                        case ContentText(text):
                            if self._streams_content:
                                await self._delivery.content(text)
                        case CallText(text):
                            calls.append(await self._checker.check(text))
                            await self._show_calls(calls)
                if collector.stopped:
                    break

    async def _request(self, number: int, prompt: Conversation) -> EngineRequest:
        turn, engine = self.turn, self.collaborators.engine
        max_tokens = await self.budget.next(prompt)
        if max_tokens <= 0:
            detail = "max_total_tokens leaves no tokens for a reply"
            raise Unsatisfied(detail, self.attempts, self.spent, (), None)
        return EngineRequest(
            prompt,
            self.turn.call_constraint,
            attempt_sampling(turn.sampling, number, max_tokens),
            value_limits=self.bounds,
            logprobs=turn.logprobs and engine.capabilities.logprobs,
            priority=turn.limits.priority,
        )

    def _may_wait_for_engine(self, number: int) -> bool:
        """Return whether another attempt may follow the loss of the engine."""
        limits = self.turn.limits
        return limits.on_engine_loss == "retry" and number < limits.max_attempts and not self._delivery.begun

    async def _corrected(self, calls: list[CheckedCall]) -> list[CheckedCall]:
        """Correct the calls that violate their schemas, and deliver what waited behind them."""
        for index, checked in enumerate(calls):
            if checked.call is None and checked.tool is not None:
                calls[index] = await self._checker.correct(checked)
                await self._show_calls(calls)
        return calls

    async def _show_calls(self, calls: list[CheckedCall]) -> None:
        if not self._holds_calls:
            await self._delivery.calls(calls)

    @property
    def _holds_calls(self) -> bool:
        """Whether calls wait for the end of the reply, as more than one would be a fault."""
        return not self._is_constrained and not self.turn.parallel_calls

    @property
    def _streams_content(self) -> bool:
        """Whether content is delivered before the reply is complete, as it cannot turn out to be invalid."""
        if self.turn.requires_call:
            return False
        return self.turn.schema is None or (self._is_constrained and not self.turn.schema.report.validated)

    def _miscounted(self, collector: ReplyCollector, calls: list[CheckedCall]) -> tuple[Violation, ...]:
        """Return the violation of a reply without a required call, or with more calls than allowed."""
        if len(calls) > 1 and not self.turn.parallel_calls:
            return (Violation("/tool_calls", "maxItems", "make one call at most"),)
        if calls or not self.turn.requires_call or collector.finish == "length":
            return ()
        names = listed([tool.name for tool in self.turn.callable_tools])
        return (Violation("/tool_calls", "tool_choice", f"call one of the tools: {names}"),)

    async def _choice(self, collector: ReplyCollector, calls: list[CheckedCall]) -> Choice:
        content, repair, left_out = await self._content(collector, calls)
        if content and not self._streams_content:
            await self._delivery.content(content)
        await self._delivery.calls(calls)
        cut = collector.finish == "length" and not collector.stopped
        plain = not calls and not collector.reasoning
        return Choice(
            content,
            "length" if cut else "tool_calls" if calls else "stop",
            collector.reasoning if self.emit is None else self._delivery.thoughts,
            tuple(checked.call for checked in calls if checked.call is not None),
            tuple(collector.logprobs) if plain and self.turn.logprobs else (),
            tuple(self.attempts),
            self.spent,
            (*left_out, *self._warnings(collector, calls)),
            repairs=tuple(r for r in (*(checked.repair for checked in calls), repair) if r is not None),
        )

    async def _content(
        self, collector: ReplyCollector, calls: list[CheckedCall]
    ) -> tuple[str, RepairResult | None, tuple[Diagnostic, ...]]:
        """Return the content, valid where the turn has a schema, with its repair and warnings."""
        text, schema = collector.content, self.turn.schema
        if schema is None:
            return text, None, ()
        if not calls and not collector.has_cut_call and not self.turn.requires_call:
            return *await self._checked_json(text, schema, collector), ()
        # The calls are the answer. Text around them is no JSON as a rule, and readers would parse it.
        if not text or self._streams_content or not await self._corrector.violations(text, schema):
            return text, None, ()
        reason = f"text beside the calls is left out, as it is not valid under the schema: {text[:80]!r}"
        return "", None, (Diagnostic("/content", LEFT_OUT, reason),) if text.strip() else ()

    async def _checked_json(
        self, text: str, schema: Schema, collector: ReplyCollector
    ) -> tuple[str, RepairResult | None]:
        """Return the content as JSON that is valid under the turn's schema, and how it was repaired."""
        violations = await self._corrector.violations(text, schema)
        if not violations:
            return text, None
        if collector.finish == "length":
            partial = parse_partial(text)
            detail = f"the answer was cut at {partial.cut_at or 'its start'}: raise max_tokens"
            raise Incomplete(detail, self.attempts, self.spent, partial.value, partial.cut_at or "")
        if not self._delivery.begun:
            result = await self._corrector.corrected(text, schema)
            if result.status != "failed":
                return json_text.dumps(result.value), result
            violations = result.violations
        first = f"{violations[0].pointer or 'the content'}: {violations[0].message}"
        raise Unsatisfied(f"the content is not valid: {first}", self.attempts, self.spent, violations, None)

    def _record(
        self, name: str, status: AttemptStatus, usage: Usage, faults: tuple[Violation, ...], began: float
    ) -> None:
        """Put a generation into the account."""
        seconds, number = round(time.monotonic() - began, 4), len(self.attempts) + 1
        self.attempts.append(Attempt(number, name, status, usage, faults[:100], seconds))

    def _warnings(self, collector: ReplyCollector, calls: list[CheckedCall]) -> list[Diagnostic]:
        diagnostics = warnings(self.collaborators.engine.card, collector.unreadable, "")
        if self.bounds is None:
            return diagnostics
        for index, checked in enumerate(calls):
            if checked.call is not None:
                text = checked.call.arguments
                reached = limit_warnings(text, json_text.loads(text), self.bounds)
                place = f"/tool_calls/{index}/function/arguments"
                diagnostics += [replace(warning, pointer=place + warning.pointer) for warning in reached]
        return diagnostics
