"""Repair with a model's help, and strategy `repair`: generate freely, then put the answer right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from structgen import json_text
from structgen.engines.base import Constraint, Engine, EngineRequest
from structgen.errors import InvalidSchema
from structgen.parsing.pipeline import Ask, by_model, by_rules
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Risk
from structgen.prompts import base, hermes4
from structgen.prompts.base import Format
from structgen.schema import Schema
from structgen.strategies.attempt_grammar import narrowed
from structgen.strategies.base import Event, Judge, Task, judge
from structgen.strategies.best_of_n import events_of
from structgen.strategies.grammar_fallback import constraint_of, fitting
from structgen.strategies.retry_loop import Run
from structgen.types import AttemptStatus, Sampling, Usage, Violation

Rules = Callable[[str | bytes, Schema | None, Risk], Awaitable[RepairResult]]
"""Repairs by rules: text, schema, highest risk."""


async def rules(text: str | bytes, schema: Schema | None, max_risk: Risk) -> RepairResult:
    """In a thread of this process."""
    return await asyncio.to_thread(by_rules, text, schema, max_risk=max_risk)


@dataclass(frozen=True, slots=True)
class Repair:
    """A text to repair. `max_risk` bounds what is applied; `source` is the document that it came from."""

    text: str | bytes
    schema: Schema | None = None
    max_risk: Risk = "inferred"
    source: str | None = None
    attempts: int = 2
    """Of the model, which is asked where `max_risk` is `model` and rules were not enough."""
    sampling: Sampling = field(default_factory=Sampling)


async def repaired(
    task: Repair,
    engine: Engine | None,
    prompts: Format = hermes4,
    rules: Rules = rules,
    result: RepairResult | None = None,
) -> RepairResult:
    """The result, by rules (`result`, where it is known) and, where they fail and may, by the model."""
    if result is None:
        result = await rules(task.text, task.schema, task.max_risk)
    prose = result.parsed is None or any(fix.kind == "unquoted" for fix in result.fixes)
    if result.status != "failed" or prose:
        return result
    if engine is None or task.schema is None or task.max_risk != "model":
        return result
    steps = by_model(result, task.schema, task.attempts)
    try:
        ask = next(steps)
        while True:
            ask = steps.send(await _answered(ask, task, task.schema, engine, prompts))
    except StopIteration as end:
        made: RepairResult = end.value
        return made


async def _answered(
    ask: Ask, task: Repair, schema: Schema, engine: Engine, prompts: Format
) -> tuple[str, Usage]:
    first = base.conversation(prompts.system(schema.text), document=task.source)
    messages = base.retry(first, json_text.dumps(ask.value), ask.violations)
    constraint = await _constraint(ask.grammar, schema, engine)
    completion = await engine.complete(EngineRequest(messages, constraint, task.sampling))
    return completion.text, completion.usage


async def _constraint(grammar: Any, schema: Schema, engine: Engine) -> Constraint | None:
    """The narrowed grammar where there is one that compiles, else the whole one, else none."""
    if not engine.capabilities.constrained:
        return None
    with suppress(InvalidSchema):
        if grammar is not None:
            constraint = narrowed(grammar)
            await engine.prepare(constraint)
            return constraint
    with suppress(InvalidSchema):
        return constraint_of(await fitting(schema, engine))
    return None


def generated(
    task: Task, engine: Engine, prompts: Format = hermes4, judge: Judge = judge, rules: Rules = rules
) -> AsyncGenerator[Event, None]:
    """Strategy `repair`: the events of one task; the last is `Completed`. Raises as `constrained`."""

    def run(single: Task) -> Run:
        return _Freely(single, engine, prompts, judge, rules=rules)

    return events_of(task, run)


@dataclass
class _Freely(Run):
    """Attempts without a grammar; each answer goes through the rules."""

    rules: Rules = rules
    strategy: str = "repair"
    repair: RepairResult | None = None

    async def _constraint(self, number: int, last: Any, violations: Any) -> Constraint | None:
        return None

    async def _judge(self) -> tuple[Any, list[Violation], AttemptStatus]:
        """As the rules find it. An answer that the budget cut is not put together from what there is."""
        self.repair = None
        if self.answer.finish == "length":
            return await super()._judge()
        found = await self.rules(self.answer.text, self.task.schema, "inferred")
        if found.status == "failed":
            return found.value, list(found.violations), "violations"
        left = await self.judge(self.task.schema, found.value)
        if left:
            return found.value, left, "violations"
        self.repair = found
        return found.value, [], "valid"

    @property
    def _wants_logprobs(self) -> bool:
        return False  # the text may not be the data

    def _result(self, data: Any) -> Any:
        return replace(super()._result(data), repair=self.repair)
