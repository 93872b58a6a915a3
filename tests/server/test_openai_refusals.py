"""Requests that OpenAI's routes refuse: each says where it is wrong and what to change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openai_service import CHAT, RESPONSES, Serve, Service, error_of
from openai_shapes import OPEN, USER, ZOD, json_schema, named, tool

ASK: dict[str, Any] = {"messages": [USER]}
PERSON = tool("Person", OPEN)


@pytest.fixture(scope="module")
def service(shared_serve: Serve) -> Service:
    """Start one service for all tests of the file."""
    return Service(shared_serve)


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
    "a limit that this engine cannot keep": (
        CHAT,
        ask(response_format=json_schema(ZOD), structgen={"limits": {"on_budget": "close"}}),
        "/structgen/limits/on_budget",
        "incomplete",
    ),
    "a limit of free text": (
        CHAT,
        ask(structgen={"limits": {"max_digits": 5}}),
        "/structgen/limits/max_digits",
        "leave it out",
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
