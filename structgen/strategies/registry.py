"""The strategies by name: the one place that picks the strategy of a task."""

from __future__ import annotations

from structgen.engines.base import Engine
from structgen.schema import Schema
from structgen.strategies.auto import Auto
from structgen.strategies.base import Collaborators, Strategy
from structgen.strategies.constrained import Constrained
from structgen.strategies.events import EventSink
from structgen.strategies.free_then_repair import FreeThenRepair
from structgen.strategies.result import Result
from structgen.strategies.task import Task

STRATEGIES: dict[str, Strategy] = {
    "constrained": Constrained(),
    "repair": FreeThenRepair(),
    "auto": Auto(),
}


async def compile_grammar(task: Task, engine: Engine) -> Schema | None:
    """Compile the task's grammar ahead of its run; None where its strategy compiles none beforehand."""
    return await STRATEGIES[task.strategy].compile(task, engine)


async def run(task: Task, collaborators: Collaborators, emit: EventSink | None = None) -> Result:
    """Run a task under the strategy that it names."""
    return await STRATEGIES[task.strategy].run(task.started(), collaborators, emit)
