"""Check a task of a caller in process against the bounds that the service's requests have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, get_args

from structgen.errors import BadRequest
from structgen.missing_text import missing_text_reason
from structgen.schema import json_value
from structgen.strategies.task import Task
from structgen.suggestions import did_you_mean
from structgen.types import (
    EvidenceOptions,
    Example,
    FieldDescription,
    Limits,
    Message,
    OnAbsent,
    OnShortfall,
    RequestSampling,
    Role,
    Sampling,
    StrategyName,
    Violation,
    describe,
)

_CHOICES = {
    name: FieldDescription(str, nullable=False, choices=get_args(kind))
    for name, kind in (("strategy", StrategyName), ("on_shortfall", OnShortfall), ("on_absent", OnAbsent))
}


def validate_task(task: Task) -> None:
    """Raise `BadRequest` with every fault of the task and its pointer into a request."""
    if faults := list(_faults(task)):
        raise BadRequest.from_violations(faults, "the request")


def _faults(task: Task) -> Iterator[Violation]:
    for name in ("prompt", "document"):
        if (text := getattr(task, name)) is not None:
            yield from _check_text(f"/{name}", text)
    if (missing := missing_text_reason(task.prompt, task.document, task.messages)) is not None:
        yield Violation("", "missing", missing)
    for index, message in enumerate(task.messages):
        if not isinstance(message, Message) or message.role not in get_args(Role):
            yield Violation(
                f"/messages/{index}", "type", "must be a Message, or a mapping of role and content"
            )
        else:
            yield from _check_text(f"/messages/{index}/content", message.content)
    for index, example in enumerate(task.examples):
        if not isinstance(example, Example):
            yield Violation(
                f"/examples/{index}", "type", "must be an Example, or a mapping of document and data"
            )
        else:
            yield from _check_text(f"/examples/{index}/document", example.document)
    for name, choices in _CHOICES.items():
        yield from _check_field(f"/{name}", choices, getattr(task, name))
    yield from _check_field("/sampling/n", describe(RequestSampling)["n"], task.n)
    if isinstance(task.sampling, Sampling):
        yield from _check_fields("/sampling", task.sampling)
    else:
        yield Violation("/sampling", "type", "must be a Sampling, or a mapping of its fields")
    if isinstance(task.limits, Limits):
        yield from _check_fields("/limits", task.limits)
    else:
        yield Violation("/limits", "type", "must be Limits, or a mapping of their fields")
    yield from _check_evidence(task.evidence)


def _check_evidence(evidence: Any) -> Iterator[Violation]:
    if evidence is None:
        return
    if not isinstance(evidence, EvidenceOptions):
        yield Violation("/evidence", "type", "must be true, false, or a mapping of readings and signals")
        return
    yield from _check_field("/evidence/readings", describe(EvidenceOptions)["readings"], evidence.readings)
    if not isinstance(evidence.signals, bool):
        yield Violation("/evidence/signals", "type", "must be true or false")


def _check_text(pointer: str, text: Any) -> Iterator[Violation]:
    if not isinstance(text, str):
        yield Violation(pointer, "type", "must be a text")
    elif faults := list(json_value.representation_violations(text)):
        yield replace(faults[0], pointer=pointer)


def _check_fields(pointer: str, values: Sampling | Limits) -> Iterator[Violation]:
    descriptions = describe(type(values))
    for field in fields(values):
        yield from _check_field(
            f"{pointer}/{field.name}", descriptions[field.name], getattr(values, field.name)
        )


def _check_field(pointer: str, description: FieldDescription, value: Any) -> Iterator[Violation]:
    if description.accepts(value):
        return
    keyword = "enum" if description.choices else "range"
    hint = did_you_mean(value, description.choices) if isinstance(value, str) else ""
    yield Violation(pointer, keyword, f"{value!r} is not {description.expectation()}{hint}")
