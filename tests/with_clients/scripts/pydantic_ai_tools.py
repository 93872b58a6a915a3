"""pydantic-ai: function tools beside each kind of answer, and streams."""

from __future__ import annotations

import asyncio
from typing import Any

from driver import cell, first_with
from pydantic_ai import NativeOutput, ToolOutput, UsageLimits
from pydantic_ai.exceptions import UsageLimitExceeded
from pydantic_ai_calls import agent
from shapes import PROMPT, Note, Person, Short

CALLS: list[dict[str, Any]] = []
"""The calls that reached the tool, which pydantic-ai has validated."""


def stars(city: Short, bright: bool) -> str:
    """Tell which stars are seen over a city."""
    CALLS.append({"id": "-", "name": "stars", "arguments": {"city": city, "bright": bright}})
    return "Vega"


def loop(kind: str, output: Any, *, called: bool = True) -> dict[str, Any]:
    """Run until an answer comes after a call: random weights choose freely between them."""

    def attempt(seed: int) -> Any:
        CALLS.clear()
        settings: Any = {"seed": seed, "temperature": 1, "max_tokens": 300}
        try:
            result = agent(kind, output, tools=[stars]).run_sync(
                PROMPT, model_settings=settings, usage_limits=UsageLimits(request_limit=6)
            )
        except UsageLimitExceeded:
            return None
        return result.output if CALLS or not called else None

    data = first_with(attempt)
    return {"data": data.model_dump(mode="json"), "shape": "note", "calls": list(CALLS)}


@cell("tools", "tool-output")
def beside_tool_output() -> dict[str, Any]:
    """The answer is a tool too, and all are in one list under `required`."""
    return loop("chat", ToolOutput(Note))


@cell("tools", "native-output")
def beside_native_output() -> dict[str, Any]:
    """A schema and tools in one request."""
    return loop("chat", NativeOutput(Note))


@cell("tools", "responses")
def responses() -> dict[str, Any]:
    return loop("responses", ToolOutput(Note))


@cell("tools", "responses-native-output")
def responses_native() -> dict[str, Any]:
    return loop("responses", NativeOutput(Note))


async def states(kind: str, output: Any) -> dict[str, Any]:
    async with agent(kind, output).run_stream(PROMPT) as stream:
        seen = [data async for data in stream.stream_output(debounce_by=None)]
    data = seen[-1].model_dump(mode="json")
    return {"data": data, "shape": type(seen[-1]).__name__.lower(), "pieces": len(seen)}


@cell("stream", "tool")
def stream_tool() -> dict[str, Any]:
    return asyncio.run(states("chat", ToolOutput(Note)))


@cell("stream", "native")
def stream_native() -> dict[str, Any]:
    return asyncio.run(states("chat", NativeOutput(Person)))


@cell("stream", "responses-tool")
def stream_responses_tool() -> dict[str, Any]:
    return asyncio.run(states("responses", ToolOutput(Note)))


@cell("stream", "responses-native")
def stream_responses() -> dict[str, Any]:
    return asyncio.run(states("responses", NativeOutput(Person)))


@cell("stream", "text")
def stream_text() -> dict[str, Any]:
    async def run() -> dict[str, Any]:
        async with agent("chat").run_stream(PROMPT, model_settings={"max_tokens": 24}) as stream:
            pieces = [piece async for piece in stream.stream_text(delta=True, debounce_by=None)]
        counts = stream.usage() if callable(stream.usage) else stream.usage
        tokens = {"prompt_tokens": counts.input_tokens, "completion_tokens": counts.output_tokens}
        tokens["total_tokens"] = counts.total_tokens
        return {"text": "".join(pieces), "finish": "", "pieces": len(pieces), "usage": tokens}

    return asyncio.run(run())
