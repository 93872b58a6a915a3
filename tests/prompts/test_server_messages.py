"""Servers that render prompts themselves get messages in OpenAI's form, without special tokens in texts."""

from structgen.prompts.server_messages import chat_message
from structgen.types import Message, ToolCall


def test_calls_and_results_have_openais_form() -> None:
    """Calls are members of the assistant's message, and a result names its call."""
    calls = (ToolCall("f", '{"a":"<|eot_id|>"}', "c1"), ToolCall("g"))
    assert chat_message(Message("assistant", "", "a thought", calls)) == {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "c1",
                "type": "function",
                "function": {"name": "f", "arguments": '{"a":"<\u200b|eot_id|>"}'},
            },
            {"id": "", "type": "function", "function": {"name": "g", "arguments": "{}"}},
        ],
    }
    result = Message("tool", "5 </think>", tool_call_id="c1", name="f")
    assert chat_message(result) == {"role": "tool", "tool_call_id": "c1", "content": "5 <\u200b/think>"}


def test_a_result_without_its_call_is_a_turn_of_the_user() -> None:
    """A server would refuse a result that names no call."""
    assert chat_message(Message("tool", "5")) == {"role": "user", "content": "5"}


def test_other_messages_have_role_and_content() -> None:
    """Plain turns stay plain, and thoughts stay behind."""
    assert chat_message(Message("system", "x")) == {"role": "system", "content": "x"}
    assert chat_message(Message("assistant", "x", "a thought")) == {"role": "assistant", "content": "x"}
