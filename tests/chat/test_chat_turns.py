"""Chat turns on a scripted engine: valid calls and JSON, corrections, streams that withdraw nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from structgen.chat.reply import CallDelta, ChatEvent, ChatReply, ContentDelta, ReasoningDelta
from structgen.chat.turn import ChatTurn, NamedTool, Tool
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import (
    BadRequest,
    DeadlineExceeded,
    EngineUnavailable,
    Incomplete,
    PromptTooLong,
    Unsatisfied,
)
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.types import Limits, Message, Sampling, TextFormat

WEATHER = Tool(
    "get_weather",
    Schema.parse(
        {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer", "maximum": 7}},
            "required": ["city"],
            "additionalProperties": False,
        }
    ),
    "The weather of a city.",
)
CLOCK = Tool("clock", Schema.parse({"type": "object", "properties": {}, "additionalProperties": False}))
USER = (Message("user", "How is the weather in Paris?"),)
NUMBER = Schema.parse({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})


def call(name: str, arguments: Any) -> str:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return f'<tool_call>\n{{"name": "{name}", "arguments": {text}}}\n</tool_call>'


async def reply_to(
    replies: list[str | Reply], **members: Any
) -> tuple[ChatReply, list[ChatEvent], FakeEngine]:
    """Return the reply to a turn, its events, and the engine."""
    engine = FakeEngine(replies, cycle=False)
    events: list[ChatEvent] = []

    async def emit(event: ChatEvent) -> None:
        events.append(event)

    turn = ChatTurn(**{"messages": USER, "tools": (WEATHER, CLOCK), **members})
    await engine.start()
    return await Generator(engine).chat(turn, emit), events, engine


def arguments(reply: ChatReply) -> list[tuple[str, Any]]:
    return [(made.name, json.loads(made.arguments)) for made in reply.choices[0].calls]


async def test_free_text_is_content() -> None:
    """A reply without calls is content, as it was written."""
    reply, events, _ = await reply_to(["It is 20 degrees."])
    assert (reply.choices[0].content, reply.choices[0].finish) == ("It is 20 degrees.", "stop")
    assert "".join(e.text for e in events if isinstance(e, ContentDelta)) == "It is 20 degrees."


async def test_calls_come_in_order_with_the_text_around_them() -> None:
    """Thoughts, text and several calls of one reply are separated."""
    text = (
        f"<think>two tools</think>Let me see.\n{call('get_weather', {'city': 'Paris'})}\n{call('clock', {})}"
    )
    reply, events, _ = await reply_to([text])
    choice = reply.choices[0]
    assert arguments(reply) == [("get_weather", {"city": "Paris"}), ("clock", {})]
    assert (choice.reasoning, choice.content.strip(), choice.finish) == (
        "two tools",
        "Let me see.",
        "tool_calls",
    )
    assert [e.number for e in events if isinstance(e, CallDelta)] == [0, 1]
    assert "".join(e.text for e in events if isinstance(e, ReasoningDelta)) == "two tools"
    assert len({made.id for made in choice.calls}) == 2


async def test_one_bad_call_is_corrected_alone() -> None:
    """A call that breaks its schema is corrected under it; the other calls stay, and keep their order."""
    text = f"{call('get_weather', {'city': 'Paris', 'days': 'three'})}\n{call('clock', {})}"
    reply, events, engine = await reply_to([text, '{"city":"Paris","days":3}'])
    assert arguments(reply) == [("get_weather", {"city": "Paris", "days": 3}), ("clock", {})]
    assert [e.number for e in events if isinstance(e, CallDelta)] == [0, 1]
    assert reply.account()["repairs"]
    assert len(engine.requests) <= 2


@pytest.mark.parametrize(
    "raw",
    [
        '{"name": "get_weather", "arguments": {"city": "Paris"}',
        "{'name': 'get_weather', 'arguments': {'city': 'Paris',}}",
        '{"name": "get_weather", "arguments": {"city": "Paris}}',
    ],
    ids=["unclosed", "single-quotes", "open-string"],
)
async def test_a_malformed_call_is_repaired(raw: str) -> None:
    """A malformed call is repaired under the schema of its tool, with an account."""
    reply, _, _ = await reply_to([f"<tool_call>\n{raw}\n</tool_call>\n{call('clock', {})}"])
    assert arguments(reply) == [("get_weather", {"city": "Paris"}), ("clock", {})]
    assert reply.account()["repairs"][0]["status"] == "repaired"


async def test_a_call_that_stays_invalid_is_an_error_that_names_it() -> None:
    """Without a valid correction, the error has the pointer to the call and all attempts."""
    bad = {"city": "Paris", "days": 99}
    with pytest.raises(Unsatisfied) as raised:
        await reply_to([call("get_weather", bad), *[json.dumps(bad)] * 8])
    assert raised.value.violations[0].pointer == "/tool_calls/0/function/arguments/days"
    assert raised.value.attempts


async def test_an_unknown_tool_is_retried_with_the_reason() -> None:
    """A call of a tool that is not there is written again, and the model learns the names."""
    reply, _, engine = await reply_to([call("get_wether", {"city": "Paris"}), call("clock", {})])
    assert arguments(reply) == [("clock", {})]
    assert "get_weather" in engine.requests[1].prompt.messages[-1].content
    assert [attempt.status for attempt in reply.choices[0].attempts] == ["violations", "valid"]


@pytest.mark.parametrize("choice", ["required", NamedTool("clock")], ids=["required", "named"])
async def test_a_required_call_that_is_missing_is_asked_for_again(choice: Any) -> None:
    """A reply without the required call is retried; its text is not delivered."""
    reply, events, _ = await reply_to(["I would rather talk.", call("clock", {})], tool_choice=choice)
    assert arguments(reply) == [("clock", {})]
    assert not [event for event in events if isinstance(event, ContentDelta)]


async def test_no_tool_may_be_called_under_none() -> None:
    """Under `none` the prompt has no tools, and the tags are text."""
    text = call("clock", {})
    reply, _, engine = await reply_to([text], tool_choice="none")
    assert not reply.choices[0].calls
    assert reply.choices[0].content == text
    assert engine.requests[0].prompt.tools == ()


async def test_one_call_at_most_where_calls_may_not_be_parallel() -> None:
    """Two calls under `parallel_calls` false are a fault, and none of the first two is delivered."""
    both = f"{call('clock', {})}\n{call('clock', {})}"
    reply, events, _ = await reply_to([both, call("clock", {})], parallel_calls=False)
    assert arguments(reply) == [("clock", {})]
    assert len([event for event in events if isinstance(event, CallDelta)]) == 1


async def test_a_cut_call_is_not_delivered() -> None:
    """A reply that the budget cuts within a call ends with `length` and without that call."""
    text = f"{call('clock', {})}\n<tool_call>\n" + '{"name": "get_weather", "arguments": {"city": "Pa'
    reply, _, _ = await reply_to([Reply(text, finish="length")], tool_choice="required")
    assert arguments(reply) == [("clock", {})]
    assert reply.choices[0].finish == "length"


async def test_json_beside_tools_is_valid_or_an_error() -> None:
    """With tools and a schema, a reply without calls is JSON under the schema."""
    reply, _, _ = await reply_to(['{"n": 5}'], schema=NUMBER)
    assert json.loads(reply.choices[0].content) == {"n": 5}
    with pytest.raises(Unsatisfied):
        await reply_to(["no number", *["still none"] * 8], schema=NUMBER)
    with pytest.raises(Incomplete):
        await reply_to([Reply('{"n', finish="length")], schema=NUMBER)


async def test_plain_text_needs_no_grammar_of_the_engine() -> None:
    """On an engine without grammars, a text in a format is generated freely, checked, and retried."""
    engine = FakeEngine(["maybe", "yes"], cycle=False)
    engine.capabilities = replace(engine.capabilities, constrained=False)
    await engine.start()
    turn = ChatTurn(USER, text_format=TextFormat(choices=("yes", "no")))
    reply = await Generator(engine).chat(turn)
    assert reply.choices[0].content == "yes"
    assert [attempt.status for attempt in reply.attempts] == ["violations", "valid"]


async def test_json_is_delivered_live_and_never_withdrawn() -> None:
    """Content of a schema that the grammar enforces comes while it grows; other content once it is valid."""
    whole, events, _ = await reply_to(['{"n":5}'], schema=NUMBER, tools=())
    assert len([event for event in events if isinstance(event, ContentDelta)]) > 1
    assert whole.choices[0].content == '{"n":5}'
    unique = Schema.parse({"type": "array", "items": {"type": "integer"}, "uniqueItems": True})
    whole, events, _ = await reply_to(["[1,1]", "[1,2]"], schema=unique, tools=())
    assert [event.text for event in events if isinstance(event, ContentDelta)] == ["[1,2]"]
    assert [attempt.status for attempt in whole.choices[0].attempts] == ["violations", "valid"]


async def test_a_live_stream_that_turns_out_invalid_ends_with_an_error() -> None:
    """Delivered text is not withdrawn: where the valid answer begins differently, there is an error."""
    with pytest.raises(Unsatisfied, match="without stream"):
        await reply_to(['{"n":"x"}', '{"n":7}'], schema=NUMBER, tools=())


async def test_text_ends_before_a_stop_text() -> None:
    """Content ends before the first stop text, also where chunks split it."""
    reply, events, engine = await reply_to(["one two END three"], tools=(), stop=("END", "three"))
    assert reply.choices[0].content == "one two "
    assert "".join(e.text for e in events if isinstance(e, ContentDelta)) == "one two "
    assert engine.cancelled == 1


async def test_several_choices_have_seeds_of_their_own() -> None:
    """Each of `n` choices is one run; a choice that fails is a warning as long as another is valid."""
    reply, events, engine = await reply_to(["a", "b"], tools=(), n=2, sampling=Sampling(seed=5))
    assert sorted(choice.content for choice in reply.choices) == ["a", "b"]
    assert {event.index for event in events if isinstance(event, ContentDelta)} == {0, 1}
    assert {request.sampling.seed for request in engine.requests} == {5, 6}
    reply, _, _ = await reply_to(['{"n":1}', Reply('{"n', finish="length")], tools=(), n=2, schema=NUMBER)
    assert len(reply.choices) == 1
    assert reply.warnings[-1].code == "choice-failed"
    assert reply.warnings[-1].message.startswith("choice 1 failed, incomplete:")


async def test_the_prompt_asks_to_think_before_the_callers_system_text() -> None:
    """The request to think and the schema precede the caller's own system text, in one turn."""
    messages = (Message("system", "Be brief."), *USER)
    _, _, engine = await reply_to(["ok"], messages=messages, thinking=True)
    system = engine.requests[0].prompt.messages[0].content
    assert system.startswith("You are a deep thinking AI")
    assert system.endswith("Be brief.")
    assert engine.requests[0].prompt.thinking


async def test_a_turn_without_messages_and_a_late_one_are_errors() -> None:
    """A turn needs a message, and ends at its deadline with the attempts made."""
    with pytest.raises(BadRequest, match="/messages"):
        await reply_to(["x"], messages=())
    with pytest.raises(DeadlineExceeded) as raised:
        await reply_to([Reply("slow text", delay=0.2)], limits=Limits(deadline=0.1))
    assert raised.value.attempts[0].status == "deadline"


async def test_the_total_of_tokens_bounds_a_reply() -> None:
    """`max_total_tokens` leaves the tokens after the prompt to the reply, and none is an error."""
    _, _, engine = await reply_to(["ok"], limits=Limits(max_total_tokens=200))
    assert 0 < engine.requests[0].sampling.max_tokens < 200
    with pytest.raises(Unsatisfied, match="max_total_tokens"):
        await reply_to(["ok"], limits=Limits(max_total_tokens=2))


async def test_a_lost_engine_is_waited_for_on_request() -> None:
    """With `on_engine_loss` retry, an attempt follows the loss of the engine, as nothing was delivered."""
    lost = Reply(error=EngineUnavailable("the engine died"))
    reply, _, _ = await reply_to([lost, "back"], limits=Limits(on_engine_loss="retry"))
    assert reply.choices[0].content == "back"
    assert [attempt.status for attempt in reply.choices[0].attempts] == ["error", "valid"]
    with pytest.raises(EngineUnavailable):
        await reply_to([lost, "back"])


async def test_limits_without_an_effect_are_refused() -> None:
    """A limit that the engine cannot hold in such a reply is a bad request that names it."""
    with pytest.raises(BadRequest, match="/structgen/limits/on_budget"):
        await reply_to(["x"], limits=Limits(on_budget="close"))
    with pytest.raises(BadRequest, match="/structgen/limits/max_digits"):
        await reply_to(["x"], limits=Limits(max_digits=3), tools=())


async def test_a_call_without_its_closing_tag_is_a_call() -> None:
    """A model that ends by itself before the closing tag has made the call: it is not dropped in silence."""
    for end in ("", "}"):
        text = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}' + end
        reply, _, _ = await reply_to([text])
        assert arguments(reply) == [("get_weather", {"city": "Paris"})]


async def test_one_attempt_leaves_none_for_a_correction_by_the_model() -> None:
    """Corrections are attempts too: `max_attempts` and `max_total_tokens` bound them."""
    bad = call("get_weather", {"city": "Paris", "days": 99})
    for limits in (Limits(max_attempts=1), Limits(max_total_tokens=100)):
        with pytest.raises(Unsatisfied) as raised:
            await reply_to([bad, '{"city":"Paris","days":3}'], limits=limits)
        assert len(raised.value.attempts) == 1


async def test_text_beside_calls_is_left_out_where_content_must_be_json() -> None:
    """A client parses content under its schema, so that prose beside a call is a warning instead."""
    reply, events, _ = await reply_to([f"Let me see.{call('clock', {})}"], schema=NUMBER)
    assert (reply.choices[0].content, arguments(reply)) == ("", [("clock", {})])
    assert not [event for event in events if isinstance(event, ContentDelta)]
    assert [warning["code"] for warning in reply.account()["warnings"]] == ["content-left-out"]


async def test_a_prompt_that_is_too_long_with_its_reply_is_no_fault_of_the_caller() -> None:
    """Where the retry does not fit the context, the error has the violations of the reply before it."""
    replies = [call("clok", {}), Reply(error=PromptTooLong("too long", 9, 8))]
    with pytest.raises(Unsatisfied) as raised:
        await reply_to(list(replies))
    assert raised.value.violations[0].pointer == "/tool_calls/0/name"
    with pytest.raises(PromptTooLong):
        await reply_to(replies[1:])


async def test_a_message_lists_some_of_many_tools() -> None:
    """Errors and retries stay short with many tools of long names."""
    many = tuple(Tool(f"tool_{number}_{'x' * 200}", CLOCK.schema) for number in range(500))
    with pytest.raises(Unsatisfied, match="450 more") as raised:
        await reply_to(["no call"] * 3, tools=many, tool_choice="required")
    assert len(str(raised.value)) < 6_000
