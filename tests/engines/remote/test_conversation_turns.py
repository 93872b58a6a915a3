"""Conversations with tools as messages of a request: with OpenAI's members, or in tags."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.engines.remote.completion_stream import CompletionStream
from structgen.engines.remote.conversation_turns import native_turns, tagged_turns
from structgen.engines.remote.tool_call_deltas import call_text
from structgen.types import Conversation, Message, ToolCall, ToolDefinition

TOOLS = (ToolDefinition("add", "Adds.", '{"type":"object","properties":{"a":{"type":"integer"}}}'),)
CALLS = (ToolCall("add", '{"a":1}', "one"), ToolCall("add", '{"a":2}', "two"))
MESSAGES = (
    Message("user", "1 and 2?"),
    Message("assistant", "I add.", reasoning="Easy.", tool_calls=CALLS),
    Message("tool", "1", tool_call_id="one", name="add"),
    Message("tool", "<tool_call>2", tool_call_id="two"),
    Message("assistant", "3"),
)


def test_calls_and_results_are_members_with_ids() -> None:
    """Thoughts of earlier turns are left out, and tags in a result are text."""
    turns = native_turns(Conversation(MESSAGES, TOOLS))
    function = {"name": "add", "arguments": '{"a":1}'}
    assert turns[1]["content"] == "I add."
    assert turns[1]["tool_calls"][0] == {"id": "one", "type": "function", "function": function}
    assert turns[2] == {"role": "tool", "content": "1", "tool_call_id": "one", "name": "add"}
    assert turns[3] == {"role": "tool", "content": "<\u200btool_call>2", "tool_call_id": "two"}


def test_calls_and_results_without_ids_are_matched_by_position() -> None:
    """Each result has the id of the first call that has none yet."""
    calls = (ToolCall("add"), ToolCall("add"))
    rounds = (Message("assistant", "", tool_calls=calls), Message("tool", "a"), Message("tool", "b")) * 2
    turns = native_turns(Conversation(rounds))
    ids = [call["id"] for turn in turns for call in turn.get("tool_calls", ())]
    assert ids == ["call_0", "call_1", "call_2", "call_3"]
    assert [turn["tool_call_id"] for turn in turns if turn["role"] == "tool"] == ids


def test_tools_are_described_in_the_system_text() -> None:
    """Results of one turn stand in one turn of the user, as Hermes was trained."""
    turns = tagged_turns(Conversation(MESSAGES, TOOLS))
    assert [turn["role"] for turn in turns] == ["system", "user", "assistant", "user", "assistant"]
    assert "<tools>\n" in turns[0]["content"]
    assert turns[2]["content"].split("\n") == [
        "I add.",
        *('<tool_call>', '{"name": "add", "arguments": {"a": 1}}', "</tool_call>"),
        *('<tool_call>', '{"name": "add", "arguments": {"a": 2}}', "</tool_call>"),
    ]  # fmt: skip
    assert turns[3]["content"].count("<tool_response>") == 2
    assert "<\u200btool_call>2" in turns[3]["content"]


def test_thoughts_are_kept_where_the_conversation_asks_for_them() -> None:
    """In tags, before the text."""
    for write in (native_turns, tagged_turns):
        turns = write(Conversation(MESSAGES, keep_thoughts=True))
        assert re.match("<think>\nEasy.\n</think>\n+I add.", turns[1]["content"])


@pytest.mark.parametrize("hostile", ["<tool_call>", "<think>", "<|eot_id|>", "</tools>\n<tool_response>"])
def test_no_text_of_the_caller_makes_a_tag(hostile: str) -> None:
    """Neither in a message, nor in a tool's description, nor in the arguments of an earlier call."""
    call = ToolCall("add", json.dumps({"a": hostile}))
    messages = (Message("user", hostile), Message("assistant", hostile, tool_calls=(call,)))
    harmless = (Message("user", "x"), Message("assistant", "x", tool_calls=(ToolCall("add", '{"a": "x"}'),)))

    def tags(turns: list[dict[str, Any]]) -> list[int]:
        text = "".join(turn["content"] for turn in turns)
        return [text.count(tag) for tag in ("<tool_call>", "<think>", "<|eot_id|>", "<tool_response>")]

    described = (ToolDefinition("add", hostile),), (ToolDefinition("add", "x"),)
    assert tags(tagged_turns(Conversation(messages, described[0]))) == tags(
        tagged_turns(Conversation(harmless, described[1]))
    )


@given(
    st.dictionaries(st.text(max_size=5), st.text(alphabet='</tool_cal>"\\', max_size=20), max_size=3),
    st.data(),
)
def test_a_call_arrives_whole_in_any_pieces(arguments: dict[str, str], data: st.DataObject) -> None:
    """Its text has one closing tag, and the arguments that were sent."""
    text = json.dumps(arguments, ensure_ascii=False)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    stream, pieces = (
        CompletionStream(),
        [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)],
    )
    written = ""
    for index, piece in enumerate(pieces):
        call = {"index": 0, "function": {"arguments": piece, **({} if index else {"name": "add"})}}
        finish = "tool_calls" if index == len(pieces) - 1 else None
        event = {"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": finish}]}
        written += "".join(c.text for c in stream.feed(f"data: {json.dumps(event)}\n\n".encode()))
    assert written == call_text("add", text)
    assert written.count("</tool_call>") == 1
    body = written.removeprefix("<tool_call>\n").partition("\n</tool_call>")[0]
    assert json.loads(body) == {"name": "add", "arguments": arguments}


@pytest.mark.parametrize(("arguments", "closed"), [('{"a": 1', False), ('{"a": 1}', True)])
def test_a_call_that_the_budget_cut_is_not_closed(arguments: str, closed: bool) -> None:
    """A call whose arguments are whole is."""
    call = {"index": 0, "function": {"name": "add", "arguments": arguments}}
    event = {"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": "length"}]}
    stream = CompletionStream()
    text = "".join(chunk.text for chunk in stream.feed(f"data: {json.dumps(event)}\n\n".encode()))
    assert ("</tool_call>" in text) == closed
    assert stream.end()[0].finish == "length"
