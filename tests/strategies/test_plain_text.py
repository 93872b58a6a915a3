"""Plain text in a format runs through attempts, retries, budget and account as JSON does."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from structgen import Generator, Grammar
from structgen.engines.base import TextConstraint
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import BadRequest, Incomplete, InvalidSchema, Unsatisfied
from structgen.strategies.events import AttemptStarted, Event, PartialObject, TextDelta
from structgen.strategies.task import Task
from structgen.strategies.text_schema import text_schema
from structgen.types import Limits, TextFormat

pytest.importorskip("llguidance", reason="needs the extra `local`")

CHOICE = TextFormat(choices=("yes", "no", "not at all"))
YEAR = TextFormat(regex="[0-9]{4}")
TOTAL = TextFormat(lark='start: "total " /[0-9]+/')
VALID = {"choice": (CHOICE, "not at all"), "regex": (YEAR, "2024"), "grammar": (TOTAL, "total 12")}


def constraining(*replies: str | Reply) -> FakeEngine:
    """Return an engine that takes constraints of text."""
    engine = FakeEngine(list(replies))
    engine.capabilities = replace(engine.capabilities, constrains_text=True)
    return engine


@pytest.mark.parametrize(("text_format", "text"), VALID.values(), ids=VALID.keys())
def test_the_data_is_the_text(text_format: TextFormat, text: str) -> None:
    """A text that follows its format is the data, without quotes or JSON."""
    with Generator(constraining(text)) as generator:
        result = generator.result(text_format, "the document")
    assert result.data == text
    assert [(a.strategy, a.status) for a in result.attempts] == [("constrained", "valid")]
    assert result.to_json()["schema"]["hash"] == text_schema(text_format).hash


@pytest.mark.parametrize(("text_format", "text"), VALID.values(), ids=VALID.keys())
def test_the_engine_gets_the_constraint_and_the_model_the_format(text_format: TextFormat, text: str) -> None:
    """The request has the constraint; the system text has the format, and nothing of JSON."""
    engine = constraining(text)
    with Generator(engine) as generator:
        generator.extract(text_format, "the document", examples=[{"document": "x", "data": text}])
    request = engine.requests[0]
    assert isinstance(request.constraint, TextConstraint)
    assert request.constraint.kind == text_format.kind
    system, _, example, *_ = (message.content for message in request.prompt.messages)
    assert example == text
    assert "JSON" not in system
    assert (text_format.regex or text_format.lark or "not at all") in system


@pytest.mark.parametrize(("text_format", "text"), VALID.values(), ids=VALID.keys())
def test_a_text_of_another_format_is_retried_with_the_reason(text_format: TextFormat, text: str) -> None:
    """Without a constraint the model writes freely, and the retry has the last text and what is wrong."""
    engine = FakeEngine(["something else", text])
    with Generator(engine) as generator:
        result = generator.result(text_format, "the document")
    assert result.data == text
    assert [(a.strategy, a.status) for a in result.attempts] == [
        ("unconstrained", "violations"),
        ("unconstrained", "valid"),
    ]
    assert engine.requests[0].constraint is None
    last = engine.requests[1].prompt.messages[-1].content
    assert "Erroneous answer to fix:\nsomething else\nErrors:\n'something else'" in last


def test_the_retry_ends_with_the_violations() -> None:
    """The error has the last text and its violation, at the root."""
    with Generator(FakeEngine(["maybe"])) as generator, pytest.raises(Unsatisfied) as caught:
        generator.extract(CHOICE, "the document", limits={"max_attempts": 2})
    assert caught.value.last == "maybe"
    assert [(v.pointer, v.keyword) for v in caught.value.violations] == [("", "choice")]
    assert "is not one of 'yes', 'no', 'not at all'" in caught.value.violations[0].message


def test_white_space_around_a_free_text_does_not_count() -> None:
    """A text written freely may end with a line break; one under a constraint may not."""
    with Generator(FakeEngine([" yes\n"])) as generator:
        assert generator.extract(CHOICE, "the document") == "yes"
    with Generator(constraining(" yes\n")) as generator, pytest.raises(Unsatisfied):
        generator.extract(CHOICE, "the document")


@pytest.mark.parametrize("text", ["202", "2024"], ids=["in-the-middle", "where-it-could-end"])
def test_a_text_that_was_cut_is_incomplete(text: str) -> None:
    """A cut text is never the data, even where it follows the format: more may have followed."""
    with Generator(constraining(Reply(text, "length"))) as generator, pytest.raises(Incomplete) as caught:
        generator.extract(YEAR, "the document")
    assert (caught.value.partial, caught.value.cut_at) == (text, "")
    assert "raise max_tokens" in str(caught.value)


def test_a_loop_ends_the_attempt() -> None:
    """A text that repeats itself without end is ended early."""
    engine = constraining("abc " * 5_000)
    with Generator(engine) as generator, pytest.raises(Incomplete, match="bound the text in its format"):
        generator.extract(TextFormat(regex="[a-z ]+"), "the document")
    assert engine.cancelled == 1


async def test_the_text_streams() -> None:
    """Deltas are the text, and partial values the text so far."""
    engine, events = constraining("not at all"), list[Event]()
    await engine.start()

    async def emit(event: Event) -> None:
        events.append(event)

    task = Task(text_schema(CHOICE), document="x", text_format=CHOICE)
    result = await Generator(engine).run(task, emit)
    assert events[0] == AttemptStarted(1, "constrained")
    assert "".join(e.delta for e in events if isinstance(e, TextDelta)) == result.data == "not at all"
    assert next(e.data for e in events if isinstance(e, PartialObject)) == "not "


def test_a_stream_ends_with_the_text() -> None:
    """A stream of the library yields growing texts, and last the whole."""
    with Generator(constraining(Reply("total 12", delay=0.06))) as generator:
        seen = list(generator.stream(Grammar('start: "total " /[0-9]+/'), "x"))
    assert seen[-1] == "total 12"
    assert all("total 12".startswith(text) for text in seen)


def test_best_of_n_gives_the_first_valid_text() -> None:
    """Candidates are texts, each with its own status."""
    with Generator(FakeEngine(["maybe", "yes"])) as generator:
        result = generator.result(CHOICE, "x", n=2, limits={"max_attempts": 1})
    assert result.data == "yes"
    assert [c.status for c in result.candidates] == ["violations", "valid"]


BAD: list[Any] = [
    pytest.param({"strategy": "repair"}, "/strategy", id="repair"),
    pytest.param({"limits": Limits(on_budget="close")}, "/limits/on_budget", id="close"),
    pytest.param({"limits": Limits(max_digits=5)}, "/limits/max_digits", id="max-digits"),
    pytest.param({"examples": [{"document": "x", "data": 5}]}, "/examples/0/data", id="example-of-json"),
    pytest.param({"examples": [{"document": "x", "data": "maybe"}]}, "/examples/0/data", id="other-example"),
]


@pytest.mark.parametrize(("options", "pointer"), BAD)
def test_options_without_a_meaning_for_text_are_refused(options: dict[str, Any], pointer: str) -> None:
    """Each is named with its pointer, before the engine runs."""
    engine = constraining("yes")
    with Generator(engine) as generator, pytest.raises(BadRequest) as caught:
        generator.extract(CHOICE, "x", **options)
    assert [v.pointer for v in caught.value.violations] == [pointer]
    assert not engine.requests


@pytest.mark.parametrize(
    "text_format",
    [TextFormat(regex="("), TextFormat(regex=r"(?=a)b"), TextFormat(lark="start: nothing"), TextFormat()],
    ids=["malformed-regex", "look-ahead", "undefined-rule", "no-choice"],
)
def test_a_format_without_a_grammar_is_invalid(text_format: TextFormat) -> None:
    """The error says so before the engine runs, also on an engine that takes no constraint."""
    for engine in (constraining("yes"), FakeEngine(["yes"])):
        with Generator(engine) as generator, pytest.raises(InvalidSchema):
            generator.extract(text_format, "x")
        assert not engine.requests


def test_different_formats_have_different_hashes() -> None:
    """The schema that stands for a format identifies it."""
    formats = [CHOICE, YEAR, TOTAL, TextFormat(lark="[0-9]{4}"), TextFormat(choices=("yes",))]
    assert len({text_schema(text_format).hash for text_format in formats}) == len(formats)


WITHOUT_LLGUIDANCE = """
import sys
sys.modules["llguidance"] = None
from structgen import Generator, Grammar, errors
from structgen.engines.fake import FakeEngine
from structgen.types import TextFormat

engine = FakeEngine(["x", "2024"])
with Generator(engine) as generator:
    print(generator.extract(TextFormat(regex="[0-9]{4}"), "d"))
    print(generator.extract(TextFormat(choices=("x", "y")), "d"))
    requests = len(engine.requests)
    try:
        generator.extract(Grammar("start: /a/"), "d")
    except errors.MissingExtra as error:
        print("MissingExtra", len(engine.requests) - requests)
"""


def test_the_lightest_installation_checks_patterns_and_choices() -> None:
    """A grammar needs llguidance, and says so before the model runs."""
    script = [sys.executable, "-c", WITHOUT_LLGUIDANCE]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n") == ["2024", "x", "MissingExtra 0", ""]
