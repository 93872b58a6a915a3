"""Streamed chat completions: pieces as clients read them, errors that end a stream, clients that go away."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import re
import socket
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_service import ASK, CHAT, RESPONSES, Serve, Service, deltas, events
from openai_shapes import CALL, JSON_REQUESTS, OPEN, PERSON, TOOL_REQUESTS, ZOD, json_schema, tool

from structgen.chat.reply import (
    CallDelta,
    ChatReply,
    ChatSink,
    Choice,
    ChoiceEnded,
    ContentDelta,
    ReasoningDelta,
    ReplyCompleted,
)
from structgen.config import Timeouts
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import EngineFailed, StructgenError
from structgen.server.controllers.openai_answers import reply_events
from structgen.server.openai.chat_reply import ChatShape
from structgen.server.openai.chat_stream import ChatStream
from structgen.types import ToolCall, Usage

TWO_CALLS = f"Let me see. {CALL}\n{CALL}"


@pytest.fixture(scope="module")
def service(shared_serve: Serve) -> Service:
    """Start one service for all tests of the file."""
    return Service(shared_serve)


@pytest.mark.parametrize("client", JSON_REQUESTS)
def test_the_pieces_of_a_clients_json_make_the_content(service: Service, client: str) -> None:
    """For every recorded shape: the role first, the text in pieces, one end of each choice, then [DONE]."""
    body, answer = JSON_REQUESTS[client]
    chunks = service.stream(CHAT, {"model": "fake", **body}, answer)
    assert chunks[-1] == "[DONE]"
    assert {chunk["object"] for chunk in chunks[:-1]} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks[:-1]}) == 1
    for index in range(body.get("n", 1)):
        pieces = deltas(chunks, index)
        assert [piece.get("role") for piece in pieces] == ["assistant", *[None] * (len(pieces) - 1)]
        text = "".join(piece.get("content") or "" for piece in pieces)
        assert json.loads(text) == json.loads(answer)
    reasons = [c["finish_reason"] for chunk in chunks[:-1] for c in chunk["choices"] if c["finish_reason"]]
    assert reasons == ["stop"] * body.get("n", 1)


@pytest.mark.parametrize("client", TOOL_REQUESTS)
def test_a_clients_call_comes_whole_in_one_piece(service: Service, client: str) -> None:
    """Index, id, type, name and all of the arguments: no client has to join pieces."""
    chunks = service.stream(CHAT, {"model": "fake", **TOOL_REQUESTS[client]}, CALL)
    calls = [call for piece in deltas(chunks) for call in piece.get("tool_calls", ())]
    assert [(call["index"], call["type"], call["function"]["name"]) for call in calls] == [
        (0, "function", "Person")
    ]
    assert calls[0]["id"].startswith("call_")
    assert json.loads(calls[0]["function"]["arguments"]) == json.loads(PERSON)
    assert chunks[-2]["choices"][0]["finish_reason"] == "tool_calls"


def test_text_and_calls_come_in_their_order(service: Service) -> None:
    """Each call has the next index."""
    chunks = service.stream(CHAT, {**ASK, "tools": [tool("Person", OPEN)]}, TWO_CALLS)
    pieces = deltas(chunks)
    calls = [call for piece in pieces for call in piece.get("tool_calls", ())]
    assert [call["index"] for call in calls] == [0, 1]
    assert len({call["id"] for call in calls}) == 2
    first_call = next(n for n, piece in enumerate(pieces) if "tool_calls" in piece)
    assert "".join(p.get("content") or "" for p in pieces[:first_call]) == "Let me see. "


def test_old_functions_are_streamed_in_their_form(service: Service) -> None:
    """`function_call` in place of `tool_calls`, and so the reason of the end."""
    body = {**ASK, "functions": [tool("Person", OPEN)["function"]], "function_call": {"name": "Person"}}
    chunks = service.stream(CHAT, body, CALL)
    calls = [piece["function_call"] for piece in deltas(chunks) if "function_call" in piece]
    assert [call["name"] for call in calls] == ["Person"]
    assert chunks[-2]["choices"][0]["finish_reason"] == "function_call"


def test_usage_comes_last_where_it_is_asked_for(service: Service) -> None:
    """In a chunk without choices, which clients that did not ask could not read."""
    asked = service.stream(CHAT, {**ASK, "stream_options": {"include_usage": True}})
    assert asked[-2]["choices"] == []
    assert asked[-2]["usage"]["total_tokens"] > 0
    plain = service.stream(CHAT, ASK)
    assert all(chunk["choices"] and "usage" not in chunk for chunk in plain[:-1])
    assert "attempts" in plain[-2]["structgen"]


def test_thoughts_are_streamed_apart(service: Service) -> None:
    """Under both names."""
    pieces = deltas(service.stream(CHAT, ASK, Reply("Hello.", reasoning="Hm.")))
    assert "".join(piece.get("reasoning_content", "") for piece in pieces) == "Hm."
    assert "".join(piece.get("reasoning", "") for piece in pieces) == "Hm."
    assert "".join(piece.get("content") or "" for piece in pieces) == "Hello."


def test_a_cut_call_is_not_streamed(service: Service) -> None:
    """The reason is `length`, and there is no piece of the call."""
    chunks = service.stream(CHAT, {**ASK, "tools": [tool("Person", OPEN)]}, Reply(CALL[:-40], "length"))
    assert chunks[-2]["choices"][0]["finish_reason"] == "length"
    assert "Ada" not in json.dumps(chunks)


FAILURES: dict[str, tuple[dict[str, Any], Reply, str]] = {
    "the engine fails": (ASK, Reply("Hello there. ", error=EngineFailed("oops")), "engine-failed"),
    "our own fault": (ASK, Reply("Hello there. ", error=RuntimeError("secret")), "internal"),
    "the budget cuts JSON": (
        {**ASK, "response_format": json_schema(ZOD)},
        Reply('{"name":"Ada Lov', "length"),
        "incomplete",
    ),
}


@pytest.mark.parametrize("case", FAILURES)
def test_an_error_in_mid_stream_ends_it(service: Service, case: str) -> None:
    """One event with the error, and no finish chunk or [DONE] that would make the reply look whole."""
    body, reply, code = FAILURES[case]
    chunks = service.stream(CHAT, body, reply)
    assert chunks[-1]["error"]["code"] == code
    assert "secret" not in json.dumps(chunks)
    assert deltas(chunks[:-1])
    assert not any(choice["finish_reason"] for chunk in chunks[:-1] for choice in chunk["choices"])


@pytest.mark.parametrize("path", [CHAT, RESPONSES])
def test_a_stream_that_cannot_begin_has_the_status_of_its_error(service: Service, path: str) -> None:
    """A schema that is none is a 422 with the envelope, and no stream."""
    bad = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "int"}}}
    body = {**ASK, "response_format": bad} if path == CHAT else {"input": "x", "text": {"format": bad}}
    refused = service.send(path, {**body, "stream": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid-schema")


async def test_headers_and_comments_come_before_the_first_token() -> None:
    """Node's fetch gives up without headers: a stream begins although the run has shown nothing yet."""
    ready = asyncio.Event()

    async def slow(emit: ChatSink) -> ChatReply:
        await ready.wait()
        return ChatReply((Choice("x", "stop"),), "m", Usage())

    stream = await reply_events(slow, ChatStream("m", ChatShape()), "id", patience=0.05, keep_alive=0.05)
    messages = []
    async for message in stream:
        messages.append(message)
        ready.set()
    assert messages[0].startswith(b":")
    assert messages[-1].endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("path", [CHAT, RESPONSES])
@pytest.mark.parametrize("stream", [False, True], ids=["plain", "stream"])
def test_a_client_that_goes_away_stops_its_generation(serve: Serve, path: str, stream: bool) -> None:
    """Measured at the engine, over a real socket; and it is counted, with the tokens that it took."""
    engine = FakeEngine([Reply("Hello. " * 4000, delay=0.02)])
    url = serve(engine)
    body = {**(ASK if path == CHAT else {"input": "x"}), "stream": stream}
    with (
        contextlib.suppress(httpx.ReadTimeout),
        httpx.stream("POST", url + path, json=body, timeout=0.5) as response,
    ):
        next(chunk for chunk in response.iter_bytes() if b"Hell" in chunk)
    counted = 'structgen_chat_turns_total{outcome="client-gone"} 1.0'
    for _ in range(200):
        if engine.cancelled and counted in (text := httpx.get(f"{url}/metrics").text):
            assert re.search(r'structgen_tokens_total\{kind="completion"\} [1-9]', text)
            return
        time.sleep(0.02)
    pytest.fail(f"the generation runs on, or nobody counted its end: {engine.cancelled} cancelled")


def _connect(url: str, path: str, body: dict[str, Any]) -> socket.socket:
    """Send a request over a socket of its own, and read nothing."""
    host, port = url.removeprefix("http://").split(":")
    content = json.dumps(body).encode()
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect((host, int(port)))
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    sock.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
    return sock


@pytest.mark.parametrize("path", [CHAT, RESPONSES])
def test_clients_that_never_read_hold_nobody_up(serve: Serve, path: str) -> None:
    """Others are answered meanwhile, and the unread streams end in time with their generations."""
    engine = FakeEngine([Reply("Hello. " * 1000, reasoning="Hm. " * 700_000)])  # more than sockets buffer
    url = serve(engine, timeouts=Timeouts(write=1.0))
    body = {**(ASK if path == CHAT else {"input": "x"}), "stream": True}
    with contextlib.ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(_connect(url, path, body))
        while len(engine.requests) < 12:
            time.sleep(0.02)
        engine._replies = [Reply("Hello.")]
        for _ in range(5):
            assert httpx.post(url + CHAT, json=ASK, timeout=20).status_code == 200
        for _ in range(600):
            if engine._running == 0:
                break
            time.sleep(0.05)
    assert (engine._running, engine.cancelled > 0) == (0, True)


def test_fifty_clients_that_leave_free_their_places(serve: Serve) -> None:
    """Whoever comes after them waits for nobody."""
    engine = FakeEngine([Reply("Hello. " * 4000, delay=0.01)])
    engine.capabilities = replace(engine.capabilities, concurrency=4)
    url = serve(engine)
    for _ in range(50):
        _connect(url, CHAT, {**ASK, "stream": True}).close()
    engine._replies = [Reply("Hello.")]
    assert httpx.post(url + CHAT, json=ASK, timeout=30).status_code == 200


def test_a_hostile_tool_delays_nobody(serve: Serve) -> None:
    """Schemas that are costly to check run in processes of their own, beside other clients' requests."""
    url = serve(FakeEngine(["Hello."]))
    costly = {"type": "object", "properties": {"a": {"enum": [f"{n:0100}" for n in range(4_900)]}}}
    hostile = {**ASK, "tools": [tool(f"t{n}", {**costly, "title": str(n)}) for n in range(6)]}
    known = {**ASK, "tools": [tool("Person", OPEN)]}
    assert httpx.post(url + CHAT, json=known).status_code == 200
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        attacks = [pool.submit(httpx.post, url + CHAT, json=hostile, timeout=120) for _ in range(4)]
        time.sleep(0.3)
        for _ in range(10):
            assert httpx.post(url + CHAT, json=known, timeout=10).status_code == 200
        assert {attack.result().status_code for attack in attacks} <= {200, 422, 429}


@given(
    st.lists(st.text(min_size=1, max_size=5), max_size=6),
    st.lists(st.text(min_size=1, max_size=5), max_size=3),
    st.integers(0, 3),
    st.integers(0, 6),
    st.integers(0, 3),
)
def test_whatever_part_was_streamed_the_whole_arrives_once(
    content: list[str], thoughts: list[str], calls: int, sent_pieces: int, sent_calls: int
) -> None:
    """The end of a choice brings what no event brought before, and nothing twice."""
    stream = ChatStream("m", ChatShape())
    called = tuple(ToolCall("f", f'{{"n":{n}}}', f"call_{n}") for n in range(calls))
    choice = Choice("".join(content), "stop", "".join(thoughts), called)
    sent = [
        *(ReasoningDelta(0, text) for text in thoughts[:sent_pieces]),
        *(ContentDelta(0, text) for text in content[:sent_pieces]),
        *(CallDelta(0, n, call) for n, call in enumerate(called[:sent_calls])),
        ChoiceEnded(0, choice),
        ReplyCompleted(ChatReply((choice,), "m", Usage())),
    ]
    chunks = events(b"".join(stream.encode(event) for event in sent).decode())
    pieces = deltas(chunks)
    assert "".join(piece.get("content") or "" for piece in pieces) == choice.content
    assert "".join(piece.get("reasoning", "") for piece in pieces) == choice.reasoning
    told = [call for piece in pieces for call in piece.get("tool_calls", ())]
    assert [call["id"] for call in told] == [call.id for call in called]
    assert [call["index"] for call in told] == list(range(calls))


def test_an_error_is_encoded_as_one_line() -> None:
    """Whatever its message holds."""
    line = ChatStream("m", ChatShape()).encode_error(StructgenError("a\nb\r\n\r\ndata: c"))
    assert line.count(b"\n") == 2
