"""The bodies of `/v1/extract`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from structgen.api.base import (
    AT_MOST,
    TOTAL,
    Body,
    DiagnosticBody,
    SchemaReference,
    UsageBody,
    ViolationBody,
)
from structgen.api.repair import RepairAccount
from structgen.api.validate import EnforcementBody, SchemaInfo
from structgen.empty_input import no_text
from structgen.types import (
    AttemptStatus,
    Example,
    Limits,
    Message,
    OnBudget,
    OnEngineLoss,
    Role,
    Sampling,
    Strategy,
)

INVOICE_EXAMPLE: dict[str, Any] = {
    "schema": {
        "type": "object",
        "properties": {"invoice_number": {"type": "string"}, "total": {"type": "number", "minimum": 0}},
        "required": ["invoice_number", "total"],
        "additionalProperties": False,
    },
    "document": "Invoice number: INV-2026-0042\nTotal: 1,234.50",
    "sampling": {"temperature": 0, "max_tokens": 512},
}


class SamplingBody(Body):
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
    thinking_tokens: int | None = Field(
        default=None,
        ge=1,
        le=131_072,
        description="Tokens the model may think before it answers, not counted in max_tokens; null: none.",
    )
    n: int = Field(
        default=1,
        ge=1,
        le=16,
        description="Candidates; the first valid one is the data. A stream tells the result alone.",
    )

    def value(self) -> Sampling:
        return Sampling(
            self.temperature, self.top_p, self.top_k, self.max_tokens, self.seed, self.thinking_tokens
        )


class LimitsBody(Body):
    """What the request may cost, over all its attempts."""

    max_attempts: int = Field(default=3, ge=1, le=10)
    max_total_tokens: int | None = Field(
        default=None,
        ge=1,
        description="Prompts and answers together, of all candidates. What the first prompt takes is known "
        "beforehand, but of a remote server.",
    )
    deadline: float | None = Field(
        default=None,
        gt=0,
        description="Seconds; the service's own bound (300) holds too.",
    )
    on_budget: OnBudget = Field(
        default="incomplete",
        description="At the end of max_tokens: an error with what is complete, or the shortest valid end.",
    )

    on_engine_loss: OnEngineLoss = Field(
        default="error",
        description="Where the engine dies meanwhile: 503 at once, or wait for it and make another attempt.",
    )
    priority: int = Field(
        default=0,
        ge=-100,
        le=100,
        description="Lower goes first where requests wait, alike ones in order. No request is more urgent "
        "than its API key allows (0 unless the service says otherwise): lower numbers are raised to that.",
    )

    max_digits: int | None = Field(
        default=None,
        ge=1,
        description="Digits of a number that the schema does not bound. Default: 100.",
    )
    max_string_length: int | None = Field(
        default=None, ge=1, description="Characters of a string, likewise. Default: 32,768."
    )
    max_items: int | None = Field(
        default=None, ge=1, description="Items of a list, members of an object. Default: 10,000."
    )

    def value(self, longest: float | None = None) -> Limits:
        """With the deadline no later than `longest` seconds."""
        known = [d for d in (self.deadline, longest) if d is not None]
        deadline = min(known) if known else None
        return Limits(
            self.max_attempts,
            self.max_total_tokens,
            deadline,
            self.on_budget,
            self.on_engine_loss,
            self.priority,
            self.max_digits,
            self.max_string_length,
            self.max_items,
        )


class MessageBody(Body):
    """One turn of a conversation."""

    role: Role
    content: str


class ExampleBody(Body):
    """A document and the object that was meant."""

    document: str
    data: Any


class ExtractRequest(Body):
    """A schema, and at least one of prompt, document and messages."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [INVOICE_EXAMPLE]})

    schema_: SchemaReference = Field(alias="schema")
    prompt: str | None = Field(default=None, description="What to do with the document.")
    document: str | None = Field(default=None, description="The text to extract from.")
    messages: list[MessageBody] = Field(
        default=[], max_length=1000, description="Turns before prompt and document."
    )
    examples: list[ExampleBody] = Field(default=[], max_length=1000, description="Few-shot examples.")
    sampling: SamplingBody = SamplingBody()
    limits: LimitsBody = LimitsBody()
    stream: bool = Field(default=False, description="Answer with server-sent events.")
    report: bool = Field(default=False, description="Tell which constraints were decoded, which validated.")
    strategy: Strategy = Field(
        default="constrained",
        description="Decode under the grammar; generate freely and repair; or whichever suits.",
    )

    @classmethod
    def lacks(cls, given: dict[str, Any]) -> str | None:
        return no_text(given.get("prompt"), given.get("document"), given.get("messages"))

    def characters(self) -> int:
        """Characters of the texts that the prompt is made of, at least."""
        texts = [self.prompt, self.document, *(turn.content for turn in self.messages)]
        return sum(len(text) for text in [*texts, *(shot.document for shot in self.examples)] if text)

    def turns(self) -> tuple[Message, ...]:
        return tuple(Message(m.role, m.content) for m in self.messages)

    def shots(self) -> tuple[Example, ...]:
        return tuple(Example(e.document, e.data) for e in self.examples)


class AttemptBody(Body):
    """One generation and what became of it."""

    number: int
    strategy: str
    status: AttemptStatus
    usage: UsageBody
    violations: list[ViolationBody] = Field(description=AT_MOST)
    violations_total: int | None = Field(default=None, description=TOTAL)
    seconds: float
    opened: list[str] | None = Field(default=None, description="What a retry was free to change; else all.")


class ChosenStrategy(Body):
    """A strategy and why it was chosen."""

    name: str
    reason: str


class ExtractResponse(Body):
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
    reasoning: str | None = Field(default=None, description="What the model thought before its answer.")
    forced: list[str] | None = Field(default=None, description="Pointers to what the budget cut or chose.")
    warnings: list[DiagnosticBody] | None = Field(
        default=None, description="What is worth knowing although the data is valid."
    )
