"""`/v1/chat/completions` over real sockets: the shapes that real clients send, and what each needs back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from openai_service import ASK, CHAT, Serve, Service
from openai_shapes import (
    CALL,
    JSON_REQUESTS,
    OPEN,
    PERSON,
    TOOL_REQUESTS,
    USER,
    ZOD,
    json_schema,
    named,
    tool,
)

from structgen.chat.turn import NamedTool
from structgen.engines.fake import FakeEngine, Reply
from structgen.types import Message, ToolCall


@pytest.fixture(scope="module")
def service(shared_serve: Serve) -> Service:
    """Start one service for all tests of the file."""
    return Service(shared_serve)


@pytest.mark.parametrize("client", JSON_REQUESTS)
def test_the_json_that_a_client_asks_for_is_the_content(service: Service, client: str) -> None:
    """Every recorded shape of a JSON request gets valid JSON as content, `strict` or not."""
    body, answer = JSON_REQUESTS[client]
    response, _ = service.ask(CHAT, {"model": "fake", **body}, answer)
    choices = response.json()["choices"]
    values = [json.loads(choice["message"]["content"]) for choice in choices]
    assert values == [json.loads(answer)] * body.get("n", 1)
    assert [choice["index"] for choice in choices] == list(range(body.get("n", 1)))
    assert {choice["finish_reason"] for choice in choices} == {"stop"}


@pytest.mark.parametrize("client", TOOL_REQUESTS)
def test_the_call_that_a_client_asks_for_has_valid_arguments(service: Service, client: str) -> None:
    """Every recorded shape of a request with tools gets the call, with all members that clients need."""
    response, _ = service.ask(CHAT, {"model": "fake", **TOOL_REQUESTS[client]}, CALL)
    choice = response.json()["choices"][0]
    (call,) = choice["message"]["tool_calls"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    assert call["id"].startswith("call_")
    assert (call["type"], call["function"]["name"]) == ("function", "Person")
    assert json.loads(call["function"]["arguments"]) == json.loads(PERSON)


def test_a_completion_has_what_the_strictest_client_reads(service: Service) -> None:
    """All members of the protocol, the usage, and the account of the attempts."""
    body = service.ask(CHAT, ASK)[0].json()
    assert body["id"].startswith("chatcmpl-")
    assert (body["object"], body["model"]) == ("chat.completion", "fake")
    assert body["created"] > 1_700_000_000
    assert body["choices"][0] == {
        "index": 0,
        "message": {"role": "assistant", "content": "Hello.", "refusal": None},
        "finish_reason": "stop",
        "logprobs": None,
    }
    usage = body["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0
    assert usage["prompt_tokens_details"] == {"cached_tokens": 0}
    assert [attempt["status"] for attempt in body["structgen"]["attempts"]] == ["valid"]
    assert "warnings" not in body["structgen"]


def test_invalid_json_is_tried_again_and_the_account_tells_it(service: Service) -> None:
    """An answer that violates the schema costs an attempt and never arrives."""
    body = {**ASK, "response_format": json_schema(ZOD)}
    response, _ = service.ask(CHAT, body, '{"name":"Ada"}', '{"name":"Ada","age":36}')
    assert response.json()["choices"][0]["message"]["content"] == '{"name":"Ada","age":36}'
    statuses = [attempt["status"] for attempt in response.json()["structgen"]["attempts"]]
    assert statuses == ["violations", "valid"]


def test_roles_and_parts_become_turns(service: Service) -> None:
    """All roles of OpenAI, text parts, earlier calls with their results, and thoughts."""
    messages = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "input_text", "text": "b"}]},
        {
            "role": "assistant",
            "content": None,
            "reasoning_content": "Hm.",
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "7"},
        {"role": "assistant", "content": "", "function_call": {"name": "g", "arguments": {"y": 2}}},
        {"role": "function", "name": "g", "content": "8"},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        {"role": "user", "content": "c"},
    ]
    _, request = service.ask(CHAT, {**ASK, "messages": messages})
    assert request.prompt.messages == (
        Message("system", "Be brief."),
        Message("user", "ab"),
        Message("assistant", "", reasoning="Hm.", tool_calls=(ToolCall("f", '{"x": 1}', "c1"),)),
        Message("tool", "7", tool_call_id="c1", name="f"),
        Message("assistant", "", tool_calls=(ToolCall("g", '{"y":2}'),)),
        Message("tool", "8", name="g"),
        Message("assistant", "No."),
        Message("user", "c"),
    )


SAMPLING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "defaults": ({}, {"temperature": 0.0, "top_p": 1.0, "top_k": 0, "max_tokens": 4096, "seed": None}),
    "max_tokens": ({"max_tokens": 7}, {"max_tokens": 7}),
    "max_completion_tokens": ({"max_tokens": 7, "max_completion_tokens": 9}, {"max_tokens": 9}),
    "more than any model has": ({"max_tokens": 10**7}, {"max_tokens": 131_072}),
    "all tokens, as vLLM says it": ({"top_k": -1}, {"top_k": 0}),
    "top_p of 0": ({"top_p": 0}, {"top_p": 1e-6}),
    "negative seed": ({"seed": -1}, {"seed": 2**63 - 1}),
    "null for all": (
        dict.fromkeys(
            ("temperature", "top_p", "top_k", "seed", "max_tokens", "stop", "tools", "n", "stream")
        ),
        {"temperature": 0.0, "max_tokens": 4096},
    ),
    "thinking by effort": ({"reasoning_effort": "low"}, {"thinking_tokens": 1024}),
    "no thinking by effort": ({"reasoning_effort": "none"}, {"thinking_tokens": None}),
    "thinking by the template": ({"chat_template_kwargs": {"thinking": True}}, {"thinking_tokens": 4096}),
    "thinking by Qwen's template": (
        {"chat_template_kwargs": {"enable_thinking": True}, "reasoning_effort": "high"},
        {"thinking_tokens": 16_384},
    ),
    "template against effort": (
        {"chat_template_kwargs": {"thinking": False}, "reasoning_effort": "high"},
        {"thinking_tokens": None},
    ),
}


@pytest.mark.parametrize("case", SAMPLING)
def test_sampling_members_reach_the_engine(service: Service, case: str) -> None:
    """The members under OpenAI's and vLLM's names, with their defaults."""
    members, expected = SAMPLING[case]
    _, request = service.ask(CHAT, {**ASK, **members})
    assert {name: getattr(request.sampling, name) for name in expected} == expected


def test_a_small_context_bounds_the_default_budget(serve: Serve) -> None:
    """Without max_tokens half of the context is for the answer, and half at most for the thoughts."""
    engine = FakeEngine(["Hello."])
    engine.capabilities = replace(engine.capabilities, context=1000)
    assert httpx.post(serve(engine) + CHAT, json={**ASK, "reasoning_effort": "high"}).status_code == 200
    assert (engine.requests[0].sampling.max_tokens, engine.requests[0].sampling.thinking_tokens) == (500, 500)


def test_thoughts_are_apart_from_the_content(service: Service) -> None:
    """Under both names that clients look for."""
    message = service.ask(CHAT, ASK, Reply("Hello.", reasoning="Hm."))[0].json()["choices"][0]["message"]
    assert message["content"] == "Hello."
    assert message["reasoning_content"] == message["reasoning"] == "Hm."


def test_free_text_that_the_budget_cuts_has_the_reason_length(service: Service) -> None:
    """A text may end anywhere: it is delivered."""
    choice = service.ask(CHAT, ASK, Reply("Hel", "length"))[0].json()["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("Hel", "length")


def test_a_call_that_the_budget_cuts_is_never_delivered(service: Service) -> None:
    """Some clients would complete the arguments and run the tool."""
    body = {**ASK, "tools": [tool("Person", OPEN)]}
    choice = service.ask(CHAT, body, Reply(CALL[:-40], "length"))[0].json()["choices"][0]
    assert choice["finish_reason"] == "length"
    assert "tool_calls" not in choice["message"]
    assert "Ada" not in json.dumps(choice)


def test_functions_of_the_old_form_are_answered_in_it(service: Service) -> None:
    """`functions` and `function_call` in the request, `function_call` in the reply."""
    body = {**ASK, "functions": [tool("Person", OPEN)["function"]], "function_call": {"name": "Person"}}
    choice = service.ask(CHAT, body, CALL)[0].json()["choices"][0]
    assert choice["finish_reason"] == "function_call"
    assert choice["message"]["function_call"]["name"] == "Person"
    assert "tool_calls" not in choice["message"]


def test_the_old_form_has_one_call_at_most(service: Service) -> None:
    """`function_call` holds one call: a reply with two is written again, and none is dropped in silence."""
    body = {**ASK, "functions": [tool("Person", OPEN)["function"]]}
    reply = service.send(CHAT, body, CALL + CALL, CALL).json()
    assert [attempt["status"] for attempt in reply["structgen"]["attempts"]] == ["violations", "valid"]
    assert reply["choices"][0]["message"]["function_call"]["name"] == "Person"


def test_tools_that_may_not_be_called_are_no_tools(service: Service) -> None:
    """Under `none` a text that looks like a call is text."""
    choice = service.ask(CHAT, {**ASK, "tools": [tool("Person", OPEN)], "tool_choice": "none"}, CALL)[0]
    assert choice.json()["choices"][0]["message"]["content"] == CALL


CHOICES: dict[str, tuple[Any, Any]] = {
    "absent": (None, "auto"),
    "auto": ("auto", "auto"),
    "none": ("none", "none"),
    "required": ("required", "required"),
    "any, as some clients say": ("any", "required"),
    "named": (named("Person"), NamedTool("Person")),
    "allowed": (
        {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [named("Person")]}},
        "auto",
    ),
    "allowed, flat": (
        {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "Person"}]},
        "required",
    ),
}


@pytest.mark.parametrize("case", CHOICES)
def test_every_form_of_a_choice_is_read(case: str) -> None:
    """The turn has the choice, and of the tools those that are allowed."""
    from structgen.api.base import parse_body
    from structgen.api.openai.chat_request import ChatCompletionRequest
    from structgen.server.openai.chat_request import chat_turn

    given, expected = CHOICES[case]
    tools = [tool("Person", OPEN), tool("Other", OPEN)]
    body = parse_body(ChatCompletionRequest, json.dumps({**ASK, "tools": tools, "tool_choice": given}))
    turn = chat_turn(body, FakeEngine([]))
    assert turn.tool_choice == expected
    names = [tool.name for tool in turn.tools]
    assert names == (["Person"] if case.startswith("allowed") else ["Person", "Other"])


def test_what_is_ignored_is_told(service: Service) -> None:
    """In a header and in the warnings; what changes no answer is ignored in silence."""
    harmless = {
        "user": "me",
        "metadata": {"a": "b"},
        "store": True,
        "frequency_penalty": 0,
        "logit_bias": None,
    }
    told = {"frequency_penaltY": 1, "min_p": 0.5, "messages": [{**USER, "weight": 1}], "a/b": 1}
    response, _ = service.ask(CHAT, {**ASK, **harmless, **told})
    pointers = {"/frequency_penaltY", "/min_p", "/messages/0/weight", "/a~1b"}
    assert set(response.headers["x-structgen-ignored"].split(", ")) == pointers
    warnings = response.json()["structgen"]["warnings"]
    assert {warning["pointer"] for warning in warnings} == pointers
    assert {warning["code"] for warning in warnings} == {"ignored-member"}
    assert "x-structgen-ignored" not in service.ask(CHAT, {**ASK, **harmless})[0].headers


def test_another_models_name_is_accepted_and_told(service: Service) -> None:
    """Clients send names of their catalogues; the reply has the name of the model that answered."""
    body = service.ask(CHAT, {**ASK, "model": "gpt-4o"})[0].json()
    assert body["model"] == "fake"
    assert [warning["code"] for warning in body["structgen"]["warnings"]] == ["other-model"]


FORMATS: dict[str, tuple[dict[str, Any], str]] = {
    "regex": ({"structured_outputs": {"regex": "[a-z]{3}"}}, "abc"),
    "choice": ({"structured_outputs": {"choice": ["yes", "no"]}}, "yes"),
    "grammar": ({"structured_outputs": {"grammar": 'start: "yes" | "no"'}}, "no"),
    "guided_regex": ({"guided_regex": "[a-z]{3}"}, "abc"),
    "guided_choice": ({"guided_choice": ["yes", "no"]}, "yes"),
    "guided_grammar": ({"guided_grammar": 'start: "yes" | "no"'}, "no"),
    "json text": ({"structured_outputs": {"json": json.dumps(ZOD)}}, '{"name":"Ada","age":36}'),
    "json_object": ({"structured_outputs": {"json_object": True}}, "{}"),
}


@pytest.mark.parametrize("case", FORMATS)
def test_formats_of_vllm_are_followed(service: Service, case: str) -> None:
    """At the top level of the request, under the new names and the old ones."""
    members, answer = FORMATS[case]
    response, _ = service.ask(CHAT, {**ASK, **members}, answer)
    assert response.json()["choices"][0]["message"]["content"] == answer
    assert "x-structgen-ignored" not in response.headers


def test_limits_of_structgen_may_be_given(serve: Serve) -> None:
    """Under `structgen`, as for extractions."""
    body = {**ASK, "response_format": json_schema(ZOD), "structgen": {"limits": {"max_attempts": 1}}}
    engine = FakeEngine(["{}"])
    refused = httpx.post(serve(engine) + CHAT, json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "unsatisfied")
    assert len(engine.requests) == 1


def test_free_text_ends_before_a_stop(service: Service) -> None:
    """One text or a list of them."""
    for stop in ("lo", ["x", "lo"]):
        choice = service.ask(CHAT, {**ASK, "stop": stop}, "Hello there.")[0].json()["choices"][0]
        assert (choice["message"]["content"], choice["finish_reason"]) == ("Hel", "stop")


def test_models_are_listed_and_described(serve: Serve) -> None:
    """Also by a name with slashes, as Hugging Face names models."""
    url = serve(FakeEngine([], model="Nous/Hermes-4"))
    assert [entry["id"] for entry in httpx.get(f"{url}/v1/models").json()["data"]] == ["Nous/Hermes-4"]
    assert httpx.get(f"{url}/v1/models/Nous/Hermes-4").json()["object"] == "model"
    assert httpx.get(f"{url}/v1/models/Nous%2FHermes-4").json()["id"] == "Nous/Hermes-4"
    missing = httpx.get(f"{url}/v1/models/gpt-4o")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not-found")
    assert "Nous/Hermes-4" in missing.json()["error"]["message"]
