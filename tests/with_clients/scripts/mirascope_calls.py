"""mirascope: its providers for chat completions and for responses."""

from __future__ import annotations

from typing import Any

from driver import BASE_URL, KEY, MODEL
from mirascope import llm

COMPLETIONS, RESPONSES = f"openai/{MODEL}:completions", f"openai/{MODEL}:responses"


def connect(url: str = "", key: str = KEY) -> None:
    """Register the service as the provider of every model."""
    llm.register_provider("openai", scope="openai/", api_key=key, base_url=url or BASE_URL)


def model(model_id: str, url: str = "", key: str = KEY, **params: Any) -> llm.Model:
    connect(url, key)
    return llm.Model(model_id, **params)
