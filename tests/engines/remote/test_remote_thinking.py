"""The remote engine lets a model think first on every server, and keeps its thoughts out of the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from compatible import CONSTRAINT, TURNS, Fault, ask, started, told
from hypothesis import given
from hypothesis import strategies as st
from model_servers import ScriptedServer, entries, said

from structgen.engines import CallableTool, CallConstraint, EngineRequest
from structgen.engines.remote import RemoteEngine
from structgen.engines.remote.thought_reader import ThoughtReader
from structgen.prompts import hermes4
from structgen.types import Chunk, Conversation, Message, Sampling, ToolDefinition, Usage

Start = Callable[..., str]


def server(thought: Fault, answer: Fault | None = None, *, owner: str = "other") -> ScriptedServer:
    """Return a server that gives this thought where a request stops at its end, and answers the others."""

    def script(body: dict[str, Any]) -> Fault:
        if "stop" in body:
            return thought
        schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
        probe = None if schema is None else schema["properties"].get("probe")
        if probe:
            return said(json.dumps({"probe": probe["const"]}))
        return answer or said('{"age":36}')

    return ScriptedServer(script=script, entries=entries("m", owner=owner))


async def thought_and_answer(engine: RemoteEngine, request: EngineRequest) -> tuple[str, str, Usage]:
    chunks: list[Chunk] = [chunk async for chunk in engine.generate(request)]
    assert [chunk.finish is not None for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
    usage = chunks[-1].usage
    assert usage is not None
    return "".join(c.reasoning for c in chunks), "".join(c.text for c in chunks), usage


FORMS = {
    "in tags": said("<think>\nAda is 36 < 40.\n"),
    "in tags, and an answer": said("<think>Ada is 36 < 40.</think>\n36"),
    "separated as reasoning_content": said(reasoning="Ada is 36 < 40.", member="reasoning_content"),
    "separated as reasoning, and an answer": said("36", reasoning="Ada is 36 < 40."),
    "separated as thinking": said(reasoning="Ada is 36 < 40.", member="thinking", finish="length"),
    "without tags": said("Ada is 36 < 40."),
    "cut": said("<think>Ada is 36 < 40.", finish="length"),
}


@pytest.mark.parametrize("thought", FORMS.values(), ids=FORMS.keys())
async def test_a_thought_of_any_form_comes_before_the_json(compatible: Start, thought: Fault) -> None:
    """The thought is reasoning, the answer is under the schema, and the second request has the thought."""
    app = server(thought)
    async with started(compatible(app)) as engine:
        assert engine.capabilities.supports_thinking
        reasoning, text, _ = await thought_and_answer(engine, ask(thinking_tokens=50))
    assert (reasoning.strip(), text) == ("Ada is 36 < 40.", '{"age":36}')
    first, second = app.bodies[-2:]
    assert (first["max_tokens"], first["stop"]) == (50, ["</think>"])
    assert "response_format" not in first
    assert "response_format" in second
    assert second["max_tokens"] == Sampling().answer_tokens
    assert all(body["messages"][0]["content"].startswith(hermes4.THINKING) for body in (first, second))
    assert "Ada is 36 < 40." in second["messages"][-1]["content"]


async def test_usage_is_the_sum(compatible: Start) -> None:
    """Of both completions."""
    async with started(compatible(server(said("<think>Ada")))) as engine:
        _, _, usage = await thought_and_answer(engine, ask(thinking_tokens=50))
    assert (usage.prompt_tokens, usage.completion_tokens) == (20, 4 + 4)


@pytest.mark.parametrize("owner", ["vllm", "sglang"])
async def test_the_model_continues_its_own_turn_where_the_server_lets_it(
    compatible: Start, owner: str
) -> None:
    """The thought stands in the tags of the assistant's turn; its own tags are text there."""
    app = server(said("<think>a <|eot_id|> b"), owner=owner)
    async with started(compatible(app)) as engine:
        await thought_and_answer(engine, ask(thinking_tokens=50))
    turn = app.bodies[-1]["messages"][-1]
    assert turn == {"role": "assistant", "content": "<think>\na <\u200b|eot_id|> b\n</think>\n\n"}
    assert app.bodies[-1]["continue_final_message"] is True
    assert app.bodies[-1]["add_generation_prompt"] is False


async def test_a_server_that_continues_no_turn_gets_the_thought_in_the_last_turn(compatible: Start) -> None:
    """The refusal is remembered."""
    app = server(said("<think>Hm"), owner="vllm")
    script = app.script

    def refusing(body: dict[str, Any]) -> Fault:
        if body.get("continue_final_message"):
            return Fault(400, told("continue_final_message: extra inputs are not permitted"))
        return script(body)

    app.script = refusing
    async with started(compatible(app)) as engine:
        before = len(app.bodies)
        for _ in range(2):
            await thought_and_answer(engine, ask(thinking_tokens=50))
    assert [b.get("continue_final_message", False) for b in app.bodies[before:]] == [
        False, True, False, False, False,
    ]  # fmt: skip
    last = app.bodies[-1]["messages"][-1]
    assert (last["role"], "Hm" in last["content"]) == ("user", True)


async def test_no_tool_is_called_while_the_model_thinks(compatible: Start) -> None:
    """Tools are described in both requests, and required in the second one only."""
    call = {"index": 0, "id": "c", "function": {"name": "add", "arguments": "{}"}}
    answer = Fault(
        events=({"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}, "[DONE]")
    )
    app = server(said("<think>Hm"), answer)
    tools = (ToolDefinition("add", "", '{"type":"object"}'),)
    constraint = CallConstraint((CallableTool("add", {"type": "object"}),), "add", required=True)
    request = EngineRequest(Conversation(TURNS, tools=tools), constraint, Sampling(thinking_tokens=9))
    async with started(compatible(app)) as engine:
        reasoning, text, _ = await thought_and_answer(engine, request)
    assert (reasoning, "<tool_call>" in text) == ("Hm", True)
    assert [body["tool_choice"] for body in app.bodies[-2:]] == ["none", "required"]


async def test_tools_are_described_alike_for_the_thought_and_the_answer(compatible: Start) -> None:
    """Where a grammar writes calls in tags, the tools are in the system text of both requests."""
    app = server(said("<think>Hm"), owner="vllm")
    tools = (ToolDefinition("add", "", '{"type":"object"}'),)
    constraint = CallConstraint((CallableTool("add", {"type": "object"}),), "add", required=True)
    script = app.script

    def following(body: dict[str, Any]) -> Fault:
        """Follow text formats and grammars, where tags are text."""
        formats = body.get("structured_outputs", {})
        if probe := re.search(
            r"(<[/a-z_]+> \")?(k[0-9a-f]{16})", formats.get("grammar") or formats.get("regex", "")
        ):
            nonce = probe[2]
            refusal = Fault(400, told("unknown special token"))
            return refusal if probe[1] else said(nonce if "regex" in formats else f'"{nonce}"')
        return script(body)

    app.script = following
    request = EngineRequest(Conversation(TURNS, tools=tools), constraint, Sampling(thinking_tokens=9))
    async with started(compatible(app)) as engine:
        assert engine.capabilities.constrains_calls
        await thought_and_answer(engine, request)
    thought, answer = app.bodies[-2:]
    assert thought["messages"] == answer["messages"][:-1]
    assert ("structured_outputs" in thought, "structured_outputs" in answer) == (False, True)
    assert "tools" not in thought


async def test_the_thinking_prompt_is_not_repeated(compatible: Start) -> None:
    """A system text that has the prompt already stays as it is."""
    app = server(said("<think>Hm"))
    turns = (Message("system", f"{hermes4.THINKING}\n\nJSON."), TURNS[1])
    request = EngineRequest(Conversation(turns, thinking=True), CONSTRAINT, Sampling(thinking_tokens=9))
    async with started(compatible(app)) as engine:
        await thought_and_answer(engine, request)
    assert app.bodies[-1]["messages"][0]["content"] == f"{hermes4.THINKING}\n\nJSON."


@given(
    st.sampled_from(["<think>", "\n<think>\n", ""]),
    st.text(alphabet="a<>/think \n", max_size=30),
    st.sampled_from(["</think>", "</think>x", ""]),
    st.lists(st.integers(1, 9), max_size=30),
)
def test_a_thought_is_the_same_in_any_pieces(opening: str, body: str, closing: str, sizes: list[int]) -> None:
    """The pieces join to the thought of the whole text."""
    text, at = opening + body + closing, 0
    whole, pieces = ThoughtReader(), ThoughtReader()
    whole.feed("", text)
    whole.end()
    added = ""
    for size in [*sizes, len(text)]:
        added += pieces.feed("", text[at : at + size])
        at += size
    added += pieces.end()
    assert added == pieces.thought == whole.thought
    assert pieces.ended == whole.ended
