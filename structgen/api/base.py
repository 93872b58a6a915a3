"""Base of the bodies of requests and responses, and the reader of a request's body."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache, reduce
from operator import getitem
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from structgen import json_text
from structgen.errors import BadRequest
from structgen.schema.traversal import pointer
from structgen.suggestions import did_you_mean, unknown_member
from structgen.types import Violation

SchemaReference = Annotated[
    dict[str, Any] | bool | str,
    Field(description="A JSON Schema, or the name of one that the service knows."),
]


class Body(BaseModel):
    """A JSON object without unknown members."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def missing_combination(cls, given: dict[str, Any]) -> str | None:
        """Describe a missing combination of members, such as at least one of several."""
        return None


FIRST_HUNDRED = "The first hundred violations."
VIOLATIONS_TOTAL = "The number of violations, if there are more than a hundred."


class UsageBody(Body):
    """Tokens and decode steps."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cached_tokens: int
    forced_tokens: int = Field(description="Tokens that the grammar forced, without their own decode step.")
    decode_steps: int


class Problem(BaseModel):
    """An error as in RFC 9457; further members depend on the type."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="/problems/NAME; the name is stable.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request id.")


BodyT = TypeVar("BodyT", bound=Body)


def parse_body(body: type[BodyT], text: str | bytes) -> BodyT:
    """Parse and validate the body of a request; `BadRequest` lists every error with its pointer."""
    try:
        given = json_text.loads(text)
    except json_text.JsonError as fault:
        violation = Violation("", fault.keyword, str(fault))
        raise BadRequest(f"the body cannot be read: {fault}", [violation]) from fault
    return parse_given(body, given)


def parse_given(body: type[BodyT], given: Any) -> BodyT:
    """Validate the JSON value of a request's body; `BadRequest` lists every error with its pointer."""
    missing = body.missing_combination(given) if isinstance(given, dict) else None
    faults = [] if missing is None else [Violation("", "missing", missing)]
    try:
        parsed = _validate(body, given)
    except ValidationError as error:
        faults += [_violation(body, fault) for fault in error.errors(include_url=False)]
    if faults:
        first_of_each = {fault.pointer: fault for fault in reversed(faults)}
        raise BadRequest.from_violations(list(first_of_each.values())[::-1], "the body")
    return parsed


def _validate(body: type[BodyT], given: Any) -> BodyT:
    """Validate a body in which integers may be written as `63.0`, as JSON Schema counts them."""
    try:
        return body.model_validate(given)
    except ValidationError as error:
        integers = [fault for fault in error.errors(include_url=False) if _is_whole(fault)]
        if not integers:
            raise
        for fault in integers:
            *parents, last = fault["loc"]
            with suppress(LookupError, TypeError):  # a location that also names the branch of a union
                reduce(getitem, parents, given)[last] = int(fault["input"])
        return body.model_validate(given)


def _is_whole(fault: ErrorDetails) -> bool:
    """Return whether a number was refused only because it is an integer that is written like `63.0`."""
    value = fault["input"]
    return fault["type"] == "int_type" and isinstance(value, float) and value.is_integer()


@cache
def member_names(body: type[Any], path: str = "") -> dict[str, list[str]]:
    """Return the names of the members of a body and of each object in it, by the path of the object."""
    if is_dataclass(body):
        return {path: [field.name for field in fields(body)]}
    names = {path: [field.alias or name for name, field in body.model_fields.items()]}
    for name, field in body.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if _is_object(kind):
                names |= member_names(kind, f"{path}/{name}".lstrip("/"))
    return names


def _is_object(kind: Any) -> bool:
    """Return whether a type stands for an object with known members."""
    return is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, BaseModel))


_KEYWORDS = {"unexpected_keyword_argument": "extra_forbidden", "dataclass_type": "model_type"}
"""Kinds of faults of dataclasses, by the keywords that faults of all bodies have."""


def _violation(body: type[Body], fault: ErrorDetails) -> Violation:
    """Convert a fault of pydantic, which also names the branch of a union in the location."""
    location, message = fault["loc"], fault["msg"].removeprefix("Value error, ")
    keyword = _KEYWORDS.get(fault["type"], fault["type"])
    if location[:1] == ("schema_",):  # a default has no alias
        location = ("schema", *location[1:])
    if keyword == "extra_forbidden":
        parent = "/".join(step for step in location[:-1] if isinstance(step, str))
        message = unknown_member(str(location[-1]), parent, member_names(body))
    elif keyword == "model_type":
        message = "Input should be an object"
    elif location[:1] == ("schema",) and keyword != "combination":
        message = "a JSON Schema (object, true, false) or the name of one"
        message = f"is missing: give {message}" if keyword == "missing" else message
        return Violation("/schema", "type", message)
    elif keyword == "literal_error" and isinstance(fault["input"], str):
        choices = re.findall("'([^']*)'", str(fault["ctx"]["expected"]))
        message += did_you_mean(fault["input"], choices)
    return Violation(pointer(location), keyword, message)
