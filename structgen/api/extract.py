"""Bodies of `/v1/extract`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from structgen.api.base import FIRST_HUNDRED, VIOLATIONS_TOTAL, Body, SchemaReference, UsageBody
from structgen.api.files import FileBody
from structgen.api.repair import RepairAccount
from structgen.api.schemas import EnforcementBody, SchemaInfo
from structgen.missing_text import missing_text_reason
from structgen.types import (
    AttemptStatus,
    Coverage,
    Diagnostic,
    Evidence,
    EvidenceOptions,
    Example,
    Limits,
    Message,
    OnAbsent,
    OnShortfall,
    RequestSampling,
    StrategyName,
    TextFormat,
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


_SCHEMA = "a JSON Schema (object, true, false) or the name of one"


def _given_once(*names: str) -> list[JsonValue]:
    """Return JSON Schemas of objects with exactly one of these members that is not null."""
    return [{"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in names]


def _or_boolean(schema: dict[str, Any]) -> None:
    """Add `true` and `false` to the values that the JSON Schema of a member allows."""
    schema["anyOf"].insert(0, {"type": "boolean"})


class TextOutput(Body):
    """A format of plain text; give exactly one member."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"oneOf": _given_once("regex", "choice", "grammar")},
    )

    regex: str | None = Field(
        default=None, description="A regular expression (ECMA-262) that the whole text matches."
    )
    choice: list[str] | None = Field(default=None, min_length=1, description="The texts to choose from.")
    grammar: str | None = Field(
        default=None, description="A grammar in llguidance's variant of Lark, with a rule `start`."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(member is not None for member in (self.regex, self.choice, self.grammar)) != 1:
            raise PydanticCustomError("combination", "give exactly one of regex, choice and grammar")
        return self

    def text_format(self) -> TextFormat:
        """Return the format of the text."""
        return TextFormat(self.regex, tuple(self.choice or ()), self.grammar)


class ExtractRequest(Body):
    """A schema or a format of plain text, and at least one of document, file, prompt and messages."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [INVOICE_EXAMPLE], "oneOf": _given_once("schema", "output")},
    )

    output: TextOutput | None = Field(
        default=None, description="A format of plain text, in place of `schema`: `data` is the text."
    )
    schema_: SchemaReference | None = Field(default=None, alias="schema", validate_default=True)
    prompt: str | None = Field(default=None, description="What to do with the document.")
    document: str | None = Field(default=None, description="The text to extract from.")
    file: FileBody | None = Field(
        default=None, description="A file in place of `document`: its text is the document."
    )
    messages: list[Message] = Field(
        default=[], max_length=1000, description="Conversation turns before prompt and document."
    )
    examples: list[Example] = Field(default=[], max_length=1000, description="Few-shot examples.")
    sampling: RequestSampling = RequestSampling()
    limits: Limits = Limits()
    stream: bool = Field(default=False, description="Respond with server-sent events.")
    stream_items: bool = Field(
        default=False,
        description="With `stream` and the schema of a list: send each item once, as soon as it is valid, as "
        "an event `item` in place of `text` and `partial`. A sent item stays, whatever attempts follow.",
    )
    report: bool = Field(
        default=False, description="Report which constraints were decoded and which were validated."
    )
    evidence: Annotated[EvidenceOptions | None, BeforeValidator(EvidenceOptions.of)] = Field(
        default=None,
        description="Whether, and how, `evidence` tells for each value where the document says it, and how "
        "sure it is: true, false, or options. Positions count in `document`; without one, in the user turns "
        "of `messages` and the `prompt`, with an empty line between two.",
        json_schema_extra=_or_boolean,
    )
    on_shortfall: OnShortfall = Field(
        default="incomplete",
        description="When a list lacks rows of the document, although they were asked for again: "
        "return an error with the partial object, or a result whose `coverage` tells it.",
    )
    on_absent: OnAbsent = Field(
        default="error",
        description="Whether required members may be null for what the document does not say; `absent` lists "
        "them.",
    )
    strategy: StrategyName = Field(
        default="constrained",
        description="Decode under a grammar, generate freely and repair, or let the service choose.",
    )

    @field_validator("schema_")
    @classmethod
    def _schema_or_output(cls, schema: Any, info: ValidationInfo) -> Any:
        """Require one of `schema` and `output`."""
        if "output" in info.data and (schema is None) == (info.data["output"] is None):
            if schema is None:
                raise PydanticCustomError("combination", f"is missing: give {_SCHEMA}, or give output")
            raise PydanticCustomError("combination", "give either schema or output, not both")
        return schema

    @field_validator("stream_items")
    @classmethod
    def _items_of_a_stream(cls, stream_items: bool, info: ValidationInfo) -> bool:
        """Require what an event for each item needs."""
        if stream_items and info.data.get("stream") is False:
            raise PydanticCustomError("combination", "items are events: set stream to true")
        if stream_items and info.data.get("output") is not None:
            raise PydanticCustomError("combination", "plain text has no items: give the schema of a list")
        return stream_items

    @classmethod
    def missing_combination(cls, given: dict[str, Any]) -> str | None:
        """Describe a request without any text."""
        document = given.get("document")
        if (file := given.get("file")) is not None:
            if document is not None:
                return "give either document or file, not both"
            document = str(file)
        return missing_text_reason(given.get("prompt"), document, given.get("messages"))

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
    reading: int | None = Field(
        default=None, description="The number of a further reading of the document, from 2 on."
    )
    segment: int | None = Field(
        default=None, description="The number of the segment of a document that is read in segments, from 1."
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
    evidence: dict[str, Evidence] | None = Field(
        default=None,
        description="The place of each scalar of `data`, by its JSON Pointer. Of several candidates only the "
        "one in `data` has it.",
    )
    coverage: dict[str, Coverage] | None = Field(
        default=None,
        description="The rows of the document against the items of each list, by its pointer; "
        "of a list inside of items by the pointer with the index of the item.",
    )
    absent: list[str] | None = Field(
        default=None,
        description="Pointers to required members that are null because the document does not say them.",
    )
    warnings: list[Diagnostic] | None = Field(
        default=None, description="Warnings about the schema or the data."
    )
