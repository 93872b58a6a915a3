"""The body of `POST /v1/responses`."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field

from structgen.api.openai.chat_request import StreamOptions
from structgen.api.openai.content import Content
from structgen.api.openai.options import FormatBody, RequestOptions
from structgen.api.openai.tolerant import TolerantBody

RESPONSES_EXAMPLE: dict[str, Any] = {
    "model": "structgen-demo-8m",
    "input": "Invoice number: INV-2026-0042\nTotal: 1,234.50",
    "text": {
        "format": {
            "type": "json_schema",
            "name": "invoice",
            "schema": {
                "type": "object",
                "properties": {"invoice_number": {"type": "string"}, "total": {"type": "number"}},
                "required": ["invoice_number", "total"],
                "additionalProperties": False,
            },
        }
    },
    "max_output_tokens": 512,
}


class InputItem(TolerantBody):
    """An item of the conversation: a message, a call, the result of a call, or thoughts."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset(
        {"encrypted_content", "id", "namespace", "parsed", "parsed_arguments", "phase", "status"}
    )

    type: str = Field(
        default="message",
        description="`message`, `function_call`, `function_call_output` or `reasoning`.",
    )
    role: str | None = Field(default=None, description="Of a message: system, developer, user or assistant.")
    content: Content = Field(default=[], description="The text of a message.")
    call_id: str | None = Field(default=None, description="Identifies a call to its result.")
    name: str | None = Field(default=None, description="The function of a call.")
    arguments: str | None = Field(default=None, description="JSON text of the arguments of a call.")
    output: Content = Field(default=[], description="The result of a call.")
    summary: list[Any] | None = Field(default=None, description="Summary of thoughts; not used.")


def _as_items(given: Any) -> Any:
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    return given


Items = Annotated[
    list[InputItem],
    Field(min_length=1, max_length=4000),
    BeforeValidator(_as_items, json_schema_input_type=str | list[InputItem]),
]


class TextOptions(TolerantBody):
    """Options of the text."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset({"verbosity"})

    format: FormatBody | None = None


class ReasoningOptions(TolerantBody):
    """Options of the model's thoughts."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset({"generate_summary", "summary"})

    effort: str | None = Field(default=None, description="none, minimal, low, medium, high or xhigh.")


class ResponsesRequest(RequestOptions):
    """A conversation as items. Responses are not stored: every request has the whole conversation."""

    model_config = ConfigDict(
        extra="allow", frozen=True, strict=True, json_schema_extra={"examples": [RESPONSES_EXAMPLE]}
    )
    HARMLESS: ClassVar[frozenset[str]] = RequestOptions.HARMLESS | {"include"}

    input: Items
    instructions: str | None = Field(default=None, description="A system message before the input.")
    text: TextOptions | None = None
    max_output_tokens: int | None = Field(
        default=None, ge=1, description="Tokens of the answer. Default: 4096, at most half of the context."
    )
    reasoning: ReasoningOptions | None = None
    stream_options: StreamOptions | None = None
    previous_response_id: str | None = Field(default=None, description="Not supported.")
    conversation: Any = Field(default=None, description="Not supported.")
    prompt: Any = Field(default=None, description="Not supported.")
    background: bool | None = Field(default=None, description="Only false is supported.")
