"""A vLLM server's text formats and grammars of calls: probed at the start, and used only where they are followed."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from compatible import Compatible, Fault, started, told

from structgen.engines import CallableTool, CallConstraint, EngineRequest, TextConstraint, open_engine
from structgen.engines.fake import FakeEngine
from structgen.errors import InvalidSchema
from structgen.types import Conversation, Message, Sampling, ToolDefinition

Start = Callable[..., str]
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = (ToolDefinition("weather", "The weather.", json.dumps(WEATHER)),)
CALLS = CallConstraint((CallableTool("weather", WEATHER),), "calls", required=True)
REGEX = TextConstraint("regex", "[a-c]{3}", "regex")
CALL_TAGS = ("<tool_call>", "</tool_call>")


def request(constraint: CallConstraint | TextConstraint) -> EngineRequest:
    tools = TOOLS if isinstance(constraint, CallConstraint) else ()
    turns = (Message("system", "Help."), Message("user", "Oslo <tool_call>?"))
    return EngineRequest(Conversation(turns, tools), constraint, Sampling(max_tokens=64))


@pytest.mark.parametrize(
    ("owner", "tags", "follows"),
    [("vllm", CALL_TAGS, True), ("vllm", (), True), ("vllm", None, False), ("sglang", CALL_TAGS, False)],
    ids=["special tags", "tags of plain text", "schemas alone", "not vLLM"],
)
async def test_the_probe_finds_what_the_server_follows(
    compatible: Start, owner: str, tags: tuple[str, ...] | None, follows: bool
) -> None:
    """The grammar of a call names a tag as a token where it is one, and spells it out elsewhere."""
    app = Compatible(FakeEngine(["x"]), owner=owner, special_tags=tags)
    async with started(compatible(app)) as engine:
        assert engine.capabilities.constrains_text == follows
        assert engine.capabilities.constrains_calls == follows
        await engine.complete(request(CALLS))
        await engine.complete(request(REGEX))
    calls, regex = app.bodies[-2:]
    assert ("structured_outputs" in calls, "structured_outputs" in regex) == (follows, follows)
    assert ("tools" in calls) != follows
    if follows:
        grammar = calls["structured_outputs"]["grammar"]
        assert ('"<tool_call>"' in grammar) == (tags == ())
        assert regex["structured_outputs"] == {"regex": "[a-c]{3}"}
        assert calls["skip_special_tokens"] is False
        assert "# Tools" in calls["messages"][0]["content"]
        assert "<\u200btool_call>?" in calls["messages"][-1]["content"]


async def test_each_text_format_has_its_member(compatible: Start) -> None:
    """As vLLM names them."""
    app = Compatible(FakeEngine(["x"]), owner="vllm", special_tags=())
    async with started(compatible(app)) as engine:
        for kind, definition in (("regex", "a+"), ("choice", '["a","b"]'), ("lark", 'start: "a"')):
            await engine.complete(request(TextConstraint(kind, definition, kind)))  # type: ignore[arg-type]
    sent = [body["structured_outputs"] for body in app.bodies[-3:]]
    assert sent == [{"regex": "a+"}, {"choice": ["a", "b"]}, {"grammar": 'start: "a"'}]


async def test_a_refused_grammar_is_the_callers(compatible: Start) -> None:
    """A trial finds the fault, once; the server serves on."""
    app = Compatible(FakeEngine(["x"]), owner="vllm", special_tags=())
    async with started(compatible(app)) as engine:
        app.faults = deque([Fault(400, told("Grammar error: unknown name: 'b'"))])
        broken = TextConstraint("lark", "start: b", "broken")
        for _ in range(2):
            with pytest.raises(InvalidSchema, match="unknown name"):
                await engine.prepare(broken)
        await engine.complete(request(REGEX))


@pytest.fixture
def vllm_like(compatible: Start, random_model: Path) -> str:
    """A server that says it is vLLM, on the local engine with random weights."""
    app = Compatible(open_engine("local", str(random_model)), owner="vllm", special_tags=CALL_TAGS)
    return compatible(app)


async def test_a_random_model_follows_the_formats(vllm_like: str) -> None:
    """The definitions reach the server's engine unchanged."""
    async with started(vllm_like) as engine:
        completion = await engine.complete(request(REGEX))
    assert len(completion.text) == 3
    assert set(completion.text) <= set("abc")
