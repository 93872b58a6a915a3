"""The replies of `POST /v1/chat/completions`: a completion, or the chunks of a stream."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from structgen.api.base import Body
from structgen.api.openai.account import ChatAccount

FinishReason = Literal["stop", "length", "tool_calls", "function_call"]
THOUGHTS = "The model's thoughts before and between its answers."


class ReplyFunction(Body):
    """The function that a call names."""

    name: str
    arguments: str = Field(description="JSON text, valid under the schema of the tool.")


class ReplyCall(Body):
    """A call of a tool."""

    id: str
    type: Literal["function"]
    function: ReplyFunction


class ReplyMessage(Body):
    """The turn of the assistant."""

    role: Literal["assistant"]
    content: str | None = Field(description="Text or JSON text; null beside calls without a text.")
    refusal: None = None
    tool_calls: list[ReplyCall] | None = None
    function_call: ReplyFunction | None = Field(default=None, description="For requests with `functions`.")
    reasoning_content: str | None = Field(default=None, description=THOUGHTS)
    reasoning: str | None = Field(default=None, description="The same.")


class TokenLogprobBody(Body):
    """A token and its natural log-probability under the grammar."""

    token: str
    logprob: float
    bytes: list[int]
    top_logprobs: list[TokenLogprobBody] = Field(description="Empty: only the chosen tokens have one.")


class LogprobsBody(Body):
    """The log-probabilities of the tokens of a choice."""

    content: list[TokenLogprobBody]
    refusal: None = None


class CompletionChoice(Body):
    """One of the `n` choices."""

    index: int
    message: ReplyMessage
    finish_reason: FinishReason
    logprobs: LogprobsBody | None


class PromptTokensDetails(Body):
    """Details of the prompt's tokens."""

    cached_tokens: int


class CompletionUsage(Body):
    """Tokens, summed over all attempts."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptTokensDetails


class ChatCompletion(Body):
    """The reply to a conversation."""

    id: str
    object: Literal["chat.completion"]
    created: int = Field(description="Seconds since 1970.")
    model: str
    choices: list[CompletionChoice]
    usage: CompletionUsage
    structgen: ChatAccount


class CallPiece(ReplyCall):
    """A call in a stream: whole, in one piece."""

    index: int


class ChunkDelta(Body):
    """The new part of a choice."""

    role: Literal["assistant"] | None = Field(default=None, description="In the first piece of a choice.")
    content: str | None = None
    reasoning_content: str | None = Field(default=None, description=THOUGHTS)
    reasoning: str | None = Field(default=None, description="The same.")
    tool_calls: list[CallPiece] | None = None
    function_call: ReplyFunction | None = None


class ChunkChoice(Body):
    """The growth of one choice."""

    index: int
    delta: ChunkDelta
    finish_reason: FinishReason | None
    logprobs: LogprobsBody | None = None


class ChatCompletionChunk(Body):
    """A piece of a streamed reply. The last one with a choice has `structgen`."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: CompletionUsage | None = Field(
        default=None, description="With `stream_options.include_usage`, in a last chunk without choices."
    )
    structgen: ChatAccount | None = None
