"""Repair of a text by rules, and by the model where rules fail."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from structgen import json_text
from structgen.engines.base import Constraint, Engine, EngineRequest
from structgen.errors import InvalidSchema
from structgen.parsing.pipeline import ModelRequest, repair_by_model
from structgen.parsing.result import RepairResult
from structgen.prompts import base as prompts
from structgen.schema import Schema
from structgen.strategies.attempt_grammar import retry_constraint
from structgen.strategies.base import Collaborators
from structgen.strategies.grammar_fallback import compiled, constraint_of
from structgen.types import Conversation, Risk, Sampling, Usage


@dataclass(frozen=True, slots=True)
class RepairTask:
    """A text to repair. `max_risk` bounds the changes; `source` is the document that the text came from."""

    text: str | bytes
    schema: Schema | None = None
    max_risk: Risk = "inferred"
    source: str | None = None
    attempts: int = 2
    """Attempts of the model; it runs where `max_risk` is `model` and rules were not enough."""
    sampling: Sampling = field(default_factory=Sampling)


async def repair_text(
    task: RepairTask, collaborators: Collaborators, by_rules: RepairResult | None = None
) -> RepairResult:
    """Repair by rules, and by the model where rules fail and `max_risk` allows it.

    `by_rules` is the result of the rules, where the caller has it.
    """
    result = by_rules
    if result is None:
        result = await collaborators.repairer(task.text, task.schema, task.max_risk)
    prose = result.parsed is None or any(fix.kind == "unquoted" for fix in result.fixes)
    if result.status != "failed" or prose or task.schema is None or task.max_risk != "model":
        return result
    steps = repair_by_model(result, task.schema, task.attempts)
    try:
        request = next(steps)
        while True:
            request = steps.send(await _answer(request, task, task.schema, collaborators))
    except StopIteration as end:
        repaired: RepairResult = end.value
        return repaired


async def _answer(
    request: ModelRequest, task: RepairTask, schema: Schema, collaborators: Collaborators
) -> tuple[str, Usage]:
    """Generate the model's answer to one request of the repair."""
    system = collaborators.prompt_format.system(schema.text)
    first = Conversation(prompts.conversation(system, document=task.source))
    prompt = prompts.retry(first, json_text.dumps(request.value), request.violations)
    constraint = await _constraint(request.grammar, schema, collaborators.engine)
    completion = await collaborators.engine.complete(EngineRequest(prompt, constraint, task.sampling))
    return completion.text, completion.usage


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
