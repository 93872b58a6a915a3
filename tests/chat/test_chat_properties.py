"""Properties of every chat turn: what is delivered is valid, in order, never withdrawn, and accounted for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.chat.reply import CallDelta, ChatEvent, ChatReply, ChoiceEnded, ContentDelta, ReasoningDelta
from structgen.chat.turn import ChatTurn, NamedTool, Tool
from structgen.engines.base import EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import EngineUnavailable, StructgenError
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.types import Attempt, Chunk, Limits, Message, Sampling, Usage

WEATHER = Tool(
    "get_weather",
    Schema.parse(
        {
            "type": "object",
            "properties": {
                "city": {"type": "string", "minLength": 2},
                "days": {"type": "integer", "maximum": 7},
                "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            },
            "required": ["city"],
            "additionalProperties": False,
        }
    ),
)
CLOCK = Tool("clock", Schema.parse({"type": "object", "properties": {}, "additionalProperties": False}))
ANYTHING = Tool("</tool_call>", Schema.parse({"type": "object"}), "</tools><tool_call>")
TOOLS = (WEATHER, CLOCK, ANYTHING)
NUMBER = Schema.parse({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
UNIQUE = Schema.parse({"type": "array", "items": {"type": "integer"}, "uniqueItems": True})
SCHEMAS = {"number": NUMBER, "unique": UNIQUE}


def call(name: str, arguments: str) -> str:
    return f'<tool_call>\n{{"name": {json.dumps(name)}, "arguments": {arguments}}}\n</tool_call>'


ARGUMENTS = st.sampled_from(
    [
        "{}",
        '{"city": "Paris"}',
        '{"city": "Paris", "days": 3, "tags": ["</tool_call>", "<think>"]}',
        '{"city": "Paris", "days": 99}',
        '{"city": "Paris", "days": "3"}',
        '{"city": "Paris", "days": 1e999}',
        '{"city": "Paris", "city": "Rome"}',
        '{"city": "Paris", "tags": ["a", "a"]}',
        "{'city': 'Paris',}",
        '{"city": "Par',
        '"{\\"city\\": \\"Paris\\"}"',
        '{"city": "\\ud800", "days": 99}',
        "null",
        "[1]",
        "[" * 2_000,
        '{"a":' * 300 + "1" + "}" * 300,
    ]
)
CALLS = st.builds(call, st.sampled_from([*(tool.name for tool in TOOLS), "clok", ""]), ARGUMENTS)
PIECES = st.one_of(
    CALLS,
    st.sampled_from(
        [
            "It is warm. ",
            '{"n": 5}',
            '{"n": "five"}',
            "[1, 1]",
            "[1, 2]",
            "<think>hm</think>",
            "<think>never closed ",
            "STOP",
            "<tool_call>",
            "</tool_call>",
            '<tool_call>\n{"name": "clock", "arguments": {}}',
            '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Pa',
            "\n",
            "<tool_response>",
            "😀 é",
        ]
    ),
)
REPLIES = st.builds(
    Reply,
    st.lists(PIECES, max_size=4).map("".join),
    st.sampled_from(["stop", "stop", "stop", "length"]),
    reasoning=st.sampled_from(["", "", "first a thought", "no"]),
    error=st.sampled_from([None] * 8 + [EngineUnavailable("lost")]),
)
LIMITS = st.builds(
    Limits,
    max_attempts=st.integers(1, 3),
    max_total_tokens=st.sampled_from([None, None, 60, 400]),
    on_engine_loss=st.sampled_from(["error", "retry"]),
)
TURNS = st.builds(
    ChatTurn,
    st.just((Message("user", "How is the weather in Paris?"),)),
    schema=st.sampled_from([None, None, *SCHEMAS.values()]),
    tools=st.sampled_from([TOOLS, TOOLS, TOOLS[:2], ()]),
    tool_choice=st.sampled_from(["auto", "auto", "none", "required", NamedTool("clock")]),
    parallel_calls=st.booleans(),
    n=st.sampled_from([1, 1, 2]),
    stop=st.sampled_from([(), ("STOP", "warm. S")]),
    limits=LIMITS,
    sampling=st.builds(Sampling, max_tokens=st.just(100)),
)


class MeteredEngine(FakeEngine):
    """A scripted engine that adds up the usage of all generations, also of those that end early."""

    spent = Usage()

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        usage = Usage()
        try:
            async for chunk in super().generate(request):
                usage = chunk.usage or usage
                yield chunk
        finally:
            self.spent += usage


class Run:
    """One turn: its reply or error, its events, and the engine that knows what was spent.

    The reader takes `reads` events and then no more.
    """

    def __init__(self, turn: ChatTurn, replies: list[Reply], *, stream: bool, reads: int = 10**9) -> None:
        self.turn, self.stream, self.reads = turn, stream, reads
        self.blocked = asyncio.Event()
        self.engine = MeteredEngine(replies)
        self.events: list[ChatEvent] = []
        self.reply: ChatReply | None = None
        self.error: StructgenError | None = None

    async def run(self) -> None:
        async def emit(event: ChatEvent) -> None:
            self.events.append(event)
            if len(self.events) > self.reads:
                self.blocked.set()
                await asyncio.Event().wait()

        await self.engine.start()
        try:
            self.reply = await Generator(self.engine).chat(self.turn, emit if self.stream else None)
        except StructgenError as error:
            self.error = error

    def of(self, kind: type, index: int) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind) and event.index == index]


def completed(turn: ChatTurn, replies: list[Reply], *, stream: bool = True) -> Run:
    run = Run(turn, replies, stream=stream)
    asyncio.run(run.run())
    return run


def total(attempts: Any) -> Usage:
    return sum((Attempt.from_json(each).usage for each in attempts), Usage())


RUNS = settings(max_examples=100, deadline=None)


@RUNS
@given(TURNS, st.lists(REPLIES, min_size=1, max_size=4), st.booleans())
def test_what_a_reply_has_is_valid(turn: ChatTurn, replies: list[Reply], stream: bool) -> None:
    """Calls are valid under their tools and allowed by the choice; content under a schema is valid JSON."""
    run = completed(turn, replies, stream=stream)
    tools = {tool.name: tool for tool in turn.callable_tools}
    delivered = [event.call for event in run.events if isinstance(event, CallDelta)]
    for choice in () if run.reply is None else run.reply.choices:
        assert turn.parallel_calls or len(choice.calls) <= 1
        assert choice.calls or not turn.requires_call or choice.finish == "length"
        assert choice.finish == "length" or (choice.finish == "tool_calls") == bool(choice.calls)
        if turn.schema is not None and (choice.content or choice.finish == "stop"):
            assert not list(turn.schema.violations(json.loads(choice.content)))
        assert not any(stop in choice.content for stop in turn.stop if turn.schema is None)
        delivered += choice.calls
    for made in delivered:
        assert not list(tools[made.name].schema.violations(json.loads(made.arguments)))


@RUNS
@given(TURNS, st.lists(REPLIES, min_size=1, max_size=4))
def test_a_stream_delivers_what_the_reply_has(turn: ChatTurn, replies: list[Reply]) -> None:
    """The events of a choice join to the choice, in order, and `ChoiceEnded` is the last one of each."""
    run = completed(turn, replies)
    if run.reply is None:
        return
    ends = {event.index: event.choice for event in run.events if isinstance(event, ChoiceEnded)}
    assert sorted(map(id, ends.values())) == sorted(map(id, run.reply.choices))
    for index, choice in ends.items():
        calls = run.of(CallDelta, index)
        assert "".join(event.text for event in run.of(ContentDelta, index)) == choice.content
        assert "".join(event.text for event in run.of(ReasoningDelta, index)) == choice.reasoning
        assert tuple(event.call for event in calls) == choice.calls
        assert [event.number for event in calls] == list(range(len(calls)))
        assert isinstance([event for event in run.events if event.index == index][-1], ChoiceEnded)


@RUNS
@given(TURNS, st.lists(REPLIES, min_size=1, max_size=4), st.booleans())
def test_every_token_is_in_the_account(turn: ChatTurn, replies: list[Reply], stream: bool) -> None:
    """Usage is what the engine spent, and the sum over all attempts, in replies and in errors."""
    run = completed(turn, replies, stream=stream)
    if run.reply is not None:
        account = run.reply.account()
        assert run.reply.usage == run.engine.spent == total(account["attempts"])
    elif run.error is not None:
        assert run.error.usage == run.engine.spent
        assert sum((attempt.usage for attempt in run.error.attempts), Usage()) == run.engine.spent


@RUNS
@given(TURNS, st.lists(REPLIES, min_size=1, max_size=4), st.integers(0, 12), st.booleans())
def test_a_run_that_is_cut_off_tells_what_it_spent(
    turn: ChatTurn, replies: list[Reply], events: int, leaves: bool
) -> None:
    """A reader that leaves, or reads no more, after some events costs what the account says."""
    told: list[Usage] = []
    seconds = None if leaves else 0.02
    turn = replace(turn, limits=replace(turn.limits, deadline=seconds), on_abandoned=told.append)
    run = Run(turn, replies, stream=True, reads=events)

    async def until_cut() -> None:
        running = asyncio.ensure_future(run.run())
        blocked = asyncio.ensure_future(run.blocked.wait())
        await asyncio.wait({running, blocked}, return_when="FIRST_COMPLETED")
        if leaves:
            running.cancel()
        blocked.cancel()
        await asyncio.wait({running}, timeout=5)
        assert running.done()

    asyncio.run(until_cut())
    ended = run.reply or run.error
    account = sum(told, Usage()) if ended is None else ended.usage + sum(told, Usage())
    assert account == run.engine.spent
