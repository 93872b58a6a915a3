"""Replies of a scripted engine, for the cells whose client asks for a form in words and reads it from the text.

Random weights do not read words: a model that does is stood in for by the fake engine, behind the same service.
"""

from __future__ import annotations

import json

PERSON = {"name": "Ada", "age": 36, "role": "admin", "address": {"city": "Turin"}, "tags": ["maths"]}
OBJECT = json.dumps(PERSON)
REPLIES = {
    "instructor-typed-json": OBJECT,
    "instructor-typed-md_json": f"Here it is:\n```json\n{OBJECT}\n```",
    "pydantic-ai-typed-prompted": OBJECT,
    "mirascope-typed-json": OBJECT,
    "dspy-typed-chat_adapter": f"[[ ## person ## ]]\n{OBJECT}\n\n[[ ## completed ## ]]\n",
}
"""The reply by the id of the cell."""
