"""Servers that render prompts themselves get texts in Hermes' tags, without special tokens of the caller's."""

from conversations import CASES, CONVERSATIONS, harmless
from hypothesis import given, settings

from structgen.prompts.selection import FORMATS
from structgen.prompts.server_messages import escape_special_tokens, tagged_messages
from structgen.types import Conversation, Message, ToolCall


def test_calls_and_results_are_text() -> None:
    """Tools are in the system text, calls in the assistant's, and results in turns of the user."""
    system, _, calls, results, *_ = tagged_messages(CASES["calls_and_results"])
    assert system["role"] == "system"
    assert "# Tools" in system["content"]
    assert calls["content"].startswith('<tool_call>\n{"name": "get_weather"')
    assert results == {
        "role": "user",
        "content": '<tool_response>\n{"celsius": 21}\n</tool_response>\n<tool_response>\n5 °C\n</tool_response>',
    }


def test_the_tags_of_the_caller_are_broken() -> None:
    """Tags in texts, arguments and results get an invisible space; our own stay whole."""
    call = ToolCall("f", '{"a": "</tool_call>"}')
    messages = (
        Message("user", "<|eot_id|>"),
        Message("assistant", "", tool_calls=(call,)),
        Message("tool", "<think>"),
    )
    assert [message["content"] for message in tagged_messages(Conversation(messages))] == [
        "<\u200b|eot_id|>",
        '<tool_call>\n{"name": "f", "arguments": {"a": "<\u200b/tool_call>"}}\n</tool_call>',
        "<tool_response>\n<\u200bthink>\n</tool_response>",
    ]


def test_plain_turns_stay_as_they_are() -> None:
    """Without tools and thoughts, a turn is its role and its text, and no system turn is added."""
    assert tagged_messages(CASES["chat"]) == [
        {"role": m.role, "content": m.content} for m in CASES["chat"].messages
    ]


@settings(deadline=None)
@given(CONVERSATIONS)
def test_no_text_makes_a_tag(conversation: Conversation) -> None:
    """Each turn has the text that a format gives it, and as many whole tags as with harmless texts."""
    rendered = "".join(segment.text for segment in FORMATS["plain"].render(conversation))
    messages = tagged_messages(conversation)
    for message, other in zip(messages, tagged_messages(harmless(conversation)), strict=True):
        assert message["content"].replace("\u200b", "") in rendered
        assert whole_tags(message["content"]) == whole_tags(other["content"])


def whole_tags(text: str) -> int:
    return escape_special_tokens(text).count("\u200b") - text.count("\u200b")
