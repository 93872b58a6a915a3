"""dspy: language models on the service, by a name that dspy knows or does not."""

from __future__ import annotations

from typing import Any

import dspy
from driver import BASE_URL, KEY, MODEL

KNOWN = "gpt-4o"
"""dspy sends a schema only for the models of its catalogue."""


def lm(name: str = MODEL, *, url: str = "", key: str = KEY, **settings: Any) -> dspy.LM:
    return dspy.LM(f"openai/{name}", api_base=url or BASE_URL, api_key=key, cache=False, **settings)
