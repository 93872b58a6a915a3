"""What the bodies have in common, and how one is read."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from structgen import jsontext
from structgen.errors import BadRequest
from structgen.schema.walk import pointer
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
        "costly, validated-only, no-grammar, more-warnings."
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
        given = jsontext.loads(text)
    except jsontext.JsonFault as fault:
        violation = Violation("", fault.keyword, str(fault))
        raise BadRequest(f"the body is not usable JSON: {fault}", [violation]) from fault
    lack = body.lacks(given) if isinstance(given, dict) else None
    found = [] if lack is None else [Violation("", "missing", lack)]
    try:
        read = body.model_validate(given)
    except ValidationError as error:
        found += [_fault(e["loc"], e["type"], e["msg"]) for e in error.errors(include_input=False)]
    if found:
        faults = list({fault.pointer: fault for fault in reversed(found)}.values())[::-1]
        raise BadRequest.of(faults, "the body")
    return read


def _fault(location: tuple[int | str, ...], kind: str, message: str) -> Violation:
    """Pydantic names the branches of a union behind the place: they are no part of the pointer."""
    if location[:1] == ("schema",):
        return Violation("/schema", "type", "a JSON Schema (object, true, false) or the name of one")
    return Violation(pointer(location), kind, message.removeprefix("Value error, "))
