"""instructor: partial objects, items one by one, errors and length."""

from __future__ import annotations

from itertools import islice
from typing import Any

from driver import LONG, WRONG_KEY, cell, first_with, refused
from instructor import Mode
from instructor.core import IncompleteOutputException, InstructorRetryException
from instructor_calls import ASKED, client, create
from openai import APIError
from pydantic import BaseModel, ValidationError
from shapes import Note, Person


def partial(mode: Mode) -> dict[str, Any]:
    """Each piece is the note so far; the last one is whole."""
    states = list(client(mode).create_partial(response_model=Note, **ASKED))
    return {"data": states[-1].model_dump(), "shape": "note", "pieces": len(states)}


@cell("stream", "partial-tools")
def partial_tools() -> dict[str, Any]:
    return partial(Mode.TOOLS)


@cell("stream", "partial-json_schema")
def partial_json_schema() -> dict[str, Any]:
    return partial(Mode.JSON_SCHEMA)


def items(mode: Mode) -> dict[str, Any]:
    """Return the first notes of an answer that has some: instructor's object around them has no bounds."""

    def attempt(seed: int) -> Any:
        asked = {**ASKED, "seed": seed, "temperature": 1, "max_tokens": 300}
        try:
            return list(islice(client(mode).create_iterable(response_model=Note, **asked), 3)) or None
        except (APIError, InstructorRetryException, ValidationError):
            return None

    return {"data": [note.model_dump() for note in first_with(attempt)], "shape": "notes"}


@cell("stream", "iterable-tools")
def iterable_tools() -> dict[str, Any]:
    return items(Mode.TOOLS)


@cell("stream", "iterable-json_schema")
def iterable_json_schema() -> dict[str, Any]:
    return items(Mode.JSON_SCHEMA)


class Unknown(BaseModel):
    model_config = {"json_schema_extra": {"properties": {"age": {"type": "nosuch"}}}}
    age: int


@cell("errors", "schema")
def bad_schema() -> dict[str, Any]:
    return refused(lambda: create(Mode.TOOLS, Unknown), InstructorRetryException)


@cell("errors", "long")
def too_long() -> dict[str, Any]:
    turns = [{"role": "user", "content": LONG}]
    return refused(lambda: create(Mode.TOOLS, Note, messages=turns), InstructorRetryException)


@cell("errors", "key")
def wrong_key() -> dict[str, Any]:
    strange = client(Mode.TOOLS, key=WRONG_KEY)
    return refused(lambda: strange.create(response_model=Note, **ASKED), InstructorRetryException)


@cell("length", "tools")
def cut_call() -> dict[str, Any]:
    return cut(Mode.TOOLS)


@cell("length", "json_schema")
def cut_object() -> dict[str, Any]:
    return cut(Mode.JSON_SCHEMA)


def cut(mode: Mode) -> dict[str, Any]:
    call = lambda: create(mode, Person, max_tokens=4)  # noqa: E731
    return refused(call, IncompleteOutputException, InstructorRetryException)
