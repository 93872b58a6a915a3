"""Strategy `auto`: constrained where it can be, else free generation and repair; told with its reason."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from structgen.engines.base import Engine
from structgen.errors import BadRequest, InvalidSchema
from structgen.prompts import hermes4
from structgen.prompts.base import Format
from structgen.strategies import value_limits
from structgen.strategies.base import Completed, Event, Judge, Mend, Task, judge, mend
from structgen.strategies.grammar_fallback import fitting, wider
from structgen.strategies.model_repair import Rules, generated, rules
from structgen.strategies.retry_loop import constrained
from structgen.types import MAX_SHOWN, Violation


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
        task, name, reason = await _chosen(task, engine)
    _check(task, engine, name)
    await _examples(task, judge)
    widened = name == "repair"  # which has no grammar
    while True:
        made = (
            generated(task, engine, prompts, judge, rules)
            if name == "repair"
            else constrained(task, engine, prompts, judge, mend)
        )
        try:
            async with aclosing(made) as chain:
                async for event in chain:
                    if isinstance(event, Completed):
                        decoded = name == "constrained" and engine.capabilities.constrained
                        if (warnings := task.schema.diagnostics(decoded=decoded)) or reason is not None:
                            warnings += event.result.warnings
                            event = Completed(replace(event.result, chosen=reason, warnings=warnings))
                    yield event
            return
        except InvalidSchema:  # the engine refuses the grammar, perhaps on the way: a wider one starts anew
            schema = task.schema if widened else await wider(task.schema, engine)
            if schema is task.schema:
                raise
            task, widened = replace(task, schema=schema), True


def _check(task: Task, engine: Engine, strategy: str) -> None:
    """`BadRequest` for what the engine cannot do under the strategy: no option is left out in silence."""
    able = engine.capabilities
    if task.limits.on_budget == "close" and not (able.closes and strategy == "constrained"):
        who = "this engine" if strategy == "constrained" else f"strategy {strategy!r}"
        raise _unable(
            "/limits/on_budget", f"{who} cannot close within the budget: it knows 'incomplete' alone"
        )
    if not (able.bounds and strategy == "constrained"):
        for name in value_limits.given(task.limits):
            who = "this engine" if strategy == "constrained" else f"strategy {strategy!r}"
            raise _unable(f"/limits/{name}", f"{who} cannot bound values while it decodes: leave {name} out")
    if task.sampling.thinking_tokens is not None and not able.thinks:
        raise _unable("/sampling/thinking_tokens", "this engine's model cannot think first: leave it out")


async def _examples(task: Task, judge: Judge) -> None:
    """`BadRequest` for examples that break the schema: a model would learn from them."""
    faults: list[Violation] = []
    for index, example in enumerate(task.examples):
        for found in await judge(task.schema, example.data):
            faults.append(replace(found, pointer=f"/examples/{index}/data{found.pointer}"))
        if len(faults) > MAX_SHOWN:
            break
    if faults:
        raise BadRequest.of(faults, "the request")


def _unable(pointer: str, reason: str) -> BadRequest:
    return BadRequest(f"{pointer}: {reason}", [Violation(pointer, "enum", reason)])


async def _chosen(task: Task, engine: Engine) -> tuple[Task, str, str]:
    """The task, its strategy and the reason for it."""
    if not engine.capabilities.constrained:
        return task, "repair", "this engine knows no grammars"
    if task.refusal is not None:
        return task, "repair", task.refusal
    try:
        schema = await fitting(task.schema, engine)
    except InvalidSchema as error:
        return task, "repair", str(error)
    task = replace(task, schema=schema) if schema is not task.schema else task
    return task, "constrained", "the engine decodes under the schema's grammar"
