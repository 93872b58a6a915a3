"""The body of `POST /v1/chat/completions`."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from structgen import json_text
from structgen.api.openai.content import Content
from structgen.api.openai.options import FormatBody, FunctionBody, RequestOptions
from structgen.api.openai.tolerant import TolerantBody

CHAT_EXAMPLE: dict[str, Any] = {
    "model": "structgen-demo-8m",
    "messages": [{"role": "user", "content": "Invoice number: INV-2026-0042\nTotal: 1,234.50"}],
    "response_format": {
        "type": "json_schema",
        "json_schema": {
            "name": "invoice",
            "schema": {
                "type": "object",
                "properties": {"invoice_number": {"type": "string"}, "total": {"type": "number"}},
                "required": ["invoice_number", "total"],
                "additionalProperties": False,
            },
        },
    },
    "max_tokens": 512,
}


def _as_text(arguments: Any) -> Any:
    """Return arguments as JSON text; some clients send the object itself."""
    if arguments is None:
        return "{}"
    return json_text.dumps(arguments) if isinstance(arguments, dict) else arguments


class CalledFunction(TolerantBody):
    """A call of an earlier turn."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset({"parsed_arguments"})

    name: str = Field(min_length=1)
    arguments: Annotated[
        str, BeforeValidator(_as_text, json_schema_input_type=str | dict[str, Any] | None)
    ] = "{}"


class CallBody(TolerantBody):
    """A tool call of an earlier turn."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset({"index"})

    id: str | None = None
    type: Literal["function"] | None = "function"
    function: CalledFunction


class ChatMessage(TolerantBody):
    """One turn of the conversation."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset(
        {"annotations", "audio", "parsed", "provider_specific_fields", "reasoning_details", "thinking_blocks"}
    )

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = Field(default=[], description="The text: a string, null, or a list of text parts.")
    name: str | None = Field(default=None, description="The tool of a result.")
    tool_calls: list[CallBody] | None = Field(default=None, max_length=512)
    tool_call_id: str | None = Field(default=None, description="The call that a tool's result belongs to.")
    function_call: CalledFunction | None = Field(default=None, description="As one entry of `tool_calls`.")
    refusal: str | None = None
    reasoning_content: str | None = Field(default=None, description="Thoughts of an earlier answer.")
    reasoning: str | None = Field(default=None, description="The same.")


class StreamOptions(TolerantBody):
    """Options of a stream."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset({"include_obfuscation"})

    include_usage: bool | None = Field(default=None, description="The last chunk has the usage.")


class ChatCompletionRequest(RequestOptions):
    """A conversation, and the formats that its next turn may have. Unknown members are ignored and listed."""

    model_config = ConfigDict(
        extra="allow", frozen=True, strict=True, json_schema_extra={"examples": [CHAT_EXAMPLE]}
    )

    messages: list[ChatMessage] = Field(min_length=1, max_length=4000)
    response_format: FormatBody | None = Field(default=None, description="The format of the answer.")
    max_tokens: int | None = Field(
        default=None, ge=1, description="Tokens of the answer. Default: 4096, at most half of the context."
    )
    max_completion_tokens: int | None = Field(default=None, ge=1, description="The same, and it goes first.")
    n: int | None = Field(default=None, ge=1, le=16, description="Choices. Default: 1.")
    logprobs: bool | None = None
    top_logprobs: int | None = Field(default=None, ge=0, le=20)
    reasoning_effort: str | None = Field(
        default=None, description="How long the model may think: none, minimal, low, medium, high or xhigh."
    )
    stream_options: StreamOptions | None = None
    functions: list[FunctionBody] | None = Field(
        default=None, max_length=512, description="As `tools`; the reply has `function_call`."
    )
    function_call: Any = Field(default=None, description="As `tool_choice`, for `functions`.")
