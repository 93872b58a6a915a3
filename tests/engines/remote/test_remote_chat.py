"""Chat turns through a remote server: calls are valid under the tools' full schemas, whatever the server sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from compatible import Fault, started, told
from model_servers import ScriptedServer, asked_schema, called, entries, said, streamed, valid

from structgen.chat.reply import ChatReply
from structgen.chat.turn import ChatTurn, NamedTool, Tool
from structgen.errors import Incomplete
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.types import Limits, Message, Sampling, ToolCall

Start = Callable[..., str]
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "maximum": 7}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER, CLOCK = Tool("weather", Schema.parse(CITY)), Tool("clock", Schema.parse({"type": "object"}))
USER = (Message("user", "How is the weather?"),)


def server(*answers: Fault) -> ScriptedServer:
    """Return a server that follows schemas, and gives these answers to requests with tools, in turn."""
    left = list(answers)

    def script(body: dict[str, Any]) -> Fault:
        schema = asked_schema(body)
        if schema is not None and "probe" in schema["properties"]:
            return said(valid(schema))
        return left.pop(0)

    return ScriptedServer(script=script, entries=entries("m", owner="other"))


async def reply_to(compatible: Start, app: ScriptedServer, **members: Any) -> ChatReply:
    turn = ChatTurn(**{"messages": USER, "tools": (WEATHER, CLOCK), **members})
    async with started(compatible(app)) as engine:
        return await Generator(engine).chat(turn)


def calls(reply: ChatReply) -> Sequence[tuple[str, Any]]:
    return [(call.name, json.loads(call.arguments)) for call in reply.choices[0].calls]


async def test_valid_calls_are_delivered_as_they_came(compatible: Start) -> None:
    """Two calls in their order, after the text before them."""
    answer = streamed(
        {"content": "I look."},
        {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "weather", "arguments": '{"city":'}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": '"Oslo"}'}}]},
        {"tool_calls": [{"index": 1, "id": "b", "function": {"name": "clock", "arguments": ""}}]},
        finish="tool_calls",
    )
    reply = await reply_to(compatible, server(answer))
    assert calls(reply) == [("weather", {"city": "Oslo"}), ("clock", {})]
    assert (reply.choices[0].content.strip(), reply.choices[0].finish) == ("I look.", "tool_calls")


@pytest.mark.parametrize(
    "arguments",
    ["{city: 'Oslo', days: 3,}", '{"city": "Oslo", "days": "3"}'],
    ids=["malformed", "wrong type"],
)
async def test_arguments_are_repaired_under_the_tools_schema(compatible: Start, arguments: str) -> None:
    """By rules, without another request."""
    reply = await reply_to(compatible, server(called(("weather", arguments))))
    assert calls(reply) == [("weather", {"city": "Oslo", "days": 3})]


async def test_a_cut_call_is_not_delivered(compatible: Start) -> None:
    """The budget ended inside of it."""
    cut = streamed(
        {
            "tool_calls": [
                {"index": 0, "id": "a", "function": {"name": "weather", "arguments": '{"city": "Os'}}
            ]
        },
        finish="length",
    )
    try:
        reply = await reply_to(compatible, server(cut), limits=Limits(max_attempts=1))
    except Incomplete:
        return
    assert (calls(reply), reply.choices[0].finish) == ([], "length")


async def test_a_server_without_tools_answers_in_tags(compatible: Start) -> None:
    """The calls are the same for the caller; the tools were in the system text."""
    text = 'Hm.<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo"}}\n</tool_call>'
    app = server(Fault(400, told("this model does not support tools")), said(text))
    reply = await reply_to(compatible, app)
    assert calls(reply) == [("weather", {"city": "Oslo"})]
    assert "<tools>" in app.bodies[-1]["messages"][0]["content"]


async def test_a_named_tool_is_asked_for_by_name(compatible: Start) -> None:
    """`tool_choice` has OpenAI's form."""
    app = server(called(("clock", "{}")))
    assert calls(await reply_to(compatible, app, tool_choice=NamedTool("clock"))) == [("clock", {})]
    body = app.bodies[-1]
    named = {"type": "function", "function": {"name": "clock"}}
    assert body["tool_choice"] == named or [tool["function"]["name"] for tool in body["tools"]] == ["clock"]


async def test_results_go_back_by_their_ids(compatible: Start) -> None:
    """The conversation of the second round has the call and its result as OpenAI's members."""
    messages = (
        *USER,
        Message("assistant", "", tool_calls=(ToolCall("weather", '{"city":"Oslo"}', "call_7"),)),
        Message("tool", "Rain.", tool_call_id="call_7"),
    )
    app = server(said("It rains."))
    reply = await reply_to(compatible, app, messages=messages)
    assert reply.choices[0].content == "It rains."
    assert [turn["role"] for turn in app.bodies[-1]["messages"]][-3:] == ["user", "assistant", "tool"]
    assert app.bodies[-1]["messages"][-1]["tool_call_id"] == "call_7"


async def test_thoughts_are_apart_from_the_json(compatible: Start) -> None:
    """A thought under a budget, then the object, in one turn."""

    def script(body: dict[str, Any]) -> Fault:
        schema = asked_schema(body)
        return said("<think>Ada, so 36.") if schema is None else said(valid(schema))

    app = ScriptedServer(script=script, entries=entries("m", owner="other"))
    schema = Schema.parse({"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]})
    reply = await reply_to(
        compatible, app, tools=(), schema=schema, thinking=True, sampling=Sampling(thinking_tokens=20)
    )
    assert json.loads(reply.choices[0].content) == {"age": 36}
    assert reply.choices[0].reasoning == "Ada, so 36."
