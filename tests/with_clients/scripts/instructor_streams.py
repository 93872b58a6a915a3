"""instructor: partial objects, items one by one, errors and length."""

from __future__ import annotations

from typing import Any

from driver import LONG, WRONG_KEY, cell, refused
from instructor import Mode
from instructor.core import IncompleteOutputException, InstructorRetryException
from instructor_calls import ASKED, client, create
from pydantic import BaseModel
from shapes import Note, Person


def partial(mode: Mode) -> dict[str, Any]:
    """Each piece is the note so far; the last one is whole."""
    states = list(client(mode).create_partial(response_model=Note, **ASKED))
    return {"data": states[-1].model_dump(), "shape": "note", "pieces": len(states)}


@cell("stream", "partial-tools")
def partial_tools() -> dict[str, Any]:
    """A call arrives whole: with it all of the object."""
    result = partial(Mode.TOOLS)
    assert result.pop("pieces") >= 1
    return result


@cell("stream", "partial-json_schema")
def partial_json_schema() -> dict[str, Any]:
    return partial(Mode.JSON_SCHEMA)


def items(mode: Mode, url: str) -> dict[str, Any]:
    """Read the notes one by one; a script answers, because instructor's list is optional and has no bound."""
    notes = client(mode, url).create_iterable(response_model=Note, **ASKED)
    return {"data": [note.model_dump() for note in notes], "shape": "notes"}


@cell("stream", "iterable-tools")
def iterable_tools(url: str) -> dict[str, Any]:
    return items(Mode.TOOLS, url)


@cell("stream", "iterable-json_schema")
def iterable_json_schema(url: str) -> dict[str, Any]:
    return items(Mode.JSON_SCHEMA, url)


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
