"""Validate the values of a task from a caller in process, by the bounds of the service's requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from structgen.empty_input import no_text
from structgen.errors import BadRequest
from structgen.schema import json_value
from structgen.strategies.task import Task
from structgen.suggestions import did_you_mean
from structgen.types import (
    Example,
    Limits,
    Message,
    OnBudget,
    OnEngineLoss,
    Role,
    Sampling,
    Strategy,
    Violation,
)

_INTEGERS = {
    "top_k": (0, None), "max_tokens": (1, None), "seed": (0, 2**63 - 1), "thinking_tokens": (1, None),
    "n": (1, 16), "max_attempts": (1, None), "max_total_tokens": (1, None), "priority": (None, None),
    "max_digits": (1, None), "max_string_length": (1, None), "max_items": (1, None),
}  # fmt: skip
_MAX_DEADLINE = 1e9
"""Seconds."""
_VALUE_LIMITS = "max_digits", "max_string_length", "max_items"
_OPTIONAL = frozenset({"seed", "thinking_tokens", "max_total_tokens", "deadline", *_VALUE_LIMITS})
_CHOICES = {"strategy": Strategy, "on_budget": OnBudget, "on_engine_loss": OnEngineLoss}


def validate_task(task: Task) -> None:
    """Raise `BadRequest` with every violation and its pointer, as the service does."""
    if violations := list(_violations(task)):
        raise BadRequest.of(violations, "the request")


def _violations(task: Task) -> Iterator[Violation]:
    for name in ("prompt", "document"):
        if (text := getattr(task, name)) is not None:
            yield from _text(f"/{name}", text)
    if (missing := no_text(task.prompt, task.document, task.messages)) is not None:
        yield Violation("", "missing", missing)
    for index, message in enumerate(task.messages):
        if not isinstance(message, Message) or message.role not in get_args(Role):
            yield Violation(
                f"/messages/{index}", "type", "must be a Message, or a mapping of role and content"
            )
        else:
            yield from _text(f"/messages/{index}/content", message.content)
        if isinstance(message, Message) and message.tool_calls:
            yield Violation(
                f"/messages/{index}/tool_calls", "type", "tool calls are not supported yet: leave them out"
            )
    for index, example in enumerate(task.examples):
        if not isinstance(example, Example):
            yield Violation(
                f"/examples/{index}", "type", "must be an Example, or a mapping of document and data"
            )
        else:
            yield from _text(f"/examples/{index}/document", example.document)
    yield from _choice("", "strategy", task.strategy)
    yield from _integer("/sampling", "n", task.n)
    if isinstance(task.sampling, Sampling):
        yield from _sampling_violations(task.sampling)
    else:
        yield Violation("/sampling", "type", "must be a Sampling, or a mapping of its fields")
    if isinstance(task.limits, Limits):
        yield from _limits_violations(task.limits)
    else:
        yield Violation("/limits", "type", "must be Limits, or a mapping of their fields")


def _text(at: str, text: Any) -> Iterator[Violation]:
    if not isinstance(text, str):
        yield Violation(at, "type", "must be a text")
    elif violations := list(json_value.faults(text)):
        yield replace(violations[0], pointer=at)


def _sampling_violations(sampling: Sampling) -> Iterator[Violation]:
    yield from _number("/sampling", "temperature", sampling.temperature, 0, 5)
    yield from _number("/sampling", "top_p", sampling.top_p, 0, 1, above=True)
    for name in ("top_k", "max_tokens", "seed", "thinking_tokens"):
        yield from _integer("/sampling", name, getattr(sampling, name))


def _limits_violations(limits: Limits) -> Iterator[Violation]:
    for name in ("max_attempts", "max_total_tokens", "priority", *_VALUE_LIMITS):
        yield from _integer("/limits", name, getattr(limits, name))
    yield from _number("/limits", "deadline", limits.deadline, 0, _MAX_DEADLINE, above=True)
    for name in ("on_budget", "on_engine_loss"):
        yield from _choice("/limits", name, getattr(limits, name))


def _choice(at: str, name: str, value: Any) -> Iterator[Violation]:
    known = get_args(_CHOICES[name])
    if value not in known:
        hint = did_you_mean(value, known) if isinstance(value, str) else ""
        yield Violation(f"{at}/{name}", "enum", f"{value!r} is not one of {', '.join(known)}{hint}")


def _integer(at: str, name: str, value: Any) -> Iterator[Violation]:
    least, most = _INTEGERS[name]
    if value is None and name in _OPTIONAL:
        return
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or (least is not None and value < least) or (most is not None and value > most):
        bounds = "" if least is None else f" from {least} on" if most is None else f" from {least} to {most}"
        yield Violation(f"{at}/{name}", "range", f"{value!r} is not an integer{bounds}")


def _number(
    at: str, name: str, value: Any, least: float, most: float, *, above: bool = False
) -> Iterator[Violation]:
    if value is None and name in _OPTIONAL:
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most or (above and value == least):
        bounds = f"{'above' if above else 'from'} {least} to {most:g}"
        yield Violation(f"{at}/{name}", "range", f"{value!r} is not a number {bounds}")
