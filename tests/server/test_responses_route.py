"""`/v1/responses` over real sockets: items in and out, and the order of events that clients need."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_service import RESPONSES, Serve, Service, events
from openai_shapes import CALL, OPEN, PERSON, STRICT, ZOD

from structgen.api.base import parse_body
from structgen.api.openai.responses_request import ResponsesRequest
from structgen.chat.reply import (
    CallDelta,
    ChatReply,
    Choice,
    ChoiceEnded,
    ContentDelta,
    ReasoningDelta,
    ReplyCompleted,
)
from structgen.engines.fake import Reply
from structgen.errors import EngineFailed
from structgen.server.openai.responses_reply import ResponseShape
from structgen.server.openai.responses_stream import ResponseStream
from structgen.types import Message, ToolCall, Usage

ASK: dict[str, Any] = {"model": "fake", "input": "Ada Lovelace, 36, of London."}
FLAT = {"type": "function", "name": "Person", "parameters": OPEN, "strict": False}
SHORT = '{"name":"Ada","age":36}'


def text_format(schema: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"text": {"format": {"type": "json_schema", "name": "Person", "schema": schema, **members}}}


@pytest.fixture(scope="module")
def service(shared_serve: Serve) -> Service:
    """Start one service for all tests of the file."""
    return Service(shared_serve)


REQUESTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "openai-parse": (text_format(STRICT, strict=True), PERSON, "message"),
    "openai-json-object": ({"text": {"format": {"type": "json_object"}}}, SHORT, "message"),
    "pydantic-ai": (
        {
            "input": [{"role": "user", "content": "Ada, 36"}],
            "instructions": "Be brief.",
            "tools": [{**FLAT, "name": "final_result"}, FLAT],
            "tool_choice": "required",
            "include": ["reasoning.encrypted_content"],
        },
        CALL,
        "function_call",
    ),
    "instructor-responses-tools": (
        {
            **text_format(OPEN, strict=True),
            "tools": [FLAT],
            "tool_choice": {"type": "function", "name": "Person"},
        },
        CALL,
        "function_call",
    ),
    "ai-sdk-openai": (
        {
            "input": [{"role": "user", "content": [{"type": "input_text", "text": "Ada, 36"}]}],
            **text_format(ZOD, strict=True),
        },
        SHORT,
        "message",
    ),
    "mirascope": (
        {"model": "gpt-4o", **text_format(STRICT, strict=True), "max_output_tokens": 500},
        PERSON,
        "message",
    ),
    "chat tools": ({"tools": [{"type": "function", "function": {"name": "Person", "parameters": OPEN}}]}, CALL, "function_call"),
}  # fmt: skip


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "stream"])
@pytest.mark.parametrize("client", REQUESTS)
def test_a_clients_request_gets_the_item_that_it_reads(service: Service, client: str, stream: bool) -> None:
    """Valid JSON as text, or a call with valid arguments, with all members that clients need."""
    members, answer, kind = REQUESTS[client]
    if stream:
        body = service.stream(RESPONSES, {**ASK, **members}, answer)[-1]["response"]
    else:
        body = service.ask(RESPONSES, {**ASK, **members}, answer)[0].json()
    (item,) = body["output"]
    assert (body["object"], body["status"], item["type"]) == ("response", "completed", kind)
    if kind == "message":
        (part,) = item["content"]
        assert (part["type"], part["annotations"], item["role"]) == ("output_text", [], "assistant")
        assert json.loads(part["text"]) == json.loads(answer)
    else:
        assert (item["name"], item["status"]) == ("Person", "completed")
        assert item["call_id"].startswith("call_")
        assert json.loads(item["arguments"]) == json.loads(PERSON)


def test_a_response_repeats_its_request_and_counts_its_tokens(service: Service) -> None:
    """As OpenAI's API does, with the account of the attempts."""
    members = {"temperature": 0.5, "metadata": {"a": "b"}, "instructions": "Be brief.", "tools": [FLAT]}
    response, request = service.ask(RESPONSES, {**ASK, **members, "tool_choice": "none"})
    body = response.json()
    assert {name: body[name] for name in members} == members
    assert (body["tool_choice"], body["store"], body["error"]) == ("none", False, None)
    usage = body["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] > 0
    assert body["structgen"]["attempts"][0]["status"] == "valid"
    assert request.prompt.messages == (Message("system", "Be brief."), Message("user", ASK["input"]))
    assert body["id"].startswith("resp_")


def test_items_become_turns(service: Service) -> None:
    """Messages, thoughts, calls and results; the calls of one answer are one turn."""
    items = [
        {"role": "developer", "content": "Be brief."},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "a"}]},
        {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]},
        {"type": "message", "role": "assistant", "id": "msg_1", "status": "completed",
         "content": [{"type": "output_text", "text": "b", "annotations": []}]},
        {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": '{"x":1}'},
        {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "7"},
        {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "8"}]},
    ]  # fmt: skip
    response, request = service.ask(RESPONSES, {**ASK, "input": items})
    calls = (ToolCall("f", '{"x":1}', "c1"), ToolCall("g", "{}", "c2"))
    assert request.prompt.messages == (
        Message("system", "Be brief."),
        Message("user", "a"),
        Message("assistant", "b", reasoning="Hm.", tool_calls=calls),
        Message("tool", "7", tool_call_id="c1", name="f"),
        Message("tool", "8", tool_call_id="c2", name="g"),
    )
    assert "x-structgen-ignored" not in response.headers


def test_what_a_response_sent_is_read_again(service: Service) -> None:
    """Clients without a store append the output to the next input."""
    first = service.ask(RESPONSES, {**ASK, "tools": [FLAT]}, f"Let me see. {CALL}")[0].json()["output"]
    items = [{"role": "user", "content": "a"}, *first]
    response, request = service.ask(RESPONSES, {**ASK, "input": items})
    answer = request.prompt.messages[1]
    assert (answer.role, answer.content) == ("assistant", "Let me see. ")
    assert [call.name for call in answer.tool_calls] == ["Person"]
    assert "x-structgen-ignored" not in response.headers


def test_text_that_the_budget_cuts_is_incomplete(service: Service) -> None:
    """Plain and streamed, with the reason."""
    body = service.ask(RESPONSES, ASK, Reply("Hel", "length"))[0].json()
    assert (body["status"], body["output"][0]["status"]) == ("incomplete", "incomplete")
    assert body["incomplete_details"] == {"reason": "max_output_tokens"}
    last = service.stream(RESPONSES, ASK, Reply("Hel", "length"))[-1]
    assert (last["type"], last["response"]["status"]) == ("response.incomplete", "incomplete")


def test_budgets_and_efforts_have_their_own_names(service: Service) -> None:
    """`max_output_tokens` and `reasoning.effort`."""
    _, request = service.ask(RESPONSES, {**ASK, "max_output_tokens": 9, "reasoning": {"effort": "low"}})
    assert (request.sampling.max_tokens, request.sampling.thinking_tokens) == (9, 1024)


TEXT = ["response.output_item.added", "response.content_part.added", "response.output_text.delta",
        "response.output_text.done", "response.content_part.done", "response.output_item.done"]  # fmt: skip
THOUGHT = [name.replace("output_text", "reasoning_text") for name in TEXT]
ONE_CALL = ["response.output_item.added", "response.function_call_arguments.delta",
            "response.function_call_arguments.done", "response.output_item.done"]  # fmt: skip
STREAMS: dict[str, tuple[dict[str, Any], Reply, list[str]]] = {
    "text": ({}, Reply("Hello."), TEXT),
    "nothing": ({}, Reply(""), [name for name in TEXT if not name.endswith("delta")]),
    "thoughts": ({}, Reply("Hi.", reasoning="Hm."), [*THOUGHT, *TEXT]),
    "call": ({"tools": [FLAT]}, Reply(CALL), ONE_CALL),
    "text and calls": ({"tools": [FLAT]}, Reply(f"Hi. {CALL}\n{CALL}"), [*TEXT, *ONE_CALL, *ONE_CALL]),
}


@pytest.mark.parametrize("case", STREAMS)
def test_events_come_in_the_order_that_clients_need(service: Service, case: str) -> None:
    """Each item opens, grows and closes; the full response is in the first and the last event."""
    members, reply, expected = STREAMS[case]
    told = service.stream(RESPONSES, {**ASK, **members}, reply)
    names = [event["type"] for event in told]
    distinct = [name for n, name in enumerate(names) if n == 0 or names[n - 1] != name]
    assert distinct == ["response.created", "response.in_progress", *expected, "response.completed"]
    assert [event["sequence_number"] for event in told] == list(range(len(told)))
    assert told[0]["response"]["output"] == []
    done = [event["item"] for event in told if event["type"] == "response.output_item.done"]
    assert told[-1]["response"]["output"] == done
    indices = [event["output_index"] for event in told if event["type"] == "response.output_item.added"]
    assert indices == list(range(len(done)))
    text = "".join(e["delta"] for e in told if e["type"] == "response.output_text.delta")
    assert text == "".join(part["text"] for i in done if i["type"] == "message" for part in i["content"])
    places = {(e["item_id"], e["output_index"]) for e in told if "item_id" in e}
    assert places == {(item["id"], index) for index, item in enumerate(done)}


def test_the_name_of_an_event_is_its_type(service: Service) -> None:
    """For clients that read the `event:` line."""
    text = service.ask(RESPONSES, {**ASK, "stream": True})[0].text
    for block in text.strip().split("\n\n"):
        name, _, data = block.partition("\ndata: ")
        assert name.removeprefix("event: ") == json.loads(data)["type"]


def test_an_error_in_mid_stream_fails_the_response(service: Service) -> None:
    """A failed response for those who read it, and an error that every client raises, at the end."""
    told = service.stream(RESPONSES, ASK, Reply("Hello there. ", error=EngineFailed("oops")))
    failed, error = told[-2:]
    assert (failed["type"], failed["response"]["status"]) == ("response.failed", "failed")
    assert failed["response"]["error"] == {"code": "engine-failed", "message": error["message"]}
    assert (error["type"], error["error"]["code"]) == ("error", "engine-failed")
    assert "response.completed" not in [event["type"] for event in told]


PIECES = st.lists(
    st.one_of(
        st.builds(ReasoningDelta, st.just(0), st.text(min_size=1, max_size=4)),
        st.builds(ContentDelta, st.just(0), st.text(min_size=1, max_size=4)),
        st.builds(CallDelta, st.just(0), st.just(0), st.just(ToolCall("f", "{}"))),
    ),
    max_size=8,
)


@given(PIECES, st.integers(0, 8), st.sampled_from(["stop", "length"]))
def test_items_of_any_stream_open_grow_and_close_once(
    pieces: list[ReasoningDelta | ContentDelta | CallDelta], sent: int, finish: Any
) -> None:
    """Whatever order thoughts, text and calls have, and whatever the end of the choice still brings."""
    thoughts = "".join(piece.text for piece in pieces if isinstance(piece, ReasoningDelta))
    content = "".join(piece.text for piece in pieces if isinstance(piece, ContentDelta))
    calls = tuple(piece.call for piece in pieces if isinstance(piece, CallDelta))
    choice = Choice(content, finish, thoughts, calls)
    shape = ResponseShape(parse_body(ResponsesRequest, json.dumps(ASK)), "m")
    stream = ResponseStream(shape)
    reply = ChatReply((choice,), "m", Usage())
    sink = [*pieces[:sent], ChoiceEnded(0, choice), ReplyCompleted(reply)]
    told = events(b"".join(stream.encode(event) for event in sink).decode())
    assert [event["sequence_number"] for event in told] == list(range(len(told)))
    added = [event for event in told if event["type"] == "response.output_item.added"]
    done = [event for event in told if event["type"] == "response.output_item.done"]
    assert [event["output_index"] for event in added] == [event["output_index"] for event in done]
    assert [event["item"]["id"] for event in added] == [event["item"]["id"] for event in done]
    output = told[-1]["response"]["output"]
    assert output == [event["item"] for event in done]
    texts = dict.fromkeys(("message", "reasoning"), "")
    for item in output:
        if item["type"] in texts:
            texts[item["type"]] += "".join(part["text"] for part in item["content"])
    assert texts == {"message": content, "reasoning": thoughts}
    assert len([item for item in output if item["type"] == "function_call"]) == len(calls)
    assert output
