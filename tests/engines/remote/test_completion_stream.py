"""No server holds the remote engine, fills its memory or makes it fail in a way that is not of the tree."""

from __future__ import annotations

import asyncio
import json
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd import RETRY_AFTER, STATUSES, mutated
from rawserver import RawServer, raw_server, whole

from structgen.engines import EngineRequest
from structgen.engines.remote import RemoteEngine
from structgen.engines.remote.completion_stream import CompletionStream
from structgen.errors import ConfigError, EngineFailed, EngineUnavailable, StructgenError
from structgen.types import Conversation, Message

REQUEST = EngineRequest(Conversation((Message("user", "hello"),)), None, logprobs=True)
MODELS = {"object": "list", "data": [{"id": "m", "owned_by": "vllm", "max_model_len": 4096}]}
CHUNK = {
    "choices": [
        {
            "index": 0,
            "delta": {"content": "hello"},
            "logprobs": {"content": [{"token": "hello", "logprob": -0.5}]},
            "finish_reason": None,
        }
    ]
}
LAST = {
    "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 8}},
}
ERROR = {
    "error": {"message": "maximum context length is 9 tokens", "code": 400, "param": "seed", "type": "x"}
}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


def stream(*events: bytes) -> bytes:
    return whole(b"".join(b"data: " + event + b"\n\n" for event in events))


def good(*events: Any) -> bytes:
    return stream(*(json.dumps(event).encode() for event in events), b"[DONE]")


GOOD = good(CHUNK, LAST)


@contextmanager
def serving(answer: Callable[[], Iterable[bytes | float]], models: Any = MODELS) -> Iterator[RawServer]:
    """The list of models, and the answer for each completion."""

    def script() -> Iterable[bytes | float]:
        listing = server.heads[-1].startswith("GET")
        return [whole(json.dumps(models).encode())] if listing else answer()

    with raw_server(script) as server:
        yield server


async def opened(server: RawServer, **options: Any) -> RemoteEngine:
    """A started engine, without retries."""
    engine = RemoteEngine(url=f"{server.url}/v1", retries=0, **options)
    await engine.start()
    return engine


CALL = {
    "choices": [
        {
            "index": 0,
            "delta": {
                "reasoning_content": "hm",
                "tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"a":1}'}}],
            },
        }
    ]
}
EVENTS = mutated((CHUNK, CALL, CALL, LAST, LAST, ERROR, {"object": "error", "message": "m", "code": 500}))


def test_any_completion_is_a_text_or_an_error_of_the_tree() -> None:
    """A stream of mutated events ends with text or with an error of the tree, wherever it breaks off."""
    current = [GOOD]

    with serving(lambda: current) as server, asyncio.Runner() as runner:
        engine = runner.run(opened(server))

        @settings(max_examples=150, deadline=None)
        @given(st.lists(EVENTS, max_size=4), st.booleans(), STATUSES, RETRY_AFTER)
        def answers(events: list[bytes], ends: bool, status: int, retry_after: str) -> None:
            body = b"".join(b"data: " + event + b"\n\n" for event in events)
            body += b"data: [DONE]\n\n" if ends else b""
            headers = [f"Retry-After: {retry_after}"] if retry_after.isascii() else []
            current[0] = whole(
                body if status == 200 else b"".join(events[:1]), *headers, status=f"{status} X"
            )
            with suppress(StructgenError):
                completion = runner.run(engine.complete(REQUEST))
                usage = completion.usage.to_json()
                assert isinstance(completion.text, str)
                assert all(type(n) is int and n >= 0 for n in usage.values())

        try:
            answers()
        finally:
            runner.run(engine.close())


@settings(max_examples=60, deadline=None)
@given(mutated((MODELS, ERROR)), STATUSES)
def test_any_list_of_models_is_a_start_or_an_error_of_the_tree(body: bytes, status: int) -> None:
    """Any list of models leads to a started engine or to an error of the tree."""

    def script() -> Iterable[bytes]:
        return [whole(body, status=f"{status} X") if server.heads[-1].startswith("GET") else GOOD]

    async def start() -> None:
        engine = await opened(server)
        assert engine.capabilities.context is None or engine.capabilities.context > 0
        await engine.close()

    with raw_server(script) as server, suppress(StructgenError):
        asyncio.run(start())


def dripped(begin: bytes, drop: bytes) -> Callable[[], Iterator[bytes | float]]:
    def script() -> Iterator[bytes | float]:
        yield begin
        while True:
            yield 0.05
            yield drop

    return script


DRIPPING = {
    "head": dripped(HEAD, b"X-A: b\r\n"),
    "a line": dripped(HEAD + b"\r\ndata: ", b"x"),
    "an error's body": dripped(b"HTTP/1.1 500 X\r\nContent-Length: 9999\r\n\r\n", b"x"),
}


@pytest.mark.parametrize("script", DRIPPING.values(), ids=DRIPPING.keys())
async def test_an_answer_that_drips_ends_with_the_time_for_reading(script: Callable[[], Any]) -> None:
    """A stream without line ends times out, however many bytes it sends."""
    answer: list[Callable[[], Any]] = [lambda: [GOOD]]
    with serving(lambda: answer[0]()) as server:
        engine = await opened(server, connect=0.2, read=0.3)
        answer[0], began = script, time.monotonic()
        with pytest.raises(EngineUnavailable, match="time ran out"):
            await engine.complete(REQUEST)
        assert time.monotonic() - began < 5
        await engine.close()


async def test_lines_that_keep_a_stream_open_are_progress() -> None:
    """Comment lines keep a stream alive while the answer waits in the server's queue."""

    def script() -> Iterator[bytes | float]:
        yield HEAD + b"\r\n"
        for _ in range(8):
            yield 0.1
            yield b": waiting\n"
        yield GOOD.partition(b"\r\n\r\n")[2]

    answer: list[Callable[[], Any]] = [lambda: [GOOD]]
    with serving(lambda: answer[0]()) as server:
        engine = await opened(server, read=0.5)
        answer[0] = script
        assert (await engine.complete(REQUEST)).text == "hello"
        await engine.close()


def endless(
    piece: bytes, *headers: bytes, status: bytes = b"200 OK"
) -> Callable[[], Iterator[bytes | float]]:
    def script() -> Iterator[bytes | float]:
        yield b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"", b""])
        while True:
            yield piece

    return script


ENDLESS = {
    "one line": endless(b"data: " + b"x" * 65536),
    "one event": endless(b"data: x\n" * 8192),
    "a text": endless(b"data: " + json.dumps(CHUNK).replace("hello", "x" * 9999).encode() + b"\n\n"),
    "an error": endless(b"x" * 65536, status=b"500 X"),
    "unknown encoding": endless(b"x", b"Content-Encoding: br"),
}


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS.keys())
async def test_an_endless_answer_is_refused(script: Callable[[], Any]) -> None:
    """An answer that is too large is an error that names the setting, and little of it is in memory."""
    answer: list[Callable[[], Any]] = [lambda: [GOOD]]
    with serving(lambda: answer[0]()) as server:
        engine = await opened(server, max_response_bytes=2**18)
        answer[0] = script
        tracemalloc.start()
        try:
            with pytest.raises(EngineFailed, match=r"raise max_response_bytes|'br', which was not asked for"):
                await engine.complete(REQUEST)
            assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
        finally:
            tracemalloc.stop()
        await engine.close()


async def test_the_key_goes_to_this_machine_directly(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The API key is sent to the server only: not to a proxy of the environment, and not from a `.netrc`."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login ada password lovelace\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with raw_server(lambda: [whole(b"{}")]) as proxy, serving(lambda: [GOOD]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        engine = await opened(server, api_key="secret")
        assert (await engine.complete(REQUEST)).text == "hello"
        await engine.close()
    assert proxy.heads == []
    assert all("authorization: bearer secret" in head.lower() for head in server.heads)


@pytest.mark.parametrize(
    ("path", "words"),
    [("", r"often at http://127\.0\.0\.1:\d+/v1"), ("/v1/chat/completions", "without /chat/completions")],
)
async def test_an_address_that_is_not_the_apis_says_what_is_wrong(path: str, words: str) -> None:
    """A 404 gets advice on the address."""
    with raw_server(lambda: [whole(b"{}", status="404 Not Found")]) as server:
        for model in ("", "m"):
            with pytest.raises(ConfigError, match=words):
                await RemoteEngine(model, url=server.url + path, retries=0).start()


async def test_a_redirect_is_named_and_not_followed() -> None:
    """A redirect is not followed, so that the key reaches no other host."""
    with raw_server(lambda: [GOOD]) as other:
        moved = whole(b"", f"Location: {other.url}/v1", status="308 Permanent Redirect")
        with raw_server(lambda: [moved]) as server, pytest.raises(ConfigError, match=f"{other.url}/v1"):
            await RemoteEngine("m", url=f"{server.url}/v1", api_key="secret", retries=0).start()
    assert other.heads == []


def test_half_a_character_is_a_fault_of_the_server() -> None:
    """A surrogate without its pair is no text: it ends in an error here, not where it is encoded."""
    events = f'data: {{"choices": [{{"delta": {{"content": "{chr(92)}ud83d"}}}}]}}\n\n'
    with pytest.raises(EngineFailed, match="surrogates"):
        list(CompletionStream().feed(events.encode()))
