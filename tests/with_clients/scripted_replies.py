"""Replies of a scripted engine, for the cells that random weights cannot fill.

Random weights do not read words, and do not choose a tool where a client neither asks for one nor samples: a model
that does is stood in for by the fake engine, behind the same service.
"""

from __future__ import annotations

import json
from typing import Any

PERSON = {
    "name": "Ada",
    "age": 36,
    "born": None,
    "role": "admin",
    "address": {"city": "Turin"},
    "tags": ["maths"],
}
OBJECT = json.dumps(PERSON)
NOTES = {"tasks": [{"title": f"note {n}", "stars": n, "done": False} for n in (1, 2, 3)]}


def call(name: str, arguments: Any) -> str:
    """Return a call as Hermes writes it."""
    return f"<tool_call>\n{json.dumps({'name': name, 'arguments': arguments})}\n</tool_call>"


STARS = call("stars", {"city": "Turin", "bright": True})
REPLIES: dict[str, list[str]] = {
    "instructor-typed-json": [OBJECT],
    "instructor-typed-md_json": [f"Here it is:\n```json\n{OBJECT}\n```"],
    "instructor-stream-iterable-json_schema": [json.dumps(NOTES)],
    "instructor-stream-iterable-tools": [call("IterableNote", NOTES)],
    "pydantic-ai-typed-prompted": [OBJECT],
    "mirascope-typed-json": [OBJECT],
    "mirascope-tools-auto": [f"I look it up. {STARS}{STARS}"],
    "mirascope-tools-loop": [STARS, "Vega is seen."],
    "mirascope-tools-responses": [STARS, "Vega is seen."],
    "mirascope-stream-tools": [STARS],
    "ai-openai-compatible-typed-json_object": [OBJECT],
    "dspy-typed-chat_adapter": [f"[[ ## person ## ]]\n{OBJECT}\n\n[[ ## completed ## ]]\n"],
}
"""The replies in their order by the id of the cell."""
