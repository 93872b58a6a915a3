"""langchain-openai: the model of a chain."""

from __future__ import annotations

from typing import Any

from driver import BASE_URL, KEY, MODEL
from langchain_openai import ChatOpenAI


def model(key: str = KEY, **settings: Any) -> ChatOpenAI:
    return ChatOpenAI(model=MODEL, base_url=BASE_URL, api_key=key, **settings)
