"""Prompts have Hermes 4's format to the byte, and the caller's text never becomes markup."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from structgen.errors import BadRequest
from structgen.models import DEMO_MODEL
from structgen.prompts import chat_template, hermes4
from structgen.prompts.base import Segment
from structgen.prompts.template_rendering import ApplyTemplate, render
from structgen.types import Conversation, Message, ToolCall, ToolDefinition

TALK = (
    Message("system", "You answer in JSON."),
    Message("user", " <|eot_id|> text with a marker and spaces \n"),
    Message("assistant", '{"a":1}'),
    Message("tool", "5"),
    Message("user", "again"),
)


def text(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments)


def by_template(
    apply: ApplyTemplate, messages: tuple[Message, ...] = TALK, source: str = "", **options: Any
) -> tuple[Segment, ...]:
    return render(Conversation(messages, **options), source, apply, hermes4.THINKING)


def test_turns_are_headed_and_ended() -> None:
    """Each turn has a Llama 3 header and an end token, and results of tools are turns of the user."""
    assert text(hermes4.render(Conversation(TALK))) == (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nYou answer in JSON.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\n <|eot_id|> text with a marker and spaces \n<|eot_id|>"
        '<|start_header_id|>assistant<|end_header_id|>\n\n{"a":1}<|eot_id|>'
        "<|start_header_id|>user<|end_header_id|>\n\n<tool_response>\n5\n</tool_response><|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nagain<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    )


def test_a_system_turn_always_comes_first() -> None:
    """A conversation without a system turn begins with Hermes' default one."""
    assert hermes4.DEFAULT_SYSTEM in text(hermes4.render(Conversation(TALK[1:2])))


def test_markup_and_text_are_separate() -> None:
    """The caller's text is never in a markup segment."""
    plain = [s.text for s in hermes4.render(Conversation(TALK)) if not s.markup]
    assert plain == [m.content for m in TALK]


def test_a_checkpoints_template_wins_and_cannot_touch_the_text(tmp_path: Path) -> None:
    """The checkpoint's template renders the turns, and cannot change the caller's text."""
    segments = by_template(
        lambda turns, _: "".join(f"[{t['role']}]{t['content'].strip()};" for t in turns), TALK[:2]
    )
    assert text(segments) == f"[system]{TALK[0].content};[user]{TALK[1].content};"


def test_a_template_that_requires_thoughts_gets_a_placeholder() -> None:
    """A template that fails on an earlier answer without thoughts gets a placeholder for them."""

    def apply(turns: list[dict[str, Any]], variables: Mapping[str, Any]) -> str:
        written = ""
        for turn in turns:
            content = turn["content"]
            if turn["role"] == "assistant":
                content = "<think> </think>" + content.split("</think>")[1]
            written += f"[{turn['role']}]{content};"
        return written

    segments = by_template(apply, TALK[:3])
    assert text(segments).endswith('[assistant]<think> </think>\n{"a":1};')
    assert [s.text for s in segments if not s.markup] == [m.content for m in TALK[:3]]


def test_a_template_that_refuses_or_loses_a_turn_raises() -> None:
    """A template that refuses a conversation, or leaves a turn out, raises `BadRequest`."""

    def refusing(turns: list[dict[str, Any]], variables: Mapping[str, Any]) -> str:
        raise ValueError("roles must alternate")

    with pytest.raises(BadRequest, match="roles must alternate"):
        by_template(refusing)
    with pytest.raises(BadRequest, match="each turn"):
        by_template(lambda turns, _: turns[-1]["content"])
    with pytest.raises(BadRequest, match="each turn"):
        by_template(lambda turns, _: "".join(turn["content"][1:] for turn in turns))


def test_a_template_that_leaves_out_a_tool_or_a_call_raises() -> None:
    """A template that takes tools and calls, and does not write them, raises `BadRequest`."""

    def apply(turns: list[dict[str, Any]], variables: Mapping[str, Any]) -> str:
        return "".join(turn["content"] for turn in turns)

    with pytest.raises(BadRequest, match="each tool and call"):
        by_template(apply, TALK, "<tool_call>", tools=(ToolDefinition("f"),))
    call = Message("assistant", "a", tool_calls=(ToolCall("f"),))
    with pytest.raises(BadRequest, match="each tool and call"):
        by_template(apply, (*TALK, call), "<tool_call>")


@pytest.mark.parametrize(
    ("source", "names"),
    {
        "all": ("<tool_call> thinking keep_cots", {"tools", "thinking", "keep_cots"}),
        "Qwen's": ("<tool_call> enable_thinking", {"tools", "enable_thinking"}),
        "none": ("", set()),
    }.values(),
    ids=["all", "Qwen's", "none"],
)
def test_a_template_gets_the_variables_that_it_knows(source: str, names: set[str]) -> None:
    """Tools and options are passed to the template that mentions them; else tools are in the system text."""
    given: dict[str, Any] = {}

    def apply(turns: list[dict[str, Any]], variables: Mapping[str, Any]) -> str:
        given.update(variables)
        tools = [tool["function"]["name"] for tool in variables.get("tools", [])]
        return "".join([*tools, *(turn["content"] for turn in turns)])

    segments = by_template(apply, TALK, source, tools=(ToolDefinition("f"),), thinking=True)
    assert given.keys() == names
    assert ("# Tools" in text(segments)) == (source == "")


def test_arguments_that_are_nested_too_deeply_are_refused() -> None:
    """Arguments deeper than Python's recursion raise `BadRequest`."""
    transformers = pytest.importorskip("transformers", reason="needs the extra `local`")
    tokenizer = transformers.AutoTokenizer.from_pretrained(DEMO_MODEL)
    for depth in (100, 300, 600, 900, 5000):
        call = ToolCall("f", '{"a":' * depth + "1" + "}" * depth)
        with suppress(BadRequest):
            chat_template.encode(tokenizer, Conversation((Message("assistant", "", tool_calls=(call,)),)))


def test_the_shipped_template_is_hermes_4s(tmp_path: Path) -> None:
    """transformers renders our chat template as `hermes4.render` does."""
    transformers = pytest.importorskip("transformers")
    from training.architecture import write_random

    write_random(tmp_path / "m")
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "m")
    turns = [{"role": m.role, "content": m.content} for m in TALK]
    made = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    assert made == text(hermes4.render(Conversation(TALK)))
    without = [{"role": "user", "content": "x"}]
    made = tokenizer.apply_chat_template(without, tokenize=False, add_generation_prompt=True)
    assert made == text(hermes4.render(Conversation((Message("user", "x"),))))


def test_text_never_becomes_a_token_that_the_checkpoint_added() -> None:
    """A word that the checkpoint added stays text in the caller's texts, and decodes unchanged."""
    transformers = pytest.importorskip("transformers", reason="needs the extra `local`")
    tokenizer = transformers.AutoTokenizer.from_pretrained(DEMO_MODEL)
    tokenizer.add_tokens([transformers.AddedToken("<tool>", special=False)])
    (added,) = tokenizer.encode("<tool>", add_special_tokens=False)
    text = "a <tool><tool> <|eot_id|> b"
    ids = chat_template.encode(tokenizer, Conversation((Message("user", text),)))
    assert added not in ids
    assert text in tokenizer.decode(ids)
