"""Bodies of OpenAI's routes: whatever is sent becomes a turn or a fault with its pointer, never an error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd import mutated
from openai_shapes import JSON_REQUESTS, OPEN, TOOL_REQUESTS, USER, named, tool

from structgen.api.base import parse_body
from structgen.api.openai.chat_request import CHAT_EXAMPLE, ChatCompletionRequest
from structgen.api.openai.responses_request import RESPONSES_EXAMPLE, ResponsesRequest
from structgen.api.openai.tolerant import MAX_IGNORED, ignored_members
from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest
from structgen.server.openai.chat_request import chat_turn
from structgen.server.openai.responses_reply import ResponseShape
from structgen.server.openai.responses_request import responses_turn
from structgen.server.openai_errors import envelope, is_openai_path

T = TypeVar("T")
ENGINE = FakeEngine([])
CHATS: tuple[Any, ...] = (
    CHAT_EXAMPLE,
    *(body for body, _ in JSON_REQUESTS.values()),
    *TOOL_REQUESTS.values(),
    {
        "messages": [
            {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "a"}]},
            {"role": "assistant", "function_call": {"name": "f", "arguments": {}}, "refusal": "no"},
        ],
        "functions": [{"name": "f", "parameters": OPEN}],
        "function_call": {"name": "f"},
        "chat_template_kwargs": {"thinking": True, "keep_cots": True},
        "structured_outputs": {"json": OPEN, "regex": "a", "choice": ["a"], "grammar": "start: x"},
        "stream_options": {"include_usage": True},
        "structgen": {"limits": {"max_attempts": 1, "deadline": 1.5}},
        "stop": ["a"],
    },
    {
        "messages": [USER],
        "tools": [tool("a", OPEN), {"type": "function", "name": "b"}],
        "tool_choice": {
            "type": "allowed_tools",
            "allowed_tools": {"mode": "required", "tools": [named("a"), {"name": "b"}]},
        },
    },
)
RESPONSES: tuple[Any, ...] = (
    RESPONSES_EXAMPLE,
    {
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "a"}]},
            {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "a"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "b"}]},
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": "1"},
        ],
        "instructions": "a",
        "tools": [{"type": "function", "name": "f", "parameters": OPEN}],
        "tool_choice": {"type": "function", "name": "f"},
        "reasoning": {"effort": "low", "summary": "auto"},
        "text": {"format": {"type": "text"}, "verbosity": "low"},
        "metadata": {"a": "b"},
    },
)


def refusal_or(translate: Callable[[], T]) -> T | BadRequest:
    """Return what a body becomes, or the error that refuses it."""
    try:
        return translate()
    except BadRequest as error:
        return error


@given(mutated(CHATS))
def test_every_chat_becomes_a_turn_or_faults(body: bytes) -> None:
    """Odd values in any place, cut and garbled texts."""
    turn = refusal_or(lambda: chat_turn(parse_body(ChatCompletionRequest, body), ENGINE))
    if isinstance(turn, BadRequest):
        assert turn.violations
        assert envelope(turn)["error"]["message"]
    else:
        assert turn.messages
        assert turn.sampling.max_tokens >= 1
        json.dumps([warning.to_json() for warning in turn.warnings])


@given(mutated(RESPONSES))
def test_every_response_becomes_a_turn_or_faults(body: bytes) -> None:
    """And what the reply repeats of it can be written."""
    parsed = refusal_or(lambda: parse_body(ResponsesRequest, body))
    if isinstance(parsed, BadRequest):
        assert parsed.violations
        return
    turn = refusal_or(lambda: responses_turn(parsed, ENGINE))
    assert not isinstance(turn, BadRequest) or turn.violations
    json.dumps(ResponseShape(parsed, "m").body("in_progress", []))


NAMES = st.text(min_size=1, max_size=8).filter(lambda name: name not in ("role", "content", "name"))


@given(st.dictionaries(NAMES, st.integers(), max_size=5), st.integers(0, 3))
def test_every_unknown_member_is_listed_by_its_pointer(extra: dict[str, int], index: int) -> None:
    """Wherever it stands; null and known members are not listed."""
    known = {*ChatCompletionRequest.HARMLESS, "tool_calls", "refusal", "reasoning", "audio", "parsed"}
    extra = {name: value for name, value in extra.items() if name not in known}
    messages = [dict(USER) for _ in range(4)]
    messages[index] |= {**extra, "nothing": None, "tool_call_id": "c"}  # type: ignore[dict-item]
    body = parse_body(ChatCompletionRequest, json.dumps({"messages": messages}))
    pointers = [f"/messages/{index}/{name.replace('~', '~0').replace('/', '~1')}" for name in extra]
    assert sorted(ignored_members(body)) == sorted(pointers)


def test_the_list_of_ignored_members_is_bounded() -> None:
    """A body of many unknown members makes no large reply."""
    body = parse_body(
        ChatCompletionRequest, json.dumps({"messages": [USER], **{f"x{n}": 1 for n in range(5000)}})
    )
    assert len(ignored_members(body)) == MAX_IGNORED


@pytest.mark.parametrize(
    ("path", "openai"),
    [
        ("/v1/chat/completions", True),
        ("/v1/models/a/b", True),
        ("/chat/completions", True),
        ("/v1/v1/responses", True),
        ("/v1/embeddings", True),
        ("/v1/extract", False),
        ("/v1/schemas", False),
        ("/", False),
        ("/v1", False),
        ("/problems/chat", False),
    ],
)
def test_the_path_decides_the_form_of_errors(path: str, openai: bool) -> None:
    """The paths that OpenAI's clients call, with and without the base URL's /v1."""
    assert is_openai_path(path) is openai
