"""What the bodies have in common, and how one is read."""

from __future__ import annotations

import re
from functools import cache
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
    Field(description="A JSON Schema, or the name of one that the service has."),
]


class Body(BaseModel):
    """Unknown members are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def lacks(cls, given: dict[str, Any]) -> str | None:
        """What is missing that no single member must be."""
        return None


class ViolationBody(Body):
    """One way in which a value misses its schema."""

    pointer: str = Field(description="RFC 6901, '' for the whole value.")
    keyword: str
    message: str


class DiagnosticBody(Body):
    """A warning about the schema or the result that is not an error."""

    pointer: str = Field(description="RFC 6901, into the schema or into the data; '' for the whole.")
    code: str = Field(
        description="A stable name that programs may compare. Of schemas: unknown-keyword, foreign-keyword, "
        "unknown-format, no-effect, nullable-without-type, duplicate-value, undeclared-name, impossible, "
        "costly, validated-only, widened-grammar, no-grammar, more-warnings. Of results: demo-model, "
        "unread-characters, low-probability, limit-reached."
    )
    message: str


AT_MOST = "The first hundred of them."
TOTAL = "How many there are, where there are more than a hundred."


class UsageBody(Body):
    """Tokens and decode steps."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cached_tokens: int
    forced_tokens: int = Field(description="Made by the grammar without a step of their own.")
    decode_steps: int


class Problem(BaseModel):
    """RFC 9457; further members depend on the type."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="/problems/NAME, stable.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request id.")


B = TypeVar("B", bound=Body)


def read(body: type[B], text: str | bytes) -> B:
    """The body of a request; `BadRequest` with every fault and its pointer."""
    try:
        given = json_text.loads(text)
    except json_text.JsonFault as fault:
        violation = Violation("", fault.keyword, str(fault))
        raise BadRequest(f"the body cannot be read: {fault}", [violation]) from fault
    lack = body.lacks(given) if isinstance(given, dict) else None
    found = [] if lack is None else [Violation("", "missing", lack)]
    try:
        read = body.model_validate(given)
    except ValidationError as error:
        found += [_fault(body, fault) for fault in error.errors(include_url=False)]
    if found:
        faults = list({fault.pointer: fault for fault in reversed(found)}.values())[::-1]
        raise BadRequest.of(faults, "the body")
    return read


@cache
def homes(body: type[BaseModel], path: str = "") -> dict[str, list[str]]:
    """The names of the members of a body and of each object in it, by the path of the object."""
    found = {path: [field.alias or name for name, field in body.model_fields.items()]}
    for name, field in body.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found |= homes(kind, f"{path}/{name}".lstrip("/"))
    return found


def _fault(body: type[Body], fault: ErrorDetails) -> Violation:
    """Pydantic names the branches of a union behind the place: they are no part of the pointer."""
    location, kind, message = fault["loc"], fault["type"], fault["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        here = "/".join(step for step in location[:-1] if isinstance(step, str))
        message = unknown_member(str(location[-1]), here, homes(body))
    elif location[:1] == ("schema",):
        message = "a JSON Schema (object, true, false) or the name of one"
        message = f"is missing: give {message}" if kind == "missing" else message
        return Violation("/schema", "type", message)
    elif kind == "literal_error" and isinstance(fault["input"], str):
        known = re.findall("'([^']*)'", str(fault["ctx"]["expected"]))
        message += did_you_mean(fault["input"], known)
    return Violation(pointer(location), kind, message)
