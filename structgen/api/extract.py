"""Bodies of `/v1/extract`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from structgen.api.base import FIRST_HUNDRED, VIOLATIONS_TOTAL, Body, SchemaReference, UsageBody
from structgen.api.repair import RepairAccount
from structgen.api.schemas import EnforcementBody, SchemaInfo
from structgen.missing_text import missing_text_reason
from structgen.types import (
    AttemptStatus,
    Diagnostic,
    Example,
    Limits,
    Message,
    RequestSampling,
    StrategyName,
    Violation,
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


class ExtractRequest(Body):
    """A schema, and at least one of prompt, document and messages."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [INVOICE_EXAMPLE]})

    schema_: SchemaReference = Field(alias="schema")
    prompt: str | None = Field(default=None, description="What to do with the document.")
    document: str | None = Field(default=None, description="The text to extract from.")
    messages: list[Message] = Field(
        default=[], max_length=1000, description="Conversation turns before prompt and document."
    )
    examples: list[Example] = Field(default=[], max_length=1000, description="Few-shot examples.")
    sampling: RequestSampling = RequestSampling()
    limits: Limits = Limits()
    stream: bool = Field(default=False, description="Respond with server-sent events.")
    report: bool = Field(
        default=False, description="Report which constraints were decoded and which were validated."
    )
    strategy: StrategyName = Field(
        default="constrained",
        description="Decode under a grammar, generate freely and repair, or let the service choose.",
    )

    @classmethod
    def missing_combination(cls, given: dict[str, Any]) -> str | None:
        """Describe a request without any text."""
        return missing_text_reason(given.get("prompt"), given.get("document"), given.get("messages"))

    def characters(self) -> int:
        """Return the characters of all texts of the prompt, without its fixed parts."""
        texts = [self.prompt, self.document, *(turn.content for turn in self.messages)]
        return sum(len(text) for text in [*texts, *(shot.document for shot in self.examples)] if text)


class AttemptBody(Body):
    """One generation and its outcome."""

    number: int
    strategy: str
    status: AttemptStatus
    usage: UsageBody
    violations: list[Violation] = Field(description=FIRST_HUNDRED)
    violations_total: int | None = Field(default=None, description=VIOLATIONS_TOTAL)
    seconds: float
    opened: list[str] | None = Field(
        default=None,
        description="Pointers to the values that a retry could change; absent if it could change all.",
    )


class ChosenStrategy(Body):
    """The chosen strategy and the reason."""

    name: str
    reason: str


class ExtractResponse(Body):
    """A value that is valid under the caller's full schema, with all attempts."""

    id: str
    status: Literal["completed"]
    data: Any
    attempts: list[AttemptBody]
    usage: UsageBody
    schema_: SchemaInfo = Field(alias="schema")
    model: str
    candidates: list[Any] | None = None
    report: dict[str, EnforcementBody] | None = None
    strategy: ChosenStrategy | None = Field(default=None, description="The strategy that `auto` chose.")
    repair: RepairAccount | None = Field(default=None, description="The repairs of the generated text.")
    reasoning: str | None = Field(default=None, description="The model's reasoning before its answer.")
    forced: list[str] | None = Field(
        default=None, description="Pointers to values that the model did not write, or not completely."
    )
    warnings: list[Diagnostic] | None = Field(
        default=None, description="Warnings about the schema or the data."
    )
