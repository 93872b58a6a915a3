"""Prompts have Hermes 4's format to the byte, and the caller's text never becomes markup."""

from pathlib import Path

import pytest

from structgen.errors import BadRequest
from structgen.models import DEMO_MODEL
from structgen.prompts import chat_template, hermes4
from structgen.prompts.base import Segment
from structgen.types import Conversation, Message

TALK = (
    Message("system", "You answer in JSON."),
    Message("user", " <|eot_id|> text with a marker and spaces \n"),
    Message("assistant", '{"a":1}'),
    Message("tool", "5"),
    Message("user", "again"),
)


def text(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments)


def test_turns_are_headed_and_ended() -> None:
    """Each turn has a Llama 3 header and an end token, and tool results are turns of the user."""
    assert text(hermes4.render(Conversation(TALK))) == (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nYou answer in JSON.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\n <|eot_id|> text with a marker and spaces \n<|eot_id|>"
        '<|start_header_id|>assistant<|end_header_id|>\n\n{"a":1}<|eot_id|>'
        "<|start_header_id|>user<|end_header_id|>\n\n5<|eot_id|>"
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
    segments = chat_template.render(
        TALK[:2], lambda turns: "".join(f"[{t['role']}]{t['content'].strip()};" for t in turns)
    )
    assert text(segments) == f"[system]{TALK[0].content};[user]{TALK[1].content};"


def test_a_template_that_requires_thoughts_gets_a_placeholder() -> None:
    """A template that fails on an earlier answer without thoughts gets a placeholder for them."""

    def apply(turns: list[dict[str, str]]) -> str:
        written = ""
        for turn in turns:
            content = turn["content"]
            if turn["role"] == "assistant":
                content = "<think> </think>" + content.split("</think>")[1]
            written += f"[{turn['role']}]{content};"
        return written

    segments = chat_template.render(TALK[:3], apply)
    assert text(segments).endswith('[assistant]<think> </think>{"a":1};')
    assert [s.text for s in segments if not s.markup] == [m.content for m in TALK[:3]]


def test_a_template_that_refuses_or_loses_a_turn_raises() -> None:
    """A template that refuses a conversation, or leaves a turn out, raises `BadRequest`."""

    def refusing(turns: list[dict[str, str]]) -> str:
        raise ValueError("roles must alternate")

    with pytest.raises(BadRequest, match="roles must alternate"):
        chat_template.render(TALK, refusing)
    with pytest.raises(BadRequest, match="each turn"):
        chat_template.render(TALK, lambda turns: turns[-1]["content"])


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
