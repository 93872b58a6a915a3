"""Errors on OpenAI's routes: one envelope, from every place, that says what to change."""

from __future__ import annotations

import concurrent.futures
import json
import socket
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest
from openai_service import CHAT, RESPONSES, Serve, Service, error_of
from openai_shapes import CALL, OPEN, USER, ZOD, json_schema, tool

from structgen.config import Timeouts
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import EngineFailed, EngineUnavailable, PromptTooLong

ASK: dict[str, Any] = {"messages": [USER]}
PERSON = tool("Person", OPEN)


@pytest.fixture(scope="module")
def service(shared_serve: Serve) -> Service:
    """Start one service for all tests of the file."""
    return Service(shared_serve, max_body=2_000_000)


def ask(**members: Any) -> dict[str, Any]:
    return {**ASK, **members}


OUTCOMES: dict[str, tuple[Any, Reply | str, int, str, str]] = {
    "cut JSON": (ask(response_format=json_schema(ZOD)), Reply('{"name":"A', "length"), 422, "incomplete", "max_tokens"),
    "invalid JSON": (ask(response_format=json_schema(ZOD)), "{}", 422, "unsatisfied", "violation"),
    "no call": (ask(tools=[PERSON], tool_choice="required"), "Hello.", 422, "unsatisfied", "call"),
    "prompt too long": (ASK, Reply(error=PromptTooLong("shorten it", 9, 5)), 422, "prompt-too-long", "shorten"),
    "engine down": (ASK, Reply(error=EngineUnavailable("down", 700)), 503, "engine-unavailable", "down"),
    "engine failed": (ASK, Reply(error=EngineFailed("oops")), 500, "engine-failed", "oops"),
    "our fault": (ASK, Reply(error=RuntimeError("the secret document")), 500, "internal", "request id"),
}  # fmt: skip


@pytest.mark.parametrize("case", OUTCOMES)
def test_an_error_of_the_generation_has_its_status_and_code(service: Service, case: str) -> None:
    """No 200 has invalid data, and nothing of the document is in the message."""
    body, reply, status, code, words = OUTCOMES[case]
    response = service.send(CHAT, body, reply)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (status, code)
    assert words in error["message"]
    assert "secret" not in response.text
    assert error["type"] == ("server_error" if status >= 500 else "invalid_request_error")
    assert ("retry-after" in response.headers) == (status == 503)
    assert (response.headers.get("x-should-retry") == "false") == (status == 422 or code == "internal")


def test_no_client_is_told_to_wait_longer_than_a_minute(service: Service) -> None:
    """Some clients give up beyond that."""
    response = service.send(CHAT, ASK, Reply(error=EngineUnavailable("down", 700)))
    assert response.headers["retry-after"] == "60"


def test_the_deadline_is_a_504_that_need_not_be_tried_again(service: Service) -> None:
    """The same work would pass the deadline again."""
    body = ask(structgen={"limits": {"deadline": 0.3}})
    response = service.send(CHAT, body, Reply("Hello. " * 40, delay=0.05))
    assert (response.status_code, error_of(response)["code"]) == (504, "deadline")
    assert response.headers["x-should-retry"] == "false"


@pytest.mark.parametrize("path", [CHAT, RESPONSES, "/v1/models", "/v1/models/x"])
def test_a_missing_key_is_told_in_the_envelope(serve: Serve, path: str) -> None:
    """The type is the one that OpenAI's API has."""
    url = serve(FakeEngine([]), api_key="k")
    send = httpx.get if "models" in path else httpx.post
    response = send(url + path)
    error = error_of(response)
    assert (response.status_code, error["type"]) == (401, "authentication_error")
    assert "Authorization: Bearer" in error["message"]


def test_a_foreign_page_is_told_in_the_envelope(service: Service) -> None:
    """A service without keys refuses pages of other sites."""
    response = httpx.post(service.url + CHAT, json=ASK, headers={"origin": "https://evil.example"})
    assert (response.status_code, error_of(response)["type"]) == (403, "permission_error")


def test_openais_client_may_call_from_an_allowed_page(serve: Serve) -> None:
    """With the headers that it adds to each request, and it may read those that tell it about retries."""
    url = serve(FakeEngine(["Hello."]), allowed_origins=("https://app.example",))
    origin = {"origin": "https://app.example"}
    asks = "authorization, content-type, x-stainless-os, x-stainless-retry-count, openai-project"
    wanted = {"access-control-request-method": "POST", "access-control-request-headers": asks}
    preflight = httpx.options(url + CHAT, headers={**origin, **wanted})
    assert preflight.status_code < 300
    response = httpx.post(url + CHAT, json=ASK, headers=origin)
    assert response.status_code == 200
    assert "x-should-retry" in response.headers["access-control-expose-headers"].lower()


ELSEWHERE: dict[str, tuple[str, str, dict[str, Any], int, str]] = {
    "unknown route": ("POST", "/v1/embeddings", {"json": {}}, 404, "not-found"),
    "below a route": ("GET", "/v1/chat/completions/x", {}, 404, "not-found"),
    "without /v1": ("POST", "/chat/completions", {"json": {}}, 404, "not-found"),
    "/v1 twice": ("POST", "/v1/v1/chat/completions", {"json": {}}, 404, "not-found"),
    "unknown method": ("GET", CHAT, {}, 405, "method-not-allowed"),
    "no JSON by its type": ("POST", CHAT, {"content": "x", "headers": {"content-type": "text/plain"}}, 415, "unsupported-media-type"),
    "too large": ("POST", CHAT, {"content": b" " * 2_000_001}, 413, "too-large"),
    "compressed": ("POST", CHAT, {"content": b"x", "headers": {"content-encoding": "gzip"}}, 400, "bad-request"),
}  # fmt: skip


@pytest.mark.parametrize("case", ELSEWHERE)
def test_errors_before_the_route_have_the_envelope_too(service: Service, case: str) -> None:
    """Whatever part of the service refuses the request, the path decides the form."""
    method, path, options, status, code = ELSEWHERE[case]
    response = httpx.request(method, service.url + path, **options)
    assert (response.status_code, error_of(response)["code"]) == (status, code)
    assert response.headers["x-should-retry"] == "false"


def test_other_routes_keep_their_problems(service: Service) -> None:
    """The envelope is for OpenAI's routes alone."""
    for path in ("/v1/extract", "/v1/nothing"):
        response = httpx.post(service.url + path, json={})
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["type"].startswith("/problems/")


def test_a_body_that_does_not_arrive_is_told_in_the_envelope(serve: Serve) -> None:
    """The connection's guard answers in place of the application."""
    url = serve(FakeEngine([]), timeouts=Timeouts(body=0.3))
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        sock.sendall(f"POST {CHAT} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n{{".encode())
        data = b""
        while piece := sock.recv(65536):
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    assert b" 408 " in head
    assert b"x-request-id" in head
    assert json.loads(body)["error"]["code"] == "request-timeout"


def test_a_connection_too_many_is_told_in_both_forms(serve: Serve) -> None:
    """Nobody knows which route it was for: the problem has the envelope in it."""
    engine = FakeEngine([Reply("Hello. " * 20, delay=0.1)])
    url = serve(engine, max_connections=2)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        busy = [pool.submit(httpx.post, url + CHAT, json=ASK, timeout=30) for _ in range(2)]
        while len(engine.requests) < 2:
            time.sleep(0.01)
        refused = httpx.post(url + CHAT, json=ASK)
        assert [each.result().status_code for each in busy] == [200, 200]
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/overloaded")
    assert refused.json()["error"]["code"] == "overloaded"
    assert "x-request-id" in refused.headers


@pytest.mark.parametrize("size", [20_000, 300_000], ids=["in a thread", "in another process"])
def test_large_bodies_are_read_as_small_ones_are(service: Service, size: int) -> None:
    """With the same reply, and the same faults with their pointers."""
    turn = {"role": "user", "content": [{"type": "text", "text": "x" * size}]}
    good = service.send(CHAT, ask(messages=[turn], extra=1))
    assert (good.status_code, good.headers["x-structgen-ignored"]) == (200, "/extra")
    image = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x" * size}}]}
    error = error_of(service.send(CHAT, ask(messages=[turn, image])))
    assert (error["code"], error["param"]) == ("bad-request", "/messages/1/content/0")
    assert len(json.dumps(error)) < 2000


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "stream"])
@pytest.mark.parametrize("path", [CHAT, RESPONSES])
def test_a_full_queue_is_a_429_with_a_time_to_come_again(serve: Serve, path: str, stream: bool) -> None:
    """A stream that cannot begin has that status too."""
    engine = FakeEngine([Reply("Hello. " * 20, delay=0.05)])
    engine.capabilities = replace(engine.capabilities, concurrency=1)
    url = serve(engine, max_queue=0)
    body = {"messages": [USER]} if path == CHAT else {"input": "x"}
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        first = pool.submit(httpx.post, url + path, json=body, timeout=30)
        while not engine.requests:
            time.sleep(0.01)
        response = httpx.post(url + path, json={**body, "stream": stream})
        assert (response.status_code, error_of(response)["type"]) == (429, "rate_limit_error")
        assert 1 <= int(response.headers["retry-after"]) <= 60
        assert "x-should-retry" not in response.headers
        assert first.result().status_code == 200


def test_a_document_that_cannot_fit_is_refused_before_it_waits(serve: Serve) -> None:
    """By its length alone, without the tokenizer."""
    engine = FakeEngine(["x"])
    engine.capabilities = replace(engine.capabilities, context=8192, characters=8192 * 25)
    response = httpx.post(serve(engine) + CHAT, json={"messages": [{"role": "user", "content": "x" * 10**6}]})
    assert (response.status_code, error_of(response)["code"]) == (422, "prompt-too-long")
    assert engine.requests == []


def test_an_unknown_tool_in_a_call_never_arrives(service: Service) -> None:
    """The call is tried again, and then an error that names it."""
    body = ask(tools=[tool("Other", OPEN)], tool_choice="required")
    error = error_of(service.send(CHAT, body, CALL))
    assert error["code"] == "unsatisfied"
    assert "Person" in json.dumps(error)
