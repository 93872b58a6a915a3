"""The replies of `POST /v1/responses`: a response, or the events of a stream."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from structgen.api.base import Body
from structgen.api.openai.account import ChatAccount

ItemStatus = Literal["in_progress", "completed", "incomplete"]


class OutputPart(Body):
    """A piece of a message's text, or of the model's thoughts."""

    type: Literal["output_text", "reasoning_text"]
    text: str
    annotations: list[Any] | None = Field(default=None, description="Empty.")


class OutputItem(Body):
    """A message, a call, or the model's thoughts."""

    type: Literal["message", "function_call", "reasoning"]
    id: str
    status: ItemStatus
    role: Literal["assistant"] | None = None
    content: list[OutputPart] | None = None
    summary: list[Any] | None = Field(default=None, description="Of thoughts; empty.")
    call_id: str | None = Field(default=None, description="Identifies a call to its result.")
    name: str | None = Field(default=None, description="The function of a call.")
    arguments: str | None = Field(
        default=None, description="JSON text, valid under the schema of the function."
    )


class InputTokensDetails(Body):
    """Details of the prompt's tokens."""

    cached_tokens: int


class ResponseUsage(Body):
    """Tokens, summed over all attempts."""

    input_tokens: int
    input_tokens_details: InputTokensDetails
    output_tokens: int
    total_tokens: int


class ResponseFailure(Body):
    """Why a streamed response failed."""

    code: str
    message: str


class IncompleteDetails(Body):
    """Why a response ended early."""

    reason: Literal["max_output_tokens"]


class ResponseBody(Body):
    """A response with its output. Members of the request are repeated as OpenAI does."""

    id: str
    object: Literal["response"]
    created_at: int = Field(description="Seconds since 1970.")
    status: Literal["in_progress", "completed", "incomplete", "failed"]
    model: str
    output: list[OutputItem]
    usage: ResponseUsage | None
    error: ResponseFailure | None
    incomplete_details: IncompleteDetails | None
    instructions: str | None
    max_output_tokens: int | None
    parallel_tool_calls: bool
    previous_response_id: None
    reasoning: dict[str, Any]
    store: Literal[False]
    temperature: float | None
    text: dict[str, Any]
    tool_choice: Any
    tools: list[Any]
    top_p: float | None
    truncation: Literal["disabled"]
    metadata: dict[str, Any]
    structgen: ChatAccount | None = Field(default=None, description="In every response that ended.")


class ResponseEvent(Body):
    """An event of a stream; further members depend on its type."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="The name of the event, such as `response.output_text.delta`.")
    sequence_number: int
    response: ResponseBody | None = Field(default=None, description="In the first and the last event.")
    item: OutputItem | None = None
