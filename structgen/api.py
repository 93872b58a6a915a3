"""The bodies of the REST interface, as server and client both see them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from structgen import jsontext
from structgen.errors import BadRequest
from structgen.schema.walk import pointer
from structgen.types import Example, Limits, Message, Sampling, Violation

INVOICE_EXAMPLE: dict[str, Any] = {
    "schema": "invoice",
    "document": "Invoice INV-2026-0042 of 2026-03-02 ...",
    "sampling": {"temperature": 0, "max_tokens": 512},
}
SchemaReference = Annotated[
    dict[str, Any] | bool | str,
    Field(description="A JSON Schema, or the name of one that the service has."),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SamplingBody(_Body):
    """How tokens are drawn."""

    temperature: float = Field(default=0.0, ge=0, le=5, description="0 is greedy.")
    top_p: float = Field(default=1.0, gt=0, le=1)
    top_k: int = Field(default=0, ge=0, description="0: all tokens.")
    max_tokens: int = Field(default=1024, ge=1, le=131_072, description="Of one attempt.")
    seed: int | None = Field(
        default=None,
        ge=0,
        lt=2**63,
        description="Repeats a result for the same engine, model, request and batch shape.",
    )
    n: int = Field(default=1, ge=1, le=16, description="Candidates; the first valid one is the data.")

    def value(self) -> Sampling:
        return Sampling(self.temperature, self.top_p, self.top_k, self.max_tokens, self.seed)


class LimitsBody(_Body):
    """What the request may cost, over all its attempts."""

    max_attempts: int = Field(default=3, ge=1, le=10)
    max_total_tokens: int | None = Field(default=None, ge=1, description="Prompts and answers together.")
    deadline: float | None = Field(default=None, gt=0, description="Seconds.")
    on_budget: Literal["incomplete", "close"] = Field(
        default="incomplete",
        description="At the end of max_tokens: an error with what is complete, or the shortest valid end.",
    )

    def value(self, longest: float | None = None) -> Limits:
        """With the deadline no later than `longest` seconds."""
        known = [d for d in (self.deadline, longest) if d is not None]
        deadline = min(known) if known else None
        return Limits(self.max_attempts, self.max_total_tokens, deadline, self.on_budget)


class MessageBody(_Body):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str


class ExampleBody(_Body):
    """A document and the object that was meant."""

    document: str
    data: Any


class ExtractRequest(_Body):
    """A schema, and at least one of prompt, document and messages."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [INVOICE_EXAMPLE]})

    schema_: SchemaReference = Field(alias="schema")
    prompt: str | None = Field(default=None, description="What to do with the document.")
    document: str | None = Field(default=None, description="The text to extract from.")
    messages: list[MessageBody] = Field(default=[], description="Turns before prompt and document.")
    examples: list[ExampleBody] = Field(default=[], description="Few-shot examples.")
    sampling: SamplingBody = SamplingBody()
    limits: LimitsBody = LimitsBody()
    stream: bool = Field(default=False, description="Answer with server-sent events.")
    report: bool = Field(default=False, description="Tell which constraints were decoded, which validated.")
    strategy: Literal["constrained", "repair", "auto"] = Field(
        default="constrained",
        description="Decode under the grammar; generate freely and repair; or whichever suits.",
    )

    @model_validator(mode="after")
    def _has_text(self) -> Self:
        if self.prompt is None and self.document is None and not self.messages:
            raise ValueError("give at least one of prompt, document and messages")
        return self

    def turns(self) -> tuple[Message, ...]:
        return tuple(Message(m.role, m.content) for m in self.messages)

    def shots(self) -> tuple[Example, ...]:
        return tuple(Example(e.document, e.data) for e in self.examples)


class ValidateRequest(_Body):
    """A value to check."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"schema": {"type": "integer"}, "value": 1.5}]},
    )

    schema_: SchemaReference = Field(alias="schema")
    value: Any


class CheckRequest(_Body):
    """A schema to look at."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"schema": {"type": "array", "uniqueItems": True}}]},
    )

    schema_: SchemaReference = Field(alias="schema")


class RepairRequest(_Body):
    """Texts that were meant to be JSON."""

    text: str | None = None
    texts: list[str] | None = Field(default=None, min_length=1, max_length=1000, description="Many at once.")
    schema_: SchemaReference | None = Field(default=None, alias="schema")
    model: Literal["never", "if_needed"] = Field(
        default="never", description="Whether the model is asked for what rules cannot decide."
    )
    max_risk: Literal["lossless", "coerced", "inferred", "model"] | None = Field(
        default=None, description="Bounds what is applied. Default: model with a model, else inferred."
    )
    source: str | None = Field(default=None, description="The document that the text came from.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give either text or texts")
        return self

    @property
    def risk(self) -> Literal["lossless", "coerced", "inferred", "model"]:
        """What may be applied; a model that is never asked writes nothing."""
        most = self.max_risk or "model"
        return "inferred" if most == "model" and self.model == "never" else most


class FixBody(_Body):
    """A syntactic repair; positions are code points of the given text, half-open."""

    kind: str
    start: int
    end: int
    text: str = Field(description="What stands there instead.")


class ChangeBody(_Body):
    """An RFC 6902 operation."""

    op: Literal["add", "remove", "replace", "move"]
    path: str
    from_: str | None = Field(default=None, alias="from")
    value: Any = None
    reason: str
    risk: Literal["lossless", "coerced", "inferred", "model"]


class ViolationBody(_Body):
    """One way in which a value misses its schema."""

    pointer: str = Field(description="RFC 6901, '' for the whole value.")
    keyword: str
    message: str


class ValidateResponse(_Body):
    """All violations, none where the value is valid."""

    valid: bool
    violations: list[ViolationBody]


class UsageBody(_Body):
    """Tokens and decode steps."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cached_tokens: int
    forced_tokens: int = Field(description="Made by the grammar without a step of their own.")
    decode_steps: int


class RepairResponse(_Body):
    """One text's result, or `results` for many, in their order."""

    status: Literal["unchanged", "repaired", "model_repaired", "failed"] | None = None
    value: Any = None
    fixes: list[FixBody] | None = None
    changes: list[ChangeBody] | None = Field(
        default=None, description="From the first value read to `value`."
    )
    violations: list[ViolationBody] | None = None
    usage: UsageBody | None = None
    cut_at: str | None = Field(default=None, description="Pointer of the place where the text was cut.")
    results: list[RepairResponse] | None = None


class AttemptBody(_Body):
    """One generation and what became of it."""

    number: int
    strategy: str
    status: Literal["valid", "incomplete", "violations", "deadline", "error"]
    usage: UsageBody
    violations: list[ViolationBody]
    seconds: float
    opened: list[str] | None = Field(default=None, description="What a retry was free to change; else all.")


class SchemaInfo(_Body):
    """Which schema the data is valid under."""

    name: str | None
    hash: str
    dialect: str


class EnforcementBody(_Body):
    """When a constraint is enforced: while decoding, or by validation afterwards, with the reason."""

    by: Literal["decoded", "validated"]
    reason: str | None = None


class CheckResponse(_Body):
    """What the service makes of a schema. `report` is by the constraints' pointers."""

    schema_: SchemaInfo = Field(alias="schema")
    report: dict[str, EnforcementBody]
    warnings: list[ViolationBody]


class ChosenStrategy(_Body):
    """A strategy and why it was chosen."""

    name: str
    reason: str


class RepairAccount(_Body):
    """The account of a repair."""

    status: Literal["unchanged", "repaired", "model_repaired", "failed"]
    fixes: list[FixBody]
    changes: list[ChangeBody]


class ExtractResponse(_Body):
    """A value that is valid under the caller's full schema, and the account of how it came about."""

    id: str
    status: Literal["completed"]
    data: Any
    attempts: list[AttemptBody]
    usage: UsageBody
    schema_: SchemaInfo = Field(alias="schema")
    model: str
    candidates: list[Any] | None = None
    report: dict[str, EnforcementBody] | None = None
    strategy: ChosenStrategy | None = Field(default=None, description="What `auto` chose.")
    repair: RepairAccount | None = Field(default=None, description="What was put right in the text.")
    forced: list[str] | None = Field(default=None, description="Pointers to what the budget cut or chose.")


class Problem(BaseModel):
    """RFC 9457; further members depend on the type."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="/problems/NAME, stable.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request id.")


B = TypeVar("B", bound=BaseModel)


def read(body: type[B], text: str | bytes) -> B:
    """The body of a request; `BadRequest` with every fault and its pointer."""
    try:
        return body.model_validate(jsontext.loads(text))
    except jsontext.JsonFault as fault:
        violation = Violation("", fault.keyword, str(fault))
        raise BadRequest(f"the body is not usable JSON: {fault}", [violation]) from fault
    except ValidationError as error:
        found = [_fault(e["loc"], e["type"], e["msg"]) for e in error.errors(include_input=False)]
        faults = list({fault.pointer: fault for fault in reversed(found)}.values())[::-1]
        detail = "; ".join(f"{f.pointer or 'the body'}: {f.message}" for f in faults[:5])
        raise BadRequest(detail, faults) from error


def _fault(location: tuple[int | str, ...], kind: str, message: str) -> Violation:
    """Pydantic names the branch of a union at the end of the place: it is no part of the pointer."""
    path = [step for step in location if not (isinstance(step, str) and "[" in step)]
    if path[:1] == ["schema"]:
        return Violation("/schema", "type", "a JSON Schema (object, true, false) or the name of one")
    return Violation(pointer(path), kind, message.removeprefix("Value error, "))
