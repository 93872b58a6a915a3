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
from openai_service import CHAT, RESPONSES, Serve, Service
from openai_shapes import CALL, OPEN, USER, ZOD, json_schema, named, tool

from structgen.config import Timeouts
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import EngineFailed, EngineUnavailable, PromptTooLong

ASK: dict[str, Any] = {"messages": [USER]}
PERSON = tool("Person", OPEN)


@pytest.fixture(scope="module")
def service(shared_serve: Serve) -> Service:
    """Start one service for all tests of the file."""
    return Service(shared_serve, max_body=2_000_000)


def error_of(response: httpx.Response) -> dict[str, Any]:
    """Return the error of a response, after a look at its envelope."""
    body = response.json()
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-request-id"]
    assert list(body) == ["error"]
    assert {"message", "type", "param", "code"} <= body["error"].keys()
    return dict(body["error"])


def ask(**members: Any) -> dict[str, Any]:
    return {**ASK, **members}


BAD: dict[str, tuple[str, Any, str | None, str]] = {
    "no JSON": (CHAT, "{", None, "not JSON"),
    "duplicate key": (CHAT, '{"messages":[],"messages":[]}', None, "duplicate key"),
    "no messages": (CHAT, {}, "/messages", "/messages"),
    "empty messages": (CHAT, {"messages": []}, "/messages", "at least 1"),
    "unknown role": (CHAT, {"messages": [{"role": "usr", "content": ""}]}, "/messages/0/role", "'user'?"),
    "no content": (CHAT, {"messages": [{"role": "user"}]}, "/messages/0/content", "give a string"),
    "a number as content": (
        CHAT,
        {"messages": [{"role": "user", "content": 5}]},
        "/messages/0/content",
        "list of text parts",
    ),
    "an image": (
        CHAT,
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]},
        "/messages/0/content/0",
        "'image_url' is not supported",
    ),
    "audio": (
        RESPONSES,
        {"input": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]},
        "/input/0/content/0",
        "'input_audio' is not supported",
    ),
    "a part without text": (
        CHAT,
        {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
        "/messages/0/content/0",
        "'text', a string",
    ),
    "a text as a number": (CHAT, ask(temperature="0"), "/temperature", "valid number"),
    "n beyond the bound": (CHAT, ask(n=17), "/n", "16"),
    "unknown format": (CHAT, ask(response_format={"type": "json"}), "/response_format/type", "json_object"),
    "a bare schema": (
        CHAT,
        ask(response_format={"type": "json_schema", "json_schema": ZOD}),
        "/response_format/json_schema",
        'into the member "schema"',
    ),
    "two formats": (
        CHAT,
        ask(response_format=json_schema(ZOD), structured_outputs={"regex": "a"}),
        "/structured_outputs/regex",
        "/response_format/json_schema/schema and /structured_outputs/regex",
    ),
    "structural_tag": (
        CHAT,
        ask(structured_outputs={"structural_tag": {}}),
        "/structured_outputs/structural_tag",
        "not supported",
    ),
    "no choices": (CHAT, ask(structured_outputs={"choice": []}), "/structured_outputs/choice", "empty"),
    "a format beside tools": (
        CHAT,
        ask(structured_outputs={"regex": "a"}, tools=[PERSON]),
        "/structured_outputs/regex",
        "tools",
    ),
    "two tools of one name": (
        CHAT,
        ask(tools=[PERSON, PERSON]),
        "/tools/1/function/name",
        "a name of its own",
    ),
    "a tool without a function": (CHAT, ask(tools=[{"type": "function"}]), "/tools/0/function", "is missing"),
    "a tool of the provider": (CHAT, ask(tools=[{"type": "web_search"}]), "/tools/0/type", "give functions"),
    "arguments that are a list": (
        CHAT,
        ask(tools=[tool("f", {"type": "array"})]),
        "/tools/0/function/parameters",
        '"type": "object"',
    ),
    "a choice of an unknown tool": (
        CHAT,
        ask(tools=[PERSON], tool_choice=named("Persn")),
        "/tool_choice/function/name",
        "did you mean 'Person'?",
    ),
    "an unknown choice": (CHAT, ask(tools=[PERSON], tool_choice="must"), "/tool_choice", '"required"'),
    "a required call of no tool": (CHAT, ask(tool_choice="required"), "/tool_choice", "give `tools`"),
    "an allowed tool that is unknown": (
        CHAT,
        ask(
            tools=[PERSON],
            tool_choice={"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [named("x")]}},
        ),
        "/tool_choice/allowed_tools/tools/0/function/name",
        "there are: Person",
    ),
    "an unknown effort": (CHAT, ask(reasoning_effort="hi"), "/reasoning_effort", "none, minimal"),
    "an empty stop": (CHAT, ask(stop=["a", ""]), "/stop/1", "empty"),
    "an unknown limit": (
        CHAT,
        ask(structgen={"limits": {"max_attempt": 1}}),
        "/structgen/limits/max_attempt",
        "max_attempts",
    ),
    "a stored response": (
        RESPONSES,
        {"input": "x", "previous_response_id": "resp_1"},
        "/previous_response_id",
        "whole conversation",
    ),
    "an item of the provider": (
        RESPONSES,
        {"input": [{"type": "item_reference", "id": "x"}]},
        "/input/0/type",
        "'item_reference' is not supported",
    ),
    "a call without a name": (
        RESPONSES,
        {"input": [{"type": "function_call", "call_id": "c", "arguments": "{}"}]},
        "/input/0/name",
        "is missing",
    ),
    "an unknown role of an item": (
        RESPONSES,
        {"input": [{"role": "tool", "content": "x"}]},
        "/input/0/role",
        "assistant",
    ),
    "an unknown effort of a response": (
        RESPONSES,
        {"input": "x", "reasoning": {"effort": "hi"}},
        "/reasoning/effort",
        "none, minimal",
    ),
    "a response in the background": (RESPONSES, {"input": "x", "background": True}, "/background", "stream"),
    "an unknown format of a response": (
        RESPONSES,
        {"input": "x", "text": {"format": {"type": "yaml"}}},
        "/text/format/type",
        "json_schema",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_malformed_request_is_told_where_and_what_to_change(service: Service, case: str) -> None:
    """A 400 whose `param` is the pointer, and whose message has the pointer and the remedy."""
    path, body, pointer, words = BAD[case]
    response = service.send(path, body)
    error = error_of(response)
    assert (response.status_code, error["code"], error["type"]) == (
        400,
        "bad-request",
        "invalid_request_error",
    )
    assert error["param"] == pointer
    assert words in error["message"]
    assert pointer is None or pointer in error["message"]
    assert response.headers["x-should-retry"] == "false"


def test_every_fault_of_a_request_is_listed(service: Service) -> None:
    """Those of the types at once, and with right types all of the others at once."""
    body = ask(tools=[PERSON, PERSON], tool_choice="must", reasoning_effort="hi", stop="")
    found = error_of(service.send(CHAT, body))["structgen"]["violations"]
    assert {fault["pointer"] for fault in found} == {
        "/tools/1/function/name", "/tool_choice", "/reasoning_effort", "/stop/0",
    }  # fmt: skip


SCHEMAS: dict[str, tuple[str, Any, str, str]] = {
    "response_format": (
        CHAT,
        ask(response_format=json_schema({"properties": {"a": {"type": "int"}}})),
        "/response_format/json_schema/schema/properties/a/type",
        "invalid-schema",
    ),
    "the fourth tool": (
        CHAT,
        ask(tools=[*(tool(name, OPEN) for name in "abc"), tool("d", {"properties": {"x": {"type": "int"}}})]),
        "/tools/3/function/parameters/properties/x/type",
        "invalid-schema",
    ),
    "an unknown root type": (
        CHAT,
        ask(tools=[tool("a", {"type": "objct"})]),
        "/tools/0/function/parameters/type",
        "invalid-schema",
    ),
    "functions": (
        CHAT,
        ask(functions=[{"name": "a", "parameters": {"required": "x"}}]),
        "/functions/0/parameters/required",
        "invalid-schema",
    ),
    "text.format": (
        RESPONSES,
        {"input": "x", "text": {"format": {"type": "json_schema", "name": "a", "schema": {"type": "int"}}}},
        "/text/format/schema/type",
        "invalid-schema",
    ),
    "a flat tool": (
        RESPONSES,
        {"input": "x", "tools": [{"type": "function", "name": "a", "parameters": {"required": 5}}]},
        "/tools/0/parameters/required",
        "invalid-schema",
    ),
    "structured_outputs": (
        CHAT,
        ask(structured_outputs={"json": {"type": "int"}}),
        "/structured_outputs/json/type",
        "invalid-schema",
    ),
    "a regex": (CHAT, ask(structured_outputs={"regex": "(a"}), "/structured_outputs/regex", "invalid-schema"),
    "a grammar": (CHAT, ask(guided_grammar="start: x"), "/guided_grammar", "invalid-schema"),
    "a deep schema": (
        CHAT,
        ask(tools=[tool("a", json.loads('{"not":' * 80 + "{}" + "}" * 80))]),
        "/tools/0/function/parameters",
        "schema-limit",
    ),
    "a long regex": (
        CHAT,
        ask(structured_outputs={"regex": "a" * 9000}),
        "/structured_outputs/regex",
        "schema-limit",
    ),
}


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_schema_that_cannot_be_used_is_told_by_its_place_in_the_request(
    service: Service, case: str
) -> None:
    """A 422 whose `param` leads to the fault inside of the schema; the next request is told the same."""
    path, body, pointer, code = SCHEMAS[case]
    for _ in range(2):
        response = service.send(path, body)
        error = error_of(response)
        assert (response.status_code, error["code"]) == (422, code)
        assert error["param"] == pointer
        assert service.engine.requests == []


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
