"""Repair of a text by rules, and by the model where rules fail."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from structgen import json_text
from structgen.engines.base import Constraint, Engine, EngineRequest
from structgen.errors import InvalidSchema
from structgen.parsing.pipeline import ModelRepair, ModelReply, ModelRequest, repair_by_model
from structgen.parsing.result import RepairResult
from structgen.prompts import base as prompts
from structgen.schema import Schema
from structgen.strategies.attempt_grammar import retry_constraint
from structgen.strategies.base import Collaborators
from structgen.strategies.grammar_fallback import compiled, constraint_of
from structgen.types import Conversation, OnLoss, Risk, Sampling, Usage


@dataclass(frozen=True, slots=True)
class RepairTask:
    """A text to repair. `max_risk` bounds the changes; `source` is the document that the text came from.

    `on_loss`: whether a result that leaves out a key, a value or a row is `failed`.
    """

    text: str | bytes
    schema: Schema | None = None
    max_risk: Risk = "inferred"
    source: str | None = None
    attempts: int = 2
    """Attempts of the model; it runs where `max_risk` is `model` and rules were not enough."""
    sampling: Sampling = field(default_factory=Sampling)
    max_total_tokens: int | None = None
    """Tokens of all prompts and answers of the model together."""
    on_loss: OnLoss = "error"


@dataclass
class RepairAccount:
    """The tokens of the model in a repair so far, also in one that is cut off."""

    usage: Usage = field(default_factory=Usage)


async def repair_text(
    task: RepairTask,
    collaborators: Collaborators,
    by_rules: RepairResult | None = None,
    account: RepairAccount | None = None,
) -> RepairResult:
    """Repair by rules, and by the model where rules fail and `max_risk` allows it.

    `by_rules` is the result of the rules, where the caller has it; `account` receives the usage.
    """
    result = by_rules
    if result is None:
        result = await collaborators.repairer(task.text, task.schema, task.max_risk, task.on_loss)
    prose = result.parsed is None or any(fix.kind == "unquoted" for fix in result.fixes)
    if result.status != "failed" or prose or task.schema is None or task.max_risk != "model":
        return result
    account = account or RepairAccount()
    steps, reply = repair_by_model(result, task.schema, task.attempts), None
    while isinstance(step := await asyncio.to_thread(_advanced, steps, reply), ModelRequest):
        sampling, prompt = task.sampling, _prompt(step, task, task.schema, collaborators)
        if task.max_total_tokens is not None:
            left = task.max_total_tokens - account.usage.total_tokens
            left -= await collaborators.engine.count(prompt) or 0
            if left <= 0:
                return result._replace(usage=account.usage)
            sampling = replace(sampling, max_tokens=min(sampling.answer_tokens, left))
        constraint = await _constraint(step.grammar, task.schema, collaborators.engine)
        request = EngineRequest(prompt, constraint, sampling)
        reply = await _answer(request, collaborators.engine, account)
    return step


def _advanced(steps: ModelRepair, reply: ModelReply | None) -> ModelRequest | RepairResult:
    """Return the next request of a repair, or its result; this validates, which may take long."""
    try:
        return next(steps) if reply is None else steps.send(reply)
    except StopIteration as end:
        repaired: RepairResult = end.value
        return repaired


def _prompt(
    request: ModelRequest, task: RepairTask, schema: Schema, collaborators: Collaborators
) -> Conversation:
    system = collaborators.prompt_format.system(schema.text)
    first = Conversation(prompts.conversation(system, document=task.source))
    return prompts.retry(first, json_text.dumps(request.value), request.violations)


async def _answer(request: EngineRequest, engine: Engine, account: RepairAccount) -> ModelReply:
    """Generate an answer, and put its usage into the account even where it is cut off."""
    texts, usage = [], Usage()
    try:
        async with aclosing(engine.generate(request)) as chunks:
            async for chunk in chunks:
                texts.append(chunk.text)
                usage = chunk.usage or usage
    finally:
        account.usage += usage
    return "".join(texts), usage


async def _constraint(grammar: Any, schema: Schema, engine: Engine) -> Constraint | None:
    """Return the targeted grammar where it compiles, else the full schema's, else None."""
    if not engine.capabilities.constrained:
        return None
    with suppress(InvalidSchema):
        if grammar is not None:
            constraint = retry_constraint(grammar)
            await engine.prepare(constraint)
            return constraint
    with suppress(InvalidSchema):
        return constraint_of(await compiled(schema, engine))
    return None
