"""pydantic-ai: agents on chat completions and on responses."""

from __future__ import annotations

from functools import cache
from typing import Any

from driver import BASE_URL, KEY, MODEL
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

KINDS: dict[str, Any] = {"chat": OpenAIChatModel, "responses": OpenAIResponsesModel}


@cache
def model(kind: str, url: str = "", key: str = KEY) -> Any:
    return KINDS[kind](MODEL, provider=OpenAIProvider(base_url=url or BASE_URL, api_key=key))


def agent(kind: str, output: Any = str, url: str = "", **arguments: Any) -> Agent[None, Any]:
    return Agent(model(kind, url), output_type=output, **arguments)
