"""A run of attempts ends in a valid value or in its error, and every attempt is in the account."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel, field_validator

from structgen.engines import EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import (
    BadRequest,
    DeadlineExceeded,
    EngineFailed,
    EngineUnavailable,
    Incomplete,
    Overloaded,
    PromptTooLong,
    StructgenError,
    Unsatisfied,
)
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.strategies.events import AttemptStarted, Completed, PartialObject, TextDelta
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Limits, Message, Sampling, Usage, Violation

SCHEMA = Schema.parse(
    {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"]}
)


def task(**fields: Any) -> Task:
    return Task(**{"schema": SCHEMA, "document": "the document", **fields})


async def run(replies: list[str | Reply], **fields: Any) -> tuple[Result, FakeEngine]:
    engine = FakeEngine(replies, cycle=False)
    return await Generator(engine).run(task(**fields)), engine


def last_turn(request: EngineRequest) -> str:
    turn = request.prompt.messages[-1]
    assert isinstance(turn, Message)
    return turn.content


async def test_a_valid_first_answer_is_the_result() -> None:
    """A valid first answer takes one attempt, and its data is in declared order."""
    result, engine = await run(['{"b":"x","a":1}'])
    assert list(result.data.items()) == [("a", 1), ("b", "x")]
    assert [(a.number, a.status) for a in result.attempts] == [(1, "valid")]
    assert result.usage == result.attempts[0].usage
    assert result.usage.completion_tokens > 0
    (request,) = engine.requests
    assert request.constraint is not None
    assert request.constraint.key == SCHEMA.hash


async def test_violations_are_tried_again_with_the_faults() -> None:
    """A retry has the last output and its violations, never the history of all attempts."""
    result, engine = await run(['{"a":"one"}', '{"b":1}', '{"a":1}'])
    assert [a.status for a in result.attempts] == ["violations", "violations", "valid"]
    assert result.attempts[0].violations[0].pointer == "/a"
    assert result.usage == sum((a.usage for a in result.attempts), Usage())
    second, third = (last_turn(r) for r in engine.requests[1:])
    assert '{"a":"one"}' in second
    assert "/a: 'one' is not of type 'integer'" in second
    assert '{"a":"one"}' not in third
    assert len(engine.requests[2].prompt.messages) == len(engine.requests[0].prompt.messages)


async def test_exhausted_attempts_are_unsatisfied() -> None:
    """`Unsatisfied` has all violations, the last value, all attempts, and their usage."""
    with pytest.raises(Unsatisfied) as caught:
        await run(['{"a":"one"}', '{"a":"two","b":3}'], limits=Limits(max_attempts=2))
    error = caught.value
    assert [v.pointer for v in error.violations] == ["/a", "/b"]
    assert error.last == {"a": "two", "b": 3}
    assert len(error.attempts) == 2
    assert error.usage == error.attempts[0].usage + error.attempts[1].usage


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("not json", "json"),
        ('{"a":1,"a":2}', "duplicate-key"),
        ('{"a":1e999}', "number"),
        ('{"a":NaN}', "number"),
    ],
)
async def test_text_that_is_not_json_is_a_violation(text: str, keyword: str) -> None:
    """Text that strict JSON refuses is a violation, and the next attempt follows."""
    result, _ = await run([text, '{"a":1}'])
    assert result.attempts[0].violations[0].keyword == keyword


async def test_integers_keep_every_digit() -> None:
    """An integer of 200 digits keeps all of them, and is not a loop where the document has them."""
    digits = "9" * 200
    result, _ = await run([f'{{"a":{digits}}}'], document=digits)
    assert result.data["a"] == int(digits)


async def test_a_cut_answer_is_incomplete_and_not_tried_again() -> None:
    """A cut answer raises `Incomplete`: broken text is never fed into a retry."""
    with pytest.raises(Incomplete) as caught:
        await run([Reply('{"a":1,"b":"hel', "length"), '{"a":1}'])
    error = caught.value
    assert (error.partial, error.cut_at) == ({"a": 1}, "/b")
    assert [a.status for a in error.attempts] == ["incomplete"]


async def test_a_text_that_is_whole_at_its_last_token_counts() -> None:
    """An answer is valid where the budget ends with its last token."""
    result, _ = await run([Reply('{"a":1}', "length")])
    assert result.data == {"a": 1}


async def test_the_deadline_ends_all() -> None:
    """The deadline ends a run, and the account has the attempt that ran."""
    with pytest.raises(DeadlineExceeded) as caught:
        await run(["{}", Reply('{"a":1}' + " " * 400, delay=0.05)], limits=Limits(deadline=0.3))
    assert [a.status for a in caught.value.attempts] == ["violations", "deadline"]


async def test_the_total_of_tokens_bounds_the_attempts() -> None:
    """No attempt starts without a token left of `max_total_tokens`."""
    with pytest.raises(Unsatisfied) as caught:
        await run(["{}"] * 9, limits=Limits(max_attempts=9, max_total_tokens=150))
    assert 1 <= len(caught.value.attempts) < 9
    assert caught.value.usage.total_tokens <= 150


async def test_a_types_own_validators_are_part_of_the_schema() -> None:
    """The message of a Pydantic validator goes into the retry."""

    class Even(BaseModel):
        a: int

        @field_validator("a")
        @classmethod
        def even(cls, value: int) -> int:
            if value % 2:
                raise ValueError("must be even")
            return value

    result, engine = await run(['{"a":1}', '{"a":2}'], schema=Schema.parse(Even))
    assert result.data == {"a": 2}
    assert "must be even" in last_turn(engine.requests[1])


async def test_candidates_have_seeds_of_their_own() -> None:
    """Candidates have consecutive seeds, and the data is the first valid one by index."""
    result, engine = await run(
        ["{}", '{"a":5}', '{"a":6}'],
        n=3,
        sampling=Sampling(temperature=1.0, seed=10),
        limits=Limits(max_attempts=1),
    )
    assert sorted(r.sampling.seed or 0 for r in engine.requests) == [10, 11, 12]
    assert [c.status for c in result.candidates] == ["violations", "valid", "valid"]
    assert result.data == {"a": 5}
    assert result.usage == sum((c.usage for c in result.candidates), Usage())


async def test_without_a_valid_candidate_the_error_has_all_attempts() -> None:
    """Where no candidate is valid, the error has the attempts of all."""
    with pytest.raises(Unsatisfied) as caught:
        await run([Reply('{"a":1,', "length"), "{}"], n=2, limits=Limits(max_attempts=1))
    assert len(caught.value.attempts) == 2


async def test_engine_errors_pass_through() -> None:
    """An error of the engine keeps its type."""
    with pytest.raises(EngineUnavailable):
        await run([Reply(error=EngineUnavailable("down"))])


async def test_an_unsupported_budget_policy_is_refused() -> None:
    """An engine that cannot close within the budget refuses `on_budget: close`."""
    with pytest.raises(BadRequest) as caught:
        await run(['{"a":1}'], limits=Limits(on_budget="close"))
    assert caught.value.violations[0].pointer == "/limits/on_budget"


async def test_events_follow_the_attempts() -> None:
    """A new attempt withdraws the text before it, partial objects have complete members, the result is last."""
    engine = FakeEngine(['{"a":"x"}', Reply('{"a":1,"b":"some words"}', delay=0.03)])
    events = [event async for event in Generator(engine).events(task())]
    assert [e.number for e in events if isinstance(e, AttemptStarted)] == [1, 2]
    second = events.index(AttemptStarted(2, "constrained"))
    text = "".join(e.delta for e in events[second:] if isinstance(e, TextDelta))
    assert text == '{"a":1,"b":"some words"}'
    partials = [e.data for e in events[second:] if isinstance(e, PartialObject)]
    assert {"a": 1} in partials
    assert isinstance(events[-1], Completed)


async def test_closing_the_events_closes_the_generation() -> None:
    """Closing the stream of events cancels the engine's generation."""
    engine = FakeEngine([Reply('{"a":1}' * 100, delay=0.01)])
    events = Generator(engine).events(task())
    async for event in events:
        if isinstance(event, TextDelta):
            break
    await events.aclose()
    await asyncio.sleep(0)
    assert engine.cancelled == 1


async def test_the_conversation_begins_with_the_shared_prefix() -> None:
    """A conversation has the schema, the caller's system text, examples, messages, then prompt and document."""
    from structgen.types import Example

    _, engine = await run(
        ['{"a":1}'],
        prompt="Read this.",
        examples=(Example("one", {"a": 1}),),
        messages=(Message("system", "Be brief."), Message("user", "hello")),
    )
    turns = engine.requests[0].prompt.messages
    assert [m.role for m in turns if isinstance(m, Message)] == [
        "system",
        "user",
        "assistant",
        "user",
        "user",
    ]
    assert SCHEMA.text in str(turns[0])
    assert "Be brief." in str(turns[0])
    assert turns[2] == Message("assistant", '{"a":1}')
    assert turns[-1] == Message("user", "Read this.\n\nthe document")


async def test_the_total_counts_the_first_prompt_too() -> None:
    """No attempt starts where the prompt alone takes `max_total_tokens`."""
    with pytest.raises(Unsatisfied, match="max_total_tokens") as caught:
        await run(['{"a":1}'], document="x" * 4000, limits=Limits(max_total_tokens=500))
    assert caught.value.attempts == ()


async def test_candidates_share_the_total() -> None:
    """The candidates share `max_total_tokens` in equal parts."""
    for total in (400, 2000):
        engine = FakeEngine(["{}"] * 40)
        limits = Limits(max_attempts=9, max_total_tokens=total)
        with pytest.raises(Unsatisfied) as caught:
            await Generator(engine).run(task(n=4, limits=limits))
        assert caught.value.usage.total_tokens <= total
    assert len(caught.value.attempts) >= 8


async def test_an_attempt_that_the_total_cuts_leaves_the_violations_before_it() -> None:
    """Where `max_total_tokens` cuts a retry, `Unsatisfied` has the last whole value."""
    engine = FakeEngine(['{"b":"x"}', Reply('{"a":', "length")], cycle=False)
    with pytest.raises(Unsatisfied, match="max_total_tokens cut") as caught:
        await Generator(engine).run(task(limits=Limits(max_total_tokens=200)))
    assert [a.status for a in caught.value.attempts] == ["violations", "incomplete"]
    assert (caught.value.last, caught.value.violations[0].keyword) == ({"b": "x"}, "required")


async def test_a_retry_too_long_for_the_context_leaves_the_violations_before_it() -> None:
    """A retry that exceeds the context raises `Unsatisfied`; a first prompt raises `PromptTooLong`."""
    with pytest.raises(Unsatisfied) as caught:
        await run(["{}", Reply(error=PromptTooLong("the prompt has 99 tokens", 99, 50))])
    assert caught.value.violations[0].keyword == "required"
    assert len(caught.value.attempts) == 1
    with pytest.raises(PromptTooLong):
        await run([Reply(error=PromptTooLong("the prompt has 99 tokens", 99, 50))])


async def test_a_first_prompt_too_long_after_a_lost_engine() -> None:
    """A first prompt that exceeds the context raises `PromptTooLong` after a lost engine too."""
    replies = [Reply(error=EngineUnavailable("lost")), Reply(error=PromptTooLong("99 tokens", 99, 50))]
    with pytest.raises(PromptTooLong) as caught:
        await run(replies, limits=Limits(on_engine_loss="retry"))
    assert [a.status for a in caught.value.attempts] == ["error"]


async def test_a_closed_engine_is_not_waited_for() -> None:
    """A run does not wait for an engine that was closed."""
    engine = FakeEngine([Reply(error=EngineUnavailable("closed"))])
    await engine.close()
    async with asyncio.timeout(5):
        with pytest.raises(EngineUnavailable):
            await Generator(engine).run(task(limits=Limits(on_engine_loss="retry")))


async def test_the_error_names_the_bound_that_cut_the_answer() -> None:
    """`Incomplete` names the bound to raise: the context, `max_total_tokens` or `max_tokens`."""
    engine = FakeEngine([Reply('{"b":"' + "x" * 394, "length")])
    engine.capabilities = replace(engine.capabilities, context=120)
    limits = Limits(max_total_tokens=4000)
    with pytest.raises(Incomplete, match="shorten the document"):
        await Generator(engine).run(task(limits=limits, sampling=Sampling(max_tokens=5000)))
    with pytest.raises(Incomplete, match="raise max_total_tokens"):
        await run([Reply('{"b":"x', "length")], limits=limits, sampling=Sampling(max_tokens=5000))
    with pytest.raises(Incomplete, match="raise max_tokens"):
        await run([Reply('{"b":"x', "length")])


@pytest.mark.parametrize("error", [Overloaded("full"), EngineFailed("broken"), EngineUnavailable("down")])
async def test_an_engine_error_in_a_retry_has_the_attempts_before_it(error: StructgenError) -> None:
    """An engine's error in a retry has the attempts before it and their usage."""
    with pytest.raises(type(error)) as caught:
        await run(['{"b":"some"}', Reply(error=error)])
    assert caught.value.attempts[0].status == "violations"
    assert caught.value.usage.completion_tokens >= 3


async def test_a_passed_deadline_accounts_for_the_tokens() -> None:
    """`DeadlineExceeded` counts the tokens of the attempt that it ended."""
    with pytest.raises(DeadlineExceeded) as caught:
        await run([Reply('{"a":1}' + " " * 4000, delay=0.02)], limits=Limits(deadline=1))
    assert caught.value.usage.completion_tokens > 2
    assert caught.value.usage.prompt_tokens > 10


async def test_a_candidate_that_fails_at_the_engine_does_not_take_the_others_with_it() -> None:
    """The engine's error in one candidate leaves the others valid."""
    result, _ = await run(['{"a":1}', Reply(error=Overloaded("full"))], n=2)
    assert result.data == {"a": 1}
    assert [c.status for c in result.candidates] == ["valid", "error"]
    assert "full" in result.candidates[1].violations[0].message
    with pytest.raises(Overloaded):
        await run([Reply(error=Overloaded("full"))] * 2, n=2)


@pytest.mark.parametrize("strategy", ["repair", "constrained"])
async def test_an_unsupported_option_is_refused(strategy: str) -> None:
    """An option that the engine does not support under the strategy raises `BadRequest`."""
    engine = FakeEngine(['{"a":1}'])
    engine.capabilities = replace(
        engine.capabilities, supports_thinking=False, completes_in_budget=strategy == "repair"
    )
    for fields in ({"limits": Limits(on_budget="close")}, {"sampling": Sampling(thinking_tokens=9)}):
        with pytest.raises(BadRequest):
            await Generator(engine).run(task(strategy=strategy, **fields))
    assert not engine.requests


async def test_a_number_cut_by_the_budget_is_incomplete() -> None:
    """A number alone that the budget cut is incomplete: `12` may be the start of `123`."""
    with pytest.raises(Incomplete) as caught:
        await run([Reply("12", "length")], schema=Schema.parse({"type": "integer"}))
    assert (caught.value.partial, caught.value.cut_at) == (None, "")


@pytest.mark.parametrize("number", ["1e999", "9" * 4400], ids=["infinite", "long"])
async def test_a_cut_answer_with_an_oversized_number_is_incomplete(number: str) -> None:
    """A cut answer with a number beyond all bounds raises `Incomplete` with the members before it."""
    with pytest.raises(Incomplete) as caught:
        await run([Reply(f'{{"a":{number},"b":"x', "length")])
    assert (caught.value.partial, caught.value.cut_at) == ({}, "/a")


async def test_an_overloaded_validator_is_called_again() -> None:
    """An overloaded validator is called again; where it stays so, the account has the attempt."""
    left = 2

    async def overloaded(schema: Schema, value: Any) -> list[Violation]:
        nonlocal left
        left -= 1
        if left >= 0:
            raise Overloaded("busy", retry_after=0.0)
        return schema.violations(value)

    engine = FakeEngine(['{"a":1}'])
    result = await Generator(engine, validator=overloaded).run(task())
    assert (result.data, len(engine.requests)) == ({"a": 1}, 1)
    left = 100
    with pytest.raises(Overloaded) as caught:
        await Generator(engine, validator=overloaded).run(task())
    assert [a.status for a in caught.value.attempts] == ["error"]
    assert caught.value.usage.completion_tokens > 0


async def test_the_deadline_covers_the_validation_of_an_answer() -> None:
    """A deadline that passes during validation is raised with the attempt and its tokens."""

    async def slow(schema: Schema, value: Any) -> list[Violation]:
        await asyncio.sleep(30)
        return []

    generator = Generator(FakeEngine(['{"a":1}']), validator=slow)
    with pytest.raises(DeadlineExceeded, match="validated") as late:
        await asyncio.wait_for(generator.run(task(limits=Limits(deadline=0.2))), 10)
    assert [attempt.status for attempt in late.value.attempts] == ["deadline"]
    assert late.value.usage.completion_tokens > 0


async def test_the_deadline_covers_the_count_of_a_prompt() -> None:
    """A deadline that passes while the engine counts a prompt is raised before the attempt."""

    class Slow(FakeEngine):
        async def count(self, prompt: tuple[Message, ...]) -> int:
            await asyncio.sleep(30)
            return 1

    limits = Limits(deadline=0.2, max_total_tokens=100)
    with pytest.raises(DeadlineExceeded, match="attempt 1"):
        await asyncio.wait_for(Generator(Slow(['{"a":1}'])).run(task(limits=limits)), 10)
