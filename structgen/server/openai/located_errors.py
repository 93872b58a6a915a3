"""Errors with pointers into the request that they are about."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from structgen.errors import BadRequest, InvalidSchema, SchemaError


@contextmanager
def located(pointer: str | None, inside: bool = True) -> Iterator[None]:
    """Give an error about the schema at `pointer` its place in the request.

    Without `inside` the pointers of its violations do not lead further into that place.
    """
    try:
        yield
    except SchemaError as error:
        if pointer is None:
            raise
        raise _relocated(error, pointer, inside) from error


def _relocated(error: SchemaError, pointer: str, inside: bool) -> SchemaError:
    """Return a copy: the original may be cached for other requests."""
    copied = copy.copy(error)
    copied.pointer = pointer
    copied.args = (f"in {pointer}: {error}",)
    if isinstance(copied, InvalidSchema):
        copied.violations = tuple(
            replace(violation, pointer=pointer + violation.pointer if inside else pointer)
            for violation in copied.violations
        )
        if copied.violations:
            copied.pointer = copied.violations[0].pointer
    return copied


_MOVED = "/limits/"
"""Place of the limits in an extraction; chats have them under `structgen`."""


def in_chat_request(error: BadRequest) -> BadRequest:
    """Return the error of a run with pointers into a request of a chat."""
    violations = [
        replace(each, pointer=f"/structgen{each.pointer}") if each.pointer.startswith(_MOVED) else each
        for each in error.violations
    ]
    return BadRequest.from_violations(violations, "the body") if violations else error
