"""Long documents whose rows nobody can count: read in parts, merged by place, without false alarms."""

from __future__ import annotations

import json
import re
from typing import Any

from structgen.engines.base import Capabilities, EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.generator import Generator

SCHEMA = {
    "type": "object",
    "properties": {
        "hotel": {"type": "string"},
        "manager": {"type": "string"},
        "guests": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "room": {"type": "integer"}},
                "required": ["name", "room"],
            },
        },
    },
    "required": ["hotel", "manager", "guests"],
}
_GUEST = re.compile(r"Then (G\w+ P\w+) came down from (\d+),")
NAMES = ["ab", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu"]


def guest(number: int) -> dict[str, Any]:
    """Return the item of a guest."""
    return {
        "name": f"G{NAMES[number % 10]}{number} P{NAMES[number // 10]}{number}",
        "room": 1200 + number * 3,
    }


def story(guests: int) -> str:
    """Return prose that mentions each guest in a sentence of a long paragraph."""
    paragraphs = ["The Grand Harbour stood at the sea. Its doors were blue."]
    for number in range(guests):
        each = guest(number)
        filler = " ".join(
            NAMES[(number * 7 + i) % 10] * (1 + (number + i) % 3) for i in range(number % 9 + 4)
        )
        paragraphs.append(f"{filler}. Then {each['name']} came down from {each['room']}, and {filler} again.")
    paragraphs.append("At midnight Ottilie Brandt, the manager, locked the house.")
    return "\n\n".join(paragraphs)


class Reader(FakeEngine):
    """Reads the guests and what else a part of the story says."""

    def __init__(self) -> None:
        super().__init__(["unused"])
        self.capabilities = Capabilities(concurrency=4, context=1_200)

    def _next(self, request: EngineRequest) -> Reply:
        self.requests.append(request)
        text = request.prompt.messages[1].content
        answer: dict[str, Any] = {}
        if "Grand Harbour" in text:
            answer["hotel"] = "Grand Harbour"
        if "Ottilie Brandt" in text:
            answer["manager"] = "Ottilie Brandt"
        answer["guests"] = [{"name": name, "room": int(room)} for name, room in _GUEST.findall(text)]
        return Reply(json.dumps(answer))


def test_a_text_is_read_in_parts_and_merged_by_place() -> None:
    """Scalars of distant parts and the items of all parts are one object; no guest is there twice."""
    engine, document = Reader(), story(60)
    with Generator(engine) as generator:
        result = generator.result(SCHEMA, document)
    assert len(engine.requests) > 3
    assert result.data == {
        "hotel": "Grand Harbour",
        "manager": "Ottilie Brandt",
        "guests": [guest(number) for number in range(60)],
    }
    assert result.coverage["/guests"].found == 60
    assert not result.coverage["/guests"].unclaimed
    assert {attempt.segment for attempt in result.attempts} == set(range(1, len(engine.requests) + 1))


def test_a_short_text_is_read_at_once() -> None:
    """Prose within the context is one request."""
    engine = Reader()
    with Generator(engine) as generator:
        result = generator.result(SCHEMA, story(5))
    assert len(engine.requests) == 1
    assert not result.coverage["/guests"].unclaimed
