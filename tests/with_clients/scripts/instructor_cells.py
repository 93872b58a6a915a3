"""instructor: its modes, scalars, several tools, re-asks, errors and length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from driver import cell, first_with
from instructor import Mode
from instructor.core import IncompleteOutputException, InstructorRetryException
from instructor_calls import ASKED, FREE, client, create
from pydantic import field_validator
from shapes import Calendar, Note, Person, Weather


def person(mode: Mode, url: str = "", **arguments: Any) -> dict[str, Any]:
    return {"data": create(mode, Person, url, **arguments).model_dump(mode="json"), "shape": "person"}


@cell("typed", "tools")
def typed_tools() -> dict[str, Any]:
    return person(Mode.TOOLS)


@cell("typed", "json_schema")
def typed_json_schema() -> dict[str, Any]:
    return person(Mode.JSON_SCHEMA)


@cell("typed", "responses_tools")
def typed_responses_tools() -> dict[str, Any]:
    return person(Mode.RESPONSES_TOOLS)


@cell("typed", "json")
def typed_json(url: str) -> dict[str, Any]:
    return person(Mode.JSON, url)


@cell("typed", "md_json")
def typed_md_json(url: str) -> dict[str, Any]:
    return person(Mode.MD_JSON, url)


@cell("typed", "structured_outputs")
def typed_structured_outputs() -> dict[str, Any]:
    """A mode that only asks in words, made sure of by the service."""
    return person(Mode.MD_JSON, extra_body={"structured_outputs": {"json": Person.model_json_schema()}})


@cell("typed", "scalar")
def typed_scalar() -> dict[str, Any]:
    """instructor's object around a scalar is open: the first answer that ends counts."""

    def attempt(seed: int) -> Any:
        try:
            return create(Mode.TOOLS, Literal["red", "green"], seed=seed, **FREE)
        except IncompleteOutputException:
            return None

    return {"data": first_with(attempt), "shape": "colour"}


@cell("typed", "completion")
def typed_with_completion() -> dict[str, Any]:
    data, reply = client(Mode.TOOLS).create_with_completion(**ASKED, response_model=Person)
    return {"data": data.model_dump(mode="json"), "shape": "person", "usage": reply.usage.model_dump()}


@cell("tools", "parallel")
def tools_parallel() -> dict[str, Any]:
    def attempt(seed: int) -> Any:
        try:
            return list(create(Mode.PARALLEL_TOOLS, Iterable[Weather | Calendar], seed=seed, **FREE))
        except (IncompleteOutputException, InstructorRetryException):  # no whole call in this answer
            return None

    found = first_with(lambda seed: attempt(seed) or None)
    calls = [{"id": "-", "name": type(each).__name__, "arguments": each.model_dump()} for each in found]
    return {"calls": calls}


class Reviewed(Note):
    """A note that is sent back once."""

    @field_validator("title")
    @classmethod
    def _again(cls, title: str) -> str:
        reviews.append(title)
        if len(reviews) == 1:
            raise ValueError("a first title is never good enough")
        return title


reviews: list[str] = []


@cell("tools", "reask")
def tools_reask() -> dict[str, Any]:
    return reviewed(Mode.TOOLS)


@cell("typed", "reask")
def json_reask() -> dict[str, Any]:
    return reviewed(Mode.JSON_SCHEMA)


def reviewed(mode: Mode) -> dict[str, Any]:
    """The second request has the first answer and what is wrong with it among its turns."""
    reviews.clear()
    data = create(mode, Reviewed, max_retries=2)
    return {"data": data.model_dump(), "shape": "note", "rounds": len(reviews)}
