"""litellm: tools and streams on the routes `openai/` and `hosted_vllm/`."""

from __future__ import annotations

import json
from typing import Any

import litellm
from driver import cell, first_with
from litellm_calls import BOTH, ask
from shapes import PROMPT, Person

FREE = {"temperature": 1, "max_tokens": 200}
NAMED = {"type": "function", "function": {"name": "Calendar"}}


def calls(message: Any) -> list[dict[str, Any]]:
    return [
        {"id": call.id, "name": call.function.name, "arguments": json.loads(call.function.arguments)}
        for call in message.tool_calls or []
    ]


@cell("tools", "named")
def named() -> dict[str, Any]:
    message = ask("openai", tools=BOTH, tool_choice=NAMED).choices[0].message
    return {"calls": calls(message), "only": ["Calendar"]}


@cell("tools", "required")
def required() -> dict[str, Any]:
    return {"calls": calls(ask("openai", tools=BOTH, tool_choice="required").choices[0].message)}


@cell("tools", "hosted_vllm")
def vllm() -> dict[str, Any]:
    return {"calls": calls(ask("hosted_vllm", tools=BOTH, tool_choice="required").choices[0].message)}


@cell("tools", "auto")
def auto() -> dict[str, Any]:
    def attempt(seed: int) -> Any:
        message = ask("openai", tools=BOTH, tool_choice="auto", seed=seed, **FREE).choices[0].message
        return calls(message) or None

    return {"calls": first_with(attempt)}


@cell("tools", "loop")
def loop() -> dict[str, Any]:
    first = ask("openai", tools=BOTH, tool_choice="required").choices[0].message
    turns = [{"role": "user", "content": PROMPT}, first.model_dump()]
    turns += [{"role": "tool", "tool_call_id": call.id, "content": "clear"} for call in first.tool_calls]
    last = ask("openai", messages=turns, max_tokens=24).choices[0]
    return {"calls": calls(first), "text": last.message.content, "finish": last.finish_reason}


def streamed(route: str, **arguments: Any) -> tuple[Any, int]:
    pieces = list(ask(route, stream=True, **arguments))
    return litellm.stream_chunk_builder(pieces), len(pieces)


def text_stream(route: str) -> dict[str, Any]:
    whole, pieces = streamed(route, max_tokens=24, stream_options={"include_usage": True})
    choice = whole.choices[0]
    usage = whole.usage.model_dump()
    return {
        "text": choice.message.content,
        "finish": choice.finish_reason,
        "pieces": pieces,
        "usage": usage,
    }


@cell("stream", "text")
def stream_text() -> dict[str, Any]:
    return text_stream("openai")


@cell("stream", "text-hosted_vllm")
def stream_text_vllm() -> dict[str, Any]:
    return text_stream("hosted_vllm")


@cell("stream", "typed")
def stream_typed() -> dict[str, Any]:
    whole, pieces = streamed("openai", response_format=Person)
    return {"data": json.loads(whole.choices[0].message.content), "shape": "person", "pieces": pieces}


@cell("stream", "tools")
def stream_tools() -> dict[str, Any]:
    whole, pieces = streamed("openai", tools=BOTH, tool_choice="required")
    return {"calls": calls(whole.choices[0].message), "pieces": pieces}


@cell("stream", "tools-hosted_vllm")
def stream_tools_vllm() -> dict[str, Any]:
    whole, pieces = streamed("hosted_vllm", tools=BOTH, tool_choice="required")
    return {"calls": calls(whole.choices[0].message), "pieces": pieces}
