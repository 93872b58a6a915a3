"""A statement with a long table, and an engine that reads it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

from structgen.engines.base import Capabilities, EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.types import Chunk

ROW = {
    "type": "object",
    "properties": {
        "date": {"type": "string"},
        "description": {"type": "string"},
        "amount": {"type": "number"},
    },
    "required": ["date", "description", "amount"],
    "additionalProperties": False,
}
DATED_ROW: dict[str, Any] = {
    "type": "object",
    "properties": {
        "date": {"type": "string", "format": "date"},
        "description": {"type": "string"},
        "amount": {"type": "number"},
    },
    "required": ["date", "description", "amount"],
}
STATEMENT = {
    "type": "object",
    "properties": {"bank": {"type": "string"}, "rows": {"type": "array", "items": ROW}},
    "required": ["bank", "rows"],
    "additionalProperties": False,
}
Items = list[dict[str, Any]]
Mood = Callable[[Items, int], Items]
"""Changes the items of an answer; the number is that of the request, from 0."""
LINE = re.compile(r"\| (\d{4}-\d\d-\d\d) \| (\w+ \w+) \| (\d+\.\d\d) \|")


def row(index: int) -> dict[str, Any]:
    """Return the item of a row; no two rows have an equal one."""
    return {
        "date": f"2026-{index % 12 + 1:02}-{index % 28 + 1:02}",
        "description": f"payment p{index}",
        "amount": 100 + index + 0.25,
    }


def statement(rows: int) -> str:
    """Return a statement with a table of so many rows."""
    lines = [
        "Northern Bank",
        "",
        "| Date | Description | Amount |",
        "|---|---|---|",
        *(
            f"| {each['date']} | {each['description']} | {each['amount']:.2f} |"
            for each in map(row, range(rows))
        ),
        "",
        "Thank you for your trust.",
    ]
    return "\n".join(lines)


class Oracle(FakeEngine):
    """Answers from the text that it gets, as its mood has it; grammars are ignored."""

    def __init__(
        self, mood: Mood = lambda items, number: items, concurrency: int = 4, delay: float = 0.0
    ) -> None:
        super().__init__(["unused"])
        self.capabilities = Capabilities(concurrency=concurrency)
        self._mood, self._delay = mood, delay
        self.running = self.most_running = 0

    def _next(self, request: EngineRequest) -> Reply:
        number = len(self.requests)
        self.requests.append(request)
        text = request.prompt.messages[1].content
        items = [
            {"date": date, "description": words, "amount": float(amount)}
            for date, words, amount in LINE.findall(text)
        ]
        schema = json.loads(re.search(r"\{.*\}", request.prompt.messages[0].content, re.S)[0])  # type: ignore[index]
        if schema["type"] == "array":
            return Reply(json.dumps(self._mood(items, number)))
        answer: dict[str, Any] = {}
        if "bank" in schema["properties"]:
            answer["bank"] = "Northern Bank"
        if "rows" in schema["properties"]:
            answer["rows"] = self._mood(items, number)
        answer_text, most = json.dumps(answer), 4 * request.sampling.answer_tokens
        return Reply(answer_text[:most], "length" if len(answer_text) > most else "stop", self._delay)

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            async for chunk in super().generate(request):
                yield chunk
        finally:
            self.running -= 1
