"""The evidence of an extraction: places, signals of attempts, further readings and their account."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from typing import Any

import pytest

from structgen.engines.base import Capabilities
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import BadRequest, EngineFailed, InputLimit
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.strategies.further_readings import source_of
from structgen.strategies.task import Task
from structgen.strategies.task_options import task_from_options
from structgen.types import EvidenceOptions, Message

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "total": {"type": "number", "minimum": 10}},
    "required": ["name", "total"],
}
DOCUMENT = "Ada Moore owes 1,234.50"
GOOD = '{"name": "Ada Moore", "total": 1234.5}'
BAD = '{"name": "Ada Moore", "total": 5}'


def result(replies: list[Any], document: str | None = DOCUMENT, **options: Any) -> Any:
    options = {"evidence": {"signals": True}, **options}
    with Generator(FakeEngine(replies, cycle=False)) as generator:
        return generator.result(SCHEMA, document, **options)


def signal(found: Any, name: str) -> dict[str, float]:
    return {at: evidence.signals[name] for at, evidence in found.evidence.items()}


def test_a_result_has_evidence_only_where_it_is_asked_for() -> None:
    """True asks for places and scores, an object for more."""
    assert result([GOOD], evidence=False).evidence is None
    found = result([GOOD], evidence=True)
    assert {at: (e.kind, DOCUMENT[e.start : e.end], e.signals) for at, e in found.evidence.items()} == {
        "/name": ("exact", "Ada Moore", None),
        "/total": ("value", "1,234.50", None),
    }
    body = found.to_json()
    assert list(body["evidence"]) == ["/name", "/total"]
    assert "signals" not in body["evidence"]["/name"]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("yes", "/evidence"),
        ({"readings": 0}, "/evidence/readings"),
        ({"signals": 1}, "/evidence/signals"),
        ({"x": 1}, "/evidence"),
    ],
)
def test_malformed_options_are_refused(given: Any, fault: str) -> None:
    """The fault names the member, as the service does."""
    with pytest.raises(BadRequest, match=fault):
        result([GOOD], evidence=given)


def test_positions_count_in_the_document_or_else_in_the_callers_texts() -> None:
    """System turns and answers of the model are no source."""
    schema = Schema.parse(SCHEMA)
    turns = (
        Message("system", "S"),
        Message("user", "one"),
        Message("assistant", "two"),
        Message("user", "three"),
    )
    assert source_of(Task(schema, prompt="P", document="D", messages=turns)) == "D"
    assert source_of(Task(schema, prompt="P", messages=turns)) == "one\n\nthree\n\nP"
    found = result([GOOD], None, prompt=DOCUMENT, evidence=True)
    assert found.evidence["/name"].start == 0


def test_a_retry_is_a_signal() -> None:
    """What the retry was to correct is written anew, the rest pinned."""
    found = result([BAD, GOOD])
    assert signal(found, "retried") == {"/name": 0, "/total": 1}
    assert signal(found, "pinned") == {"/name": 1, "/total": 0}
    assert signal(result([GOOD]), "retried") == {"/name": 0, "/total": 0}


def test_a_repair_is_a_signal_of_what_it_touched() -> None:
    """Only the value that rules changed has it."""
    found = result(['{"name": "Ada Moore", "total": "1,234.50"}'], strategy="repair")
    assert signal(found, "repaired") == {"/name": 0, "/total": 1}


def test_a_second_reading_has_the_document_first_and_its_own_account() -> None:
    """Its agreement is a signal; its tokens and its attempt are in the result."""
    engine = FakeEngine([GOOD, '{"name": "Ada More", "total": 1234.50}'], cycle=False)
    with Generator(engine) as generator:
        found = generator.result(
            SCHEMA, DOCUMENT, prompt="Who owes?", evidence=EvidenceOptions(readings=2, signals=True)
        )
    assert [request.prompt.messages[-1].content for request in engine.requests] == [
        f"Who owes?\n\n{DOCUMENT}",
        f"{DOCUMENT}\n\nWho owes?",
    ]
    assert signal(found, "second_reading") == {"/name": 0, "/total": 1}
    assert [attempt.reading for attempt in found.attempts] == [1, 2]
    assert found.usage.total_tokens == sum(attempt.usage.total_tokens for attempt in found.attempts)
    assert found.to_json()["attempts"][1]["reading"] == 2


def test_without_a_question_a_further_reading_is_sampled() -> None:
    """There is no other order; a greedy reading would only repeat the first."""
    engine = FakeEngine([GOOD])
    with Generator(engine) as generator:
        generator.result(SCHEMA, DOCUMENT, prompt=None, evidence={"readings": 2})
        assert [request.sampling.temperature > 0 for request in engine.requests] == [False, True]
        generator.result(SCHEMA, DOCUMENT, prompt="Who?", evidence={"readings": 3})
    assert [request.sampling.temperature > 0 for request in engine.requests[2:]] == [False, False, True]


@pytest.mark.parametrize(
    "second",
    [BAD, Reply(error=EngineFailed("broken")), Reply('{"name": "A', finish="length")],
    ids=["invalid", "failed", "cut"],
)
def test_a_reading_that_fails_leaves_the_result(second: Any) -> None:
    """A warning says so, and its work counts."""
    found = result([GOOD, second], evidence={"readings": 2, "signals": True})
    assert found.data == json.loads(GOOD)
    assert [warning.code for warning in found.warnings] == ["no-reading"]
    assert [attempt.reading for attempt in found.attempts] == [1, 2]
    assert all("second_reading" not in evidence.signals for evidence in found.evidence.values())


def test_further_readings_keep_to_the_tokens_of_the_whole_request() -> None:
    """Where none are left, there is no further reading."""
    first = result([GOOD], evidence=True).usage.total_tokens
    engine = FakeEngine([GOOD])
    with Generator(engine) as generator:
        found = generator.result(
            SCHEMA, DOCUMENT, limits={"max_total_tokens": first}, evidence={"readings": 2}
        )
    assert (len(engine.requests), [w.code for w in found.warnings]) == (1, ["no-reading"])


def test_the_deadline_holds_over_all_readings() -> None:
    """The valid first answer is returned when it passes."""
    began = time.monotonic()
    found = result([GOOD, Reply(GOOD, delay=5)], evidence={"readings": 2}, limits={"deadline": 1.0})
    assert time.monotonic() - began < 4
    assert found.data == json.loads(GOOD)
    assert {warning.code for warning in found.warnings} == {"no-reading", "no-evidence"}
    assert [attempt.status for attempt in found.attempts] == ["valid", "deadline"]


def test_other_candidates_count_as_readings() -> None:
    """The evidence is that of the first valid one, which is the data."""
    other = '{"name": "Ada More", "total": 1234.5}'
    found = result([GOOD, other, GOOD], n=3, sampling={"temperature": 1.0})
    names = [candidate.data["name"] for candidate in found.candidates]
    expected = sum(name == found.data["name"] for name in names[1:]) / 2
    assert signal(found, "second_reading") == {"/name": expected, "/total": 1}


def test_evidence_that_fails_leaves_the_result() -> None:
    """A value that was paid for is never lost."""

    async def refuse(*_: Any) -> Any:
        raise InputLimit("too much", "max_leaves", 2, 1)

    with Generator(FakeEngine([GOOD]), grounder=refuse) as generator:
        found = generator.result(SCHEMA, DOCUMENT, evidence=True)
    assert (found.data, found.evidence) == (json.loads(GOOD), None)
    assert [(w.code, "too much" in w.message) for w in found.warnings] == [("no-evidence", True)]


async def test_a_caller_who_leaves_during_a_further_reading_pays_for_the_first() -> None:
    """The usage of both is reported."""
    spent: list[Any] = []
    engine = FakeEngine([GOOD, Reply(GOOD, delay=5)])
    generator = Generator(engine)
    task = replace(task_from_options(SCHEMA, DOCUMENT, evidence={"readings": 2}), on_abandoned=spent.append)
    running = asyncio.ensure_future(generator.run(task))
    while len(engine.requests) < 2:  # noqa: ASYNC110  (no event reports a request)
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert sum(usage.completion_tokens for usage in spent) >= len(GOOD) // 4


def test_a_plain_text_has_one_place() -> None:
    """The whole text is the value."""
    engine = FakeEngine(["Ada Moore"])
    engine.capabilities = Capabilities(concurrency=8, constrains_text=False)
    from structgen.types import TextFormat

    with Generator(engine) as generator:
        found = generator.result(TextFormat(choices=("Ada Moore", "Bob")), DOCUMENT, evidence=True)
    assert {at: (e.start, e.end) for at, e in found.evidence.items()} == {"": (0, 9)}
