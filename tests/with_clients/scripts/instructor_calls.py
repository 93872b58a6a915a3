"""instructor: a client for each mode."""

from __future__ import annotations

from functools import cache
from typing import Any

import instructor
from driver import BASE_URL, KEY, MODEL
from openai import OpenAI
from shapes import PROMPT

ASKED: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": PROMPT}], "max_retries": 0}
FREE: dict[str, Any] = {"temperature": 1, "max_tokens": 200}
"""How random weights are sampled where seeds are tried."""


@cache
def client(mode: instructor.Mode, url: str = "", key: str = KEY) -> Any:
    return instructor.from_openai(OpenAI(base_url=url or BASE_URL, api_key=key), mode=mode)


def create(mode: instructor.Mode, model: Any, url: str = "", **arguments: Any) -> Any:
    return client(mode, url).create(response_model=model, **{**ASKED, **arguments})
