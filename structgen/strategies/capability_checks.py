"""Check that the engine supports what a task asks for under its strategy, and that its examples are valid."""

from __future__ import annotations

from dataclasses import replace

from structgen.errors import BadRequest
from structgen.strategies.base import Collaborators, ValidateValue
from structgen.strategies.task import Task
from structgen.strategies.value_limits import requested_limits
from structgen.types import MAX_SHOWN, Violation


async def check_supported(task: Task, collaborators: Collaborators, strategy: str) -> None:
    """Raise `BadRequest` for an option that would be ignored, and for examples that break the schema."""
    capabilities, constrained = collaborators.engine.capabilities, strategy == "constrained"
    subject = "this engine" if constrained else f"strategy {strategy!r}"
    if task.limits.on_budget == "close" and not (capabilities.completes_in_budget and constrained):
        reason = f"{subject} does not support on_budget 'close': use 'incomplete'"
        raise _unsupported("/limits/on_budget", reason)
    if not (capabilities.bounds_values and constrained):
        for name in requested_limits(task.limits):
            reason = f"{subject} cannot bound values while it decodes: leave {name} out"
            raise _unsupported(f"/limits/{name}", reason)
    if task.sampling.thinking_tokens is not None and not capabilities.supports_thinking:
        reason = "this engine's model cannot think first: leave it out"
        raise _unsupported("/sampling/thinking_tokens", reason)
    if not task.examples_checked:
        await _check_examples(task, collaborators.validator)


async def _check_examples(task: Task, validator: ValidateValue) -> None:
    """Raise `BadRequest` for examples that break the schema: the model would imitate them."""
    violations: list[Violation] = []
    for index, example in enumerate(task.examples):
        for violation in await validator(task.schema, example.data):
            violations.append(replace(violation, pointer=f"/examples/{index}/data{violation.pointer}"))
        if len(violations) > MAX_SHOWN:
            break
    if violations:
        raise BadRequest.from_violations(violations, "the request")


def _unsupported(pointer: str, reason: str) -> BadRequest:
    return BadRequest(f"{pointer}: {reason}", [Violation(pointer, "enum", reason)])
