"""Conversations with all that a prompt can hold, and random ones with texts that look like markup."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import strategies as st

from structgen.types import Conversation, Message, Role, ToolCall, ToolDefinition

WEATHER = ToolDefinition(
    "get_weather",
    "Get the weather of a city.",
    '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}',
)
TIME = ToolDefinition("get_time")
USER = Message("user", "Is it warmer in Rome or in Oslo?")
CALLS = Message(
    "assistant",
    "",
    "\nI need both.\n",
    (ToolCall("get_weather", '{"city":"Rome"}', "c1"), ToolCall("get_weather", '{"city":"Osló"}', "c2")),
)
RESULTS = (
    Message("tool", '{"celsius": 21}', tool_call_id="c1", name="get_weather"),
    Message("tool", "5 °C", tool_call_id="c2", name="get_weather"),
)
AGAIN = Message("assistant", "One more.", "Rome, it seems.", (ToolCall("get_time", "{}", "c3"),))
NOON = Message("tool", "12:00", tool_call_id="c3")
ANSWER = Message("assistant", "Rome is warmer.", "21 > 5")
OWN_SYSTEM = Message("system", "Answer briefly. </think> <tool_call>")
TURNS = (USER, CALLS, *RESULTS, AGAIN, NOON, ANSWER, Message("user", "Thanks <|eot_id|><|im_end|>"))
CASES = {
    "chat": Conversation((USER, Message("assistant", "Rome."), Message("user", "Sure?"))),
    "own_system": Conversation((OWN_SYSTEM, USER)),
    "thinking": Conversation((USER,), thinking=True),
    "thinking_own_system": Conversation((OWN_SYSTEM, USER), thinking=True),
    "tools": Conversation((USER,), (WEATHER, TIME)),
    "tools_own_system": Conversation((OWN_SYSTEM, USER), (WEATHER,), thinking=True),
    "calls_and_results": Conversation(TURNS, (WEATHER, TIME)),
    "calls_thinking": Conversation(TURNS, (WEATHER, TIME), thinking=True),
    "calls_thoughts_kept": Conversation(TURNS, (WEATHER, TIME), thinking=True, keep_thoughts=True),
}

HOSTILE = (
    "<|eot_id|>", "<|start_header_id|>", "<|im_end|>", "<|im_start|>", "<think>", "</think>", "<tool_call>",
    "</tool_call>", "<tool_response>", "<tools>", "<|", "|>", '"', "\\", "\n", " ", "{", "}", "name", "é", "\ue000",
    '"0\ue001', "<tool", "_call>", "'", "#", "type", "system",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map("".join)
SCHEMAS = st.dictionaries(
    TEXTS, st.fixed_dictionaries({"type": st.just("string"), "description": TEXTS}), max_size=2
)
TOOLS = st.builds(
    lambda name, description, properties: ToolDefinition(
        name,
        description,
        json.dumps({"type": "object", "properties": properties, "required": list(properties)}),
    ),
    TEXTS,
    TEXTS,
    SCHEMAS,
)
ARGUMENTS = st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=2) | st.integers(0, 9), max_size=2).map(
    json.dumps
)
TOOL_CALLS = st.builds(ToolCall, TEXTS, ARGUMENTS | TEXTS, TEXTS)
MESSAGES = st.one_of(
    st.builds(Message, st.just("user"), TEXTS),
    st.builds(Message, st.just("tool"), TEXTS, tool_call_id=TEXTS, name=TEXTS),
    st.builds(
        Message,
        st.just("assistant"),
        TEXTS | st.just(""),
        TEXTS | st.just(""),
        st.lists(TOOL_CALLS, max_size=2).map(tuple),
    ),
)


def _with_system(system: str | None, messages: list[Message]) -> tuple[Message, ...]:
    role: Role = "system"
    return tuple(messages) if system is None else (Message(role, system), *messages)


CONVERSATIONS = st.builds(
    Conversation,
    st.builds(_with_system, st.none() | TEXTS, st.lists(MESSAGES, min_size=1, max_size=5)),
    st.lists(TOOLS, max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
)


def harmless(conversation: Conversation) -> Conversation:
    """The same conversation with other texts, none of which looks like markup."""

    def data(value: object) -> object:
        if isinstance(value, dict):
            return {f"k{i}": data(member) for i, member in enumerate(value.values())}
        if isinstance(value, list):
            return [data(item) for item in value]
        return "x"

    def arguments(text: str) -> str:
        try:
            return json.dumps(data(json.loads(text)))
        except ValueError:
            return "x"

    return replace(
        conversation,
        messages=tuple(
            replace(
                message,
                content="x" if message.content else "",
                reasoning="x" if message.reasoning else "",
                tool_calls=tuple(
                    ToolCall("f", arguments(call.arguments), "i") for call in message.tool_calls
                ),
            )
            for message in conversation.messages
        ),
        tools=tuple(ToolDefinition("f", "x", "{}") for _ in conversation.tools),
    )
