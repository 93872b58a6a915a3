"""Read the service's responses: JSON bodies, events of a stream, and errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from structgen import json_text
from structgen.client.problems import from_problem
from structgen.client.protocol import ResponseHead
from structgen.errors import PROBLEMS, BadResponse, StructgenError, Unauthorized, Unavailable
from structgen.http_responses import ResponseDecodingError, ServerSentEvent, parse_retry_after
from structgen.types import OnProgress, Progress

RETRIED_STATUSES: Mapping[int, type[Unavailable]] = {
    kind.status: kind for kind in PROBLEMS.values() if issubclass(kind, Unavailable)
}
"""Statuses that are retried, with the error of each where the body has no problem."""
_FOREIGN = "the response does not come from structgen's service"


def json_object(text: bytes | str) -> dict[str, Any]:
    """Parse a JSON object: all bodies and events of the service are objects."""
    try:
        value = json_text.loads(text)
    except json_text.JsonError as fault:
        raise BadResponse(f"{_FOREIGN}: {fault}") from fault
    if not isinstance(value, dict):
        raise BadResponse(f"{_FOREIGN}: it is not a JSON object")
    return value


@contextmanager
def contract_members() -> Iterator[None]:
    """Raise `BadResponse` where the block finds that a response lacks a member, or has it in another type."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadResponse(f"{_FOREIGN}: {error!r}") from error


@contextmanager
def decoding() -> Iterator[None]:
    """Raise `BadResponse` where the block cannot decode a response."""
    try:
        yield
    except ResponseDecodingError as fault:
        raise BadResponse(str(fault)) from fault


def partial_objects(event: ServerSentEvent) -> list[Any]:
    """Return the object of a `partial` event, and nothing for others; raise the error of a `problem`."""
    check_problem(event)
    return [json_object(event.data).get("data")] if event.name == "partial" else []


def no_objects(event: ServerSentEvent) -> list[Any]:
    """Return nothing; raise the error of a `problem`."""
    check_problem(event)
    return []


def with_progress(
    values_of: Callable[[ServerSentEvent], list[Any]], on_progress: OnProgress | None
) -> Callable[[ServerSentEvent], list[Any]]:
    """Return a reader of events that also hands the progress in `progress` events to the caller."""
    if on_progress is None:
        return values_of

    def values(event: ServerSentEvent) -> list[Any]:
        if event.name != "progress":
            return values_of(event)
        with contract_members():
            progress = Progress.from_json(json_object(event.data))
        on_progress(progress)
        return []

    return values


def check_problem(event: ServerSentEvent) -> None:
    """Raise the error of a `problem` event."""
    if event.name == "problem":
        raise _error(json_object(event.data), f"the stream has an unreadable problem: {event.data[:200]}")


def error_of(head: ResponseHead, body: bytes) -> StructgenError:
    """Return the error of a response whose status is not 2xx."""
    error = _error(_problem(body), _describe(head, body))
    if isinstance(error, Unauthorized):
        reason = "the service refuses the API key" if head.sent_api_key else "the request had no API key"
        return Unauthorized(f"{reason}: {error}")
    if head.status in RETRIED_STATUSES and not isinstance(error, Unavailable):
        error = RETRIED_STATUSES[head.status](str(error))
    retry_after = parse_retry_after(head.headers.get("retry-after", ""))
    if isinstance(error, Unavailable) and retry_after is not None:
        error.retry_after = retry_after
    return error


def _problem(body: bytes) -> Any:
    """Return the problem in a body, also from OpenAI's envelope, which `/v1/models` has."""
    try:
        value = json_text.loads(body)
    except json_text.JsonError:
        return None
    error = value.get("error") if isinstance(value, dict) else None
    if isinstance(error, dict) and "type" not in value:
        members = error.get("structgen")
        given = members if isinstance(members, dict) else {}
        return {**given, "type": error.get("code"), "detail": error.get("message")}
    return value


def _describe(head: ResponseHead, body: bytes) -> str:
    """Describe a response that has no problem of the service."""
    if 300 <= head.status < 400:
        target = head.headers.get("location", "an unnamed address")[:200]
        return (
            f"the service redirects to {target} (HTTP {head.status}), and the client follows no redirects: "
            "give that address instead"
        )
    return f"{_FOREIGN}: HTTP {head.status}, {body[:200].decode('utf-8', 'replace')}"


def _error(problem: Any, otherwise: str) -> StructgenError:
    try:
        return from_problem(problem) if problem["type"] else BadResponse(otherwise)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return BadResponse(otherwise)
