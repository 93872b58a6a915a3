"""openai: the client, and what its cells share."""

from __future__ import annotations

import json
from typing import Any

from driver import BASE_URL, KEY, MODEL
from openai import OpenAI
from shapes import PROMPT, function_tool

client = OpenAI(base_url=BASE_URL, api_key=KEY)
USER: list[Any] = [{"role": "user", "content": PROMPT}]
FREE: dict[str, Any] = {"temperature": 1, "max_tokens": 200}
"""How random weights are sampled where seeds are tried."""
BY_HAND: list[Any] = [function_tool("Weather"), function_tool("Calendar")]


def chat(**arguments: Any) -> Any:
    return client.chat.completions.create(**{"model": MODEL, "messages": USER, **arguments})


def calls(message: Any) -> list[dict[str, Any]]:
    return [
        {"id": call.id, "name": call.function.name, "arguments": json.loads(call.function.arguments)}
        for call in message.tool_calls or []
    ]
