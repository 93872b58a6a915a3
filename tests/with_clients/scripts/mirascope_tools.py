"""mirascope: its own tools, the loop with their results, and calls in streams."""

from __future__ import annotations

import json
from typing import Any

from driver import cell, first_with
from mirascope import llm
from mirascope_calls import COMPLETIONS, RESPONSES, model
from shapes import PROMPT, Note, Short


@llm.tool
def stars(city: Short, bright: bool) -> str:
    """Tell which stars are seen over a city."""
    return "Vega"


def calls(reply: Any) -> list[dict[str, Any]]:
    return [
        {"id": call.id, "name": call.name, "arguments": json.loads(call.args)} for call in reply.tool_calls
    ]


@cell("tools", "auto")
def auto(url: str) -> dict[str, Any]:
    return {"calls": calls(model(COMPLETIONS, url).call(PROMPT, tools=[stars])), "least": 2}


@cell("tools", "loop")
def loop(url: str) -> dict[str, Any]:
    return looped(COMPLETIONS, url)


@cell("tools", "responses")
def responses(url: str) -> dict[str, Any]:
    return looped(RESPONSES, url)


def looped(model_id: str, url: str) -> dict[str, Any]:
    """Answer each call and ask again with the results."""
    reply = model(model_id, url).call(PROMPT, tools=[stars])
    last = reply.resume(reply.execute_tools())
    return {"calls": calls(reply), "text": last.text(), "finish": ""}


@cell("stream", "tools")
def stream_tools(url: str) -> dict[str, Any]:
    reply = model(COMPLETIONS, url).stream(PROMPT, tools=[stars])
    reply.finish()
    return {"calls": calls(reply)}


@cell("tools", "format")
def with_format() -> dict[str, Any]:
    """Tools and a typed answer in one request."""
    strict = llm.format(Note, mode="strict")

    def attempt(seed: int) -> Any:
        reply = model(COMPLETIONS, seed=seed, temperature=1, max_tokens=200).call(
            PROMPT, tools=[stars], format=strict
        )
        return reply if not reply.tool_calls and reply.finish_reason is None else None

    return {"data": first_with(attempt).parse().model_dump(), "shape": "note"}
