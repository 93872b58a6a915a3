"""A reading that loses a row is never a valid answer: strategies try again, and models must take it up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from structgen.chat.turn import ChatTurn, Tool
from structgen.engines.fake import FakeEngine
from structgen.errors import Unsatisfied
from structgen.generator import Generator
from structgen.parsing.lost_text import loss_violation
from structgen.parsing.pipeline import repair_by_rules
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Alternative, Dropped
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.types import Limits, Message, OnLoss, Risk

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
LOST = Dropped(9, 17, '{"b": 42}', "/a", is_loss=True)
STRAY = Dropped(5, 9, "oops", "/a")
OTHER = Alternative("/a", 11, 0.5)


class Readings:
    """Repairs by rules, but reads the text `LOSS` with a lost row, and `STRAY` with a stray word."""

    def __init__(self, value: Any = None) -> None:
        self.value = {"a": 1} if value is None else value
        self.asked: list[OnLoss] = []

    async def __call__(
        self, text: str | bytes, schema: Schema | None, max_risk: Risk, on_loss: OnLoss
    ) -> RepairResult:
        """Return the prepared reading of a text."""
        self.asked.append(on_loss)
        if "LOSS" in str(text):
            violations = (loss_violation(LOST),) if on_loss == "error" else ()
            status = "failed" if violations else "repaired"
            return RepairResult(
                self.value, status, violations=violations, parsed=self.value, dropped=(LOST, STRAY)
            )  # type: ignore[arg-type]
        if "STRAY" in str(text):
            return RepairResult(
                self.value, "repaired", parsed=self.value, dropped=(STRAY,), alternatives=(OTHER,)
            )
        return repair_by_rules(text, schema, max_risk=max_risk, on_loss=on_loss)


def task(**fields: Any) -> Task:
    return Task(Schema.parse(SCHEMA), document="x", strategy="repair", **fields)


async def test_an_answer_that_loses_a_row_is_asked_for_again() -> None:
    """The attempt has violations, and the retry quotes the answer and the text that had no place."""
    engine = FakeEngine(["LOSS", '{"a": 2}'])
    result = await Generator(engine, repairer=Readings()).run(task())
    assert result.data == {"a": 2}
    first, second = result.attempts
    assert (first.status, first.violations[0].keyword, second.status) == ("violations", "dropped", "valid")
    shown = engine.requests[1].prompt.messages[-1].content
    assert "LOSS" in shown
    assert "/a: the text '{\"b\": 42}' at position 9 has no place in the value" in shown
    assert "on_loss" not in shown


async def test_an_answer_that_loses_a_row_is_never_the_result() -> None:
    """The last attempt raises the loss, although its value satisfies the schema."""
    with pytest.raises(Unsatisfied) as raised:
        await Generator(FakeEngine(["LOSS"]), repairer=Readings()).run(task(limits=Limits(max_attempts=2)))
    assert [violation.keyword for violation in raised.value.violations] == ["dropped"]
    assert raised.value.last == {"a": 1}


async def test_the_account_of_a_result_has_stray_words_and_other_readings() -> None:
    """A word that is no key and no value may be left out; the account says so."""
    result = await Generator(FakeEngine(["STRAY"]), repairer=Readings()).run(task())
    account = result.to_json()["repair"]
    assert result.data == {"a": 1}
    assert account["dropped"] == [STRAY.to_json()]
    assert account["alternatives"] == [OTHER.to_json()]


@pytest.mark.parametrize(
    ("on_loss", "status", "requests"), [("error", "model_repaired", 1), ("accept", "repaired", 0)]
)
def test_a_model_is_asked_for_a_lost_row_unless_losses_are_accepted(
    on_loss: OnLoss, status: str, requests: int
) -> None:
    """The prompt quotes the text; `dropped` stays in the account in both cases."""
    engine = FakeEngine(['{"a": 1, "b": 42}'])
    with Generator(engine, repairer=Readings()) as generator:
        result = generator.repair("LOSS", SCHEMA, on_loss=on_loss)
    assert (result.status, len(engine.requests)) == (status, requests)
    assert result.dropped == (LOST, STRAY)
    if requests:
        assert result.value == {"a": 1, "b": 42}
        shown = engine.requests[0].prompt.messages[-1].content
        assert '/: this text was left out, give it its place: {"b": 42}' in shown


TOOL = Tool("set", Schema.parse(SCHEMA))


async def reply(*texts: str, value: Any = None) -> tuple[Any, FakeEngine]:
    engine = FakeEngine([f"<tool_call>{text}</tool_call>" for text in texts[:1]] + list(texts[1:]))
    turn = ChatTurn(messages=(Message("user", "Set a to 1."),), tools=(TOOL,))
    return await Generator(engine, repairer=Readings(value)).chat(turn), engine


async def test_a_call_whose_reading_loses_a_row_is_written_again() -> None:
    """Neither the reading of the whole call nor that of its arguments is delivered."""
    found, _ = await reply('{"name": "set", "arguments": {"a": 1 LOSS}}', '{"a": 1, "b": 42}')
    (made,) = found.choices[0].calls
    assert json.loads(made.arguments) == {"a": 1, "b": 42}
    (repair,) = found.account()["repairs"]
    assert repair["status"] == "model_repaired"
    assert repair["dropped"] == [LOST.to_json(), STRAY.to_json()]
    with pytest.raises(Unsatisfied) as raised:
        await reply('{"name": "set", "arguments": {"a": 1 LOSS}}', '{"a": 1}')
    assert raised.value.violations[0].pointer == "/tool_calls/0/function/arguments/a"


async def test_the_account_of_a_call_has_what_its_reading_dropped() -> None:
    """Pointers into the whole call become pointers into its arguments."""
    whole = {"name": "set", "arguments": {"a": 1}}
    text = '{"name": "set", "arguments": {"a": 1 STRAY}'
    found, _ = await reply(text, value=whole)
    (made,) = found.choices[0].calls
    assert json.loads(made.arguments) == {"a": 1}
    (repair,) = found.account()["repairs"]
    assert repair["dropped"] == [STRAY._replace(pointer="").to_json()]
