"""mirascope: its own tools, the loop with their results, and calls in streams."""

from __future__ import annotations

import json
from typing import Any

from driver import cell, first_with
from mirascope import llm
from mirascope_calls import COMPLETIONS, RESPONSES, model
from shapes import PROMPT, Note


@llm.tool
def stars(city: str, bright: bool) -> str:
    """Tell which stars are seen over a city."""
    return "Vega"


def calls(reply: Any) -> list[dict[str, Any]]:
    return [
        {"id": call.id, "name": call.name, "arguments": json.loads(call.args)} for call in reply.tool_calls
    ]


def called(model_id: str, ask: str = "call") -> Any:
    """Return the first reply with a call: mirascope sends no tool choice."""

    def attempt(seed: int) -> Any:
        reply = getattr(model(model_id, seed=seed, max_tokens=300), ask)(PROMPT, tools=[stars])
        if ask == "stream":
            reply.finish()
        return reply if reply.tool_calls else None

    return first_with(attempt)


@cell("tools", "auto")
def auto() -> dict[str, Any]:
    return {"calls": calls(called(COMPLETIONS))}


@cell("tools", "loop")
def loop() -> dict[str, Any]:
    return looped(COMPLETIONS)


@cell("tools", "responses")
def responses() -> dict[str, Any]:
    return looped(RESPONSES)


def looped(model_id: str) -> dict[str, Any]:
    """Answer each call and ask again with the results."""
    reply = called(model_id)
    last = reply.resume(reply.execute_tools())
    return {"calls": calls(reply), "text": last.text(), "finish": ""}


@cell("tools", "format")
def with_format() -> dict[str, Any]:
    """Tools and a typed answer in one request."""
    strict = llm.format(Note, mode="strict")

    def attempt(seed: int) -> Any:
        reply = model(COMPLETIONS, seed=seed, max_tokens=300).call(PROMPT, tools=[stars], format=strict)
        return reply if not reply.tool_calls and reply.finish_reason is None else None

    return {"data": first_with(attempt).parse().model_dump(), "shape": "note"}


@cell("stream", "tools")
def stream_tools() -> dict[str, Any]:
    return {"calls": calls(called(COMPLETIONS, "stream"))}
