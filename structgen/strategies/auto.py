"""Strategy `auto`: constrained where the engine can and the schema compiles, else `repair`."""

from __future__ import annotations

from dataclasses import replace

from structgen.engines.base import Engine
from structgen.errors import InvalidSchema
from structgen.schema import Schema
from structgen.strategies.base import Collaborators, Strategy
from structgen.strategies.constrained import Constrained
from structgen.strategies.events import EventSink
from structgen.strategies.free_then_repair import FreeThenRepair
from structgen.strategies.grammar_fallback import compiled
from structgen.strategies.result import Result
from structgen.strategies.task import Task


class Auto:
    """Choose a strategy by the engine and the schema, and put the reason into the result."""

    async def compile(self, task: Task, engine: Engine) -> Schema | None:
        """Compile nothing ahead: the run itself tries the grammar before it chooses."""
        return None

    async def run(self, task: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
        """Run the task under the strategy that suits it."""
        strategy, task, reason = await _choose(task, collaborators.engine)
        return replace(await strategy.run(task, collaborators, emit), chosen=reason)


async def _choose(task: Task, engine: Engine) -> tuple[Strategy, Task, str]:
    """Return the strategy, the task with a schema whose grammar compiles, and the reason."""
    if not engine.capabilities.constrained:
        return FreeThenRepair(), task, "this engine does not support constrained decoding"
    if task.grammar_error is not None:
        return FreeThenRepair(), task, str(task.grammar_error)
    try:
        schema = await compiled(task.schema, engine)
    except InvalidSchema as error:
        return FreeThenRepair(), task, str(error)
    return Constrained(), replace(task, schema=schema), "the engine decodes under the schema's grammar"
