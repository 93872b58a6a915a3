"""litellm: one completion, on any route."""

from __future__ import annotations

from typing import Any

import litellm
from driver import BASE_URL, KEY, MODEL
from shapes import PROMPT, function_tool

litellm.telemetry = False
BOTH: list[Any] = [function_tool("Weather"), function_tool("Calendar")]


def ask(route: str, **arguments: Any) -> Any:
    asked = {"api_base": BASE_URL, "api_key": KEY, "messages": [{"role": "user", "content": PROMPT}]}
    return litellm.completion(f"{route}/{MODEL}", **{**asked, **arguments})
