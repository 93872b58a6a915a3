"""Ollama, LM Studio and llama.cpp's server: valid objects and calls, and errors that say what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from compatible import CONSTRAINT, Fault, ask, started, told
from model_servers import (
    Script,
    ScriptedServer,
    called,
    entries,
    llama_cpp,
    lm_studio,
    ollama,
    said,
    streamed,
    valid,
)

from structgen.engines import CallableTool, CallConstraint, EngineRequest
from structgen.engines.remote import RemoteEngine
from structgen.errors import ConfigError
from structgen.types import Chunk, Conversation, Message, Sampling, ToolDefinition

Start = Callable[..., str]
WEATHER = ToolDefinition("weather", "The weather of a city.", '{"type":"object"}')
CLOCK = ToolDefinition("clock", "The time.", '{"type":"object"}')
CALLS = CallConstraint((CallableTool("weather", {"type": "object"}),), "calls", required=True)


def server(script: Script, *names: str, owner: str = "library") -> ScriptedServer:
    return ScriptedServer(script=script, entries=entries(*(names or ("qwen3:4b",)), owner=owner))


def tool_request(*tools: ToolDefinition, constraint: Any = CALLS) -> EngineRequest:
    turns = (Message("system", "Help."), Message("user", "How is the weather in Oslo?"))
    return EngineRequest(Conversation(turns, tools=tools), constraint, Sampling(max_tokens=200))


async def chunks_of(engine: RemoteEngine, request: EngineRequest) -> list[Chunk]:
    return [chunk async for chunk in engine.generate(request)]


SERVERS = {
    "Ollama": (ollama(thinks=False), "library"),
    "Ollama, a model that thinks": (ollama(thinks=True), "library"),
    "LM Studio, a model that thinks": (lm_studio, "organization_owner"),
    "llama.cpp": (llama_cpp, "llamacpp"),
}


@pytest.mark.parametrize(("script", "owner"), SERVERS.values(), ids=SERVERS.keys())
async def test_each_server_answers_with_json_and_without_thoughts(
    compatible: Start, script: Script, owner: str
) -> None:
    """The probe finds the way to JSON in the answer, so that no thought takes the budget of it."""
    async with started(compatible(server(script, owner=owner)), "qwen3:4b") as engine:
        assert engine.capabilities.constrained
        completion = await chunks_of(engine, ask())
    assert json.loads("".join(chunk.text for chunk in completion)) == {"age": 36}
    assert "".join(chunk.reasoning for chunk in completion) == ""


@pytest.mark.parametrize(("script", "owner"), SERVERS.values(), ids=SERVERS.keys())
async def test_each_server_calls_tools(compatible: Start, script: Script, owner: str) -> None:
    """A named tool among two: the call comes in tags, whatever form of `tool_choice` the server takes."""
    async with started(compatible(server(script, owner=owner)), "qwen3:4b") as engine:
        for _ in range(2):
            completion = await engine.complete(tool_request(WEATHER, CLOCK))
            assert completion.text.startswith(
                '<tool_call>\n{"name": "weather", "arguments": {"city":"Oslo"}}\n</tool_call>'
            )
            assert completion.finish == "stop"


async def test_a_refused_form_is_sent_once(compatible: Start) -> None:
    """LM Studio takes no named tool: the second request offers this tool alone, as required, at once."""
    app = server(lm_studio)
    async with started(compatible(app)) as engine:
        before = len(app.bodies)
        for _ in range(2):
            await engine.complete(tool_request(CLOCK, WEATHER))
    choices = [body["tool_choice"] for body in app.bodies[before:]]
    assert choices == [{"type": "function", "function": {"name": "weather"}}, "required", "required"]
    assert [tool["function"]["name"] for tool in app.bodies[-1]["tools"]] == ["weather"]


async def test_a_model_without_tools_gets_them_as_text(compatible: Start) -> None:
    """Ollama refuses tools for some models: they are then described in the system text, for good."""
    app = server(ollama(thinks=False, tools=False))
    async with started(compatible(app)) as engine:
        before = len(app.bodies)
        for _ in range(2):
            await engine.complete(tool_request(WEATHER, constraint=None))
    assert ["tools" in body for body in app.bodies[before:]] == [True, False, False]
    system = app.bodies[-1]["messages"][0]["content"]
    assert system.startswith("Help.\n\n# Tools")
    assert '"name": "weather"' in system


async def test_a_schema_beside_tools_is_left_out_where_the_server_takes_one_of_them(
    compatible: Start,
) -> None:
    """llama.cpp refuses both together: the tools stay, and the next request with a schema alone has it."""
    app = server(llama_cpp, owner="llamacpp")
    both = CallConstraint((CallableTool("weather", {"type": "object"}),), "both", response=CONSTRAINT)
    async with started(compatible(app)) as engine:
        completion = await engine.complete(tool_request(WEATHER, constraint=both))
        assert completion.text.count("<tool_call>") == 2
        await engine.complete(ask())
    assert "response_format" in app.bodies[-1]
    assert ["response_format" in body for body in app.bodies[-3:-1]] == [True, False]


@pytest.mark.parametrize("names", [("llama3.2:latest",), ()], ids=["another model", "no model"])
async def test_a_model_that_was_not_pulled_says_how_to_pull_it(
    compatible: Start, names: tuple[str, ...]
) -> None:
    """The error has Ollama's command, whether Ollama lists other models or none."""
    app = ScriptedServer(script=ollama(thinks=False), entries=entries(*names) or None, owner="library")
    url = compatible(app)
    with pytest.raises(ConfigError, match="ollama pull qwen3:8b") as caught:
        await RemoteEngine("qwen3:8b", url=url).start()
    assert "qwen3:8b" in str(caught.value)


async def test_no_model_is_loaded_in_lm_studio(compatible: Start) -> None:
    """The error has LM Studio's command."""
    fault = Fault(404, {"error": "No models loaded. Please load a model, or use the `lms load` command."})
    app = ScriptedServer(script=lambda _: fault, entries=[])
    with pytest.raises(ConfigError, match="lms load qwen3-4b"):
        await RemoteEngine("qwen3-4b", url=compatible(app), retries=0).start()


async def test_a_name_without_a_tag_is_the_latest(compatible: Start) -> None:
    """Ollama lists `name:latest` for a model that was pulled as `name`."""

    def script(body: dict[str, Any]) -> Any:
        return ollama(thinks=False)({**body, "model": "qwen3:4b"})

    async with started(compatible(server(script, "mistral:latest", "qwen3:4b")), "mistral") as engine:
        assert engine.model == "mistral:latest"


async def test_a_model_that_always_thinks_has_room_for_its_thoughts(compatible: Start) -> None:
    """Where nothing turns thoughts off, the answer keeps its budget beside them."""

    def script(body: dict[str, Any]) -> Any:
        schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
        if body["max_tokens"] < 2000:
            return said(reasoning="So long a thought", finish="length")
        probe = schema["properties"].get("probe")
        value = {"probe": probe["const"]} if probe else {"age": 36}
        return said(json.dumps(value), reasoning="Hm.")

    async with started(compatible(server(script, owner="openai"))) as engine:
        assert engine.capabilities.constrained
        completion = await chunks_of(engine, ask(max_tokens=100))
    assert "".join(chunk.text for chunk in completion) == '{"age": 36}'
    assert "".join(chunk.reasoning for chunk in completion) == "Hm."


async def test_a_model_that_never_ends_its_thought_is_told(compatible: Start) -> None:
    """The verdict names the thoughts, and not white space."""
    app = server(lambda _: said(reasoning="And so on", finish="length"), owner="openai")
    async with started(compatible(app)) as engine:
        assert not engine.capabilities.constrained
        assert "thinks beyond" in (await engine.health()).detail


async def test_a_model_that_takes_another_name_of_the_budget_gets_it(compatible: Start) -> None:
    """OpenAI's models that think refuse `max_tokens`: the other name is sent from then on."""

    def script(body: dict[str, Any]) -> Any:
        if "max_tokens" in body:
            message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            return Fault(400, told(message, "unsupported_parameter", param="max_tokens"))
        schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
        return said(valid(schema) if schema else "x")

    app = server(script, owner="openai")
    async with started(compatible(app)) as engine:
        assert engine.capabilities.constrained
        await engine.complete(ask(max_tokens=77))
    assert app.bodies[-1]["max_completion_tokens"] == 77


ODD_CALLS = {
    "all calls have index 0": streamed(
        *(
            {"tool_calls": [{"index": 0, "id": f"c{n}", "function": {"name": "weather", "arguments": "{}"}}]}
            for n in range(2)
        ),
        finish="tool_calls",
    ),
    "the name is repeated": streamed(
        {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "weather", "arguments": "{"}}]},
        {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "weather", "arguments": "}"}}]},
        {"tool_calls": [{"index": 1, "id": "d", "function": {"name": "weather"}}]},
        finish="stop",
    ),
    "arguments are an object": streamed(
        {"tool_calls": [{"function": {"name": "weather", "arguments": {}}}]},
        {"tool_calls": [{"function": {"name": "weather", "arguments": {}}}]},
    ),
    "in pieces": called(("weather", "{}"), ("weather", "{}"), pieces=2),
}


@pytest.mark.parametrize("answer", ODD_CALLS.values(), ids=ODD_CALLS.keys())
async def test_calls_are_read_from_each_form_of_pieces(compatible: Start, answer: Any) -> None:
    """Two calls without arguments arrive as two."""
    app = ScriptedServer(script=lambda body: answer if body.get("tools") else said("x"), entries=entries("m"))
    async with started(compatible(app)) as engine:
        completion = await engine.complete(tool_request(WEATHER))
    assert completion.text == '<tool_call>\n{"name": "weather", "arguments": {}}\n</tool_call>\n' * 2
