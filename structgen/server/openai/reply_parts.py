"""Parts of the replies of both protocols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen.chat.reply import ChatReply, Choice
from structgen.types import Diagnostic, TokenLogprob, Usage


def account(reply: ChatReply, request_warnings: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return the member `structgen`: the account of the reply, with the warnings about the request first."""
    members = reply.account()
    if request_warnings:
        warned = [warning.to_json() for warning in request_warnings]
        members["warnings"] = [*warned, *members.get("warnings", ())]
    return members


def chat_usage(usage: Usage) -> dict[str, Any]:
    """Return the usage of a chat completion."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.total_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
    }


def responses_usage(usage: Usage) -> dict[str, Any]:
    """Return the usage of a response."""
    return {
        "input_tokens": usage.prompt_tokens,
        "input_tokens_details": {"cached_tokens": usage.cached_tokens},
        "output_tokens": usage.completion_tokens,
        "total_tokens": usage.total_tokens,
    }


def logprobs_body(choice: Choice) -> dict[str, Any] | None:
    """Return the log-probabilities of a choice; None where it has none."""
    if not choice.logprobs:
        return None
    return {"content": [_logprob(each) for each in choice.logprobs], "refusal": None}


def _logprob(each: TokenLogprob) -> dict[str, Any]:
    text = list(each.token.encode("utf-8", "replace"))
    return {"token": each.token, "logprob": each.logprob, "bytes": text, "top_logprobs": []}
