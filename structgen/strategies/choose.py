"""Strategy `auto`: constrained where it can be, else free generation and repair; told with its reason."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from structgen.engines.base import Constraint, Engine
from structgen.errors import BadRequest, InvalidSchema
from structgen.prompts import hermes4
from structgen.prompts.base import Format
from structgen.strategies.base import Completed, Event, Judge, Mend, Task, judge, mend
from structgen.strategies.constrained import constrained
from structgen.strategies.repaired import Rules, generated, rules
from structgen.types import Violation


async def events(
    task: Task,
    engine: Engine,
    prompts: Format = hermes4,
    judge: Judge = judge,
    rules: Rules = rules,
    mend: Mend = mend,
) -> AsyncGenerator[Event, None]:
    """The events of a task under the strategy that it names, or that suits it."""
    name: str = task.strategy
    reason: str | None = None
    if name == "auto":
        name, reason = await _chosen(task, engine)
    _check(task, engine, name)
    await _examples(task, judge)
    made = (
        generated(task, engine, prompts, judge, rules)
        if name == "repair"
        else constrained(task, engine, prompts, judge, mend)
    )
    async with aclosing(made) as found:
        async for event in found:
            if isinstance(event, Completed) and reason is not None:
                event = Completed(replace(event.result, chosen=reason))
            yield event


def _check(task: Task, engine: Engine, strategy: str) -> None:
    """`BadRequest` for what the engine cannot do under the strategy: no option is left out in silence."""
    able = engine.capabilities
    if task.limits.on_budget == "close" and not (able.closes and strategy == "constrained"):
        who = "this engine" if strategy == "constrained" else f"strategy {strategy!r}"
        raise _unable(
            "/limits/on_budget", f"{who} cannot close within the budget: it knows 'incomplete' alone"
        )
    if task.sampling.thinking_tokens is not None and not able.thinks:
        raise _unable("/sampling/thinking_tokens", "this engine's model cannot think first: leave it out")


async def _examples(task: Task, judge: Judge) -> None:
    """`BadRequest` for examples that break the schema: a model would learn from them."""
    faults = [
        replace(found, pointer=f"/examples/{index}/data{found.pointer}")
        for index, example in enumerate(task.examples)
        for found in await judge(task.schema, example.data)
    ]
    if faults:
        raise BadRequest.of(faults, "the request")


def _unable(pointer: str, reason: str) -> BadRequest:
    return BadRequest(f"{pointer}: {reason}", [Violation(pointer, "enum", reason)])


async def _chosen(task: Task, engine: Engine) -> tuple[str, str]:
    if not engine.capabilities.constrained:
        return "repair", "this engine knows no grammars"
    if task.refusal is not None:
        return "repair", task.refusal
    try:
        await engine.prepare(Constraint(task.schema.grammar, task.schema.hash))
    except InvalidSchema as error:
        return "repair", str(error)
    return "constrained", "the engine decodes under the schema's grammar"
