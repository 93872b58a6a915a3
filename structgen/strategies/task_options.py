"""Tasks from the keyword options of a call in process, with the bounds that the service's requests have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from structgen.errors import BadRequest
from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.strategies.absent_members import relaxed_task
from structgen.strategies.task import Task
from structgen.strategies.task_validation import validate_task
from structgen.strategies.text_schema import text_schema
from structgen.suggestions import unknown_member
from structgen.types import (
    EvidenceOptions,
    Example,
    Grammar,
    Limits,
    Message,
    Sampling,
    TextFormat,
    Violation,
)

T = TypeVar("T")
_CALL = [
    "schema",
    "document",
    "file",
    "prompt",
    "messages",
    "examples",
    "sampling",
    "limits",
    "n",
    "report",
    "strategy",
    "evidence",
    "on_shortfall",
    "on_absent",
]
_TYPES = {
    "sampling": Sampling,
    "limits": Limits,
    "messages": Message,
    "examples": Example,
    "evidence": EvidenceOptions,
}
_MEMBERS: dict[str, list[str]] = {
    "": _CALL,
    **{option: [field.name for field in fields(kind)] for option, kind in _TYPES.items()},
}
"""The options of a call, and the members of each option that is an object."""


def task_from_options(
    schema: Any,
    document: str | Source | None,
    *,
    messages: Sequence[Message | Mapping[str, Any]] = (),
    examples: Sequence[Example | Mapping[str, Any]] = (),
    sampling: Sampling | Mapping[str, Any] | None = None,
    limits: Limits | Mapping[str, Any] | None = None,
    evidence: EvidenceOptions | Mapping[str, Any] | bool | None = None,
    **options: Any,
) -> Task:
    """Return the task of a call; mappings have the members of the service's requests.

    `schema` is any argument of `Schema.parse`, or a `Grammar` or `TextFormat` for plain text.

    Raises `TypeError` for an unknown option and `BadRequest` for a value that the service would refuse.
    """
    for name in options:
        if name not in _CALL:
            raise TypeError(f"extract(): {unknown_member(name, '', _MEMBERS, 'the call')}")
    text_format = TextFormat(lark=schema.lark) if isinstance(schema, Grammar) else schema
    plain = isinstance(text_format, TextFormat)
    task = Task(
        text_schema(text_format) if plain else Schema.parse(schema),
        text_format=text_format if plain else None,
        document=document.text if isinstance(document, Source) else document,
        source=document if isinstance(document, Source) else None,
        messages=tuple(_value(Message, message, "messages") for message in messages),
        examples=tuple(_value(Example, example, "examples") for example in examples),
        sampling=_value(Sampling, sampling or {}, "sampling"),
        limits=_value(Limits, limits or {}, "limits"),
        evidence=_value(EvidenceOptions, EvidenceOptions.of(evidence), "evidence"),
        **options,
    )
    validate_task(task)
    return relaxed_task(task)


def _value(kind: type[T], given: T | Mapping[str, Any], option: str) -> T:
    """Return the value of an option, built from its members where a mapping is given."""
    if not isinstance(given, Mapping):
        return given
    for member in given:
        if member not in _MEMBERS[option]:
            raise _bad_member(option, unknown_member(str(member), option, _MEMBERS))
    try:
        return kind(**given)
    except TypeError as error:
        raise _bad_member(option, str(error).partition("__init__() ")[2]) from error


def _bad_member(option: str, message: str) -> BadRequest:
    return BadRequest(f"/{option}: {message}", [Violation(f"/{option}", "fields", message)])
