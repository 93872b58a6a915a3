"""Write a conversation as turns of text with Hermes' tags: no tools, thoughts or roles beside the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from structgen.prompts import tool_markup
from structgen.prompts.base import Segment
from structgen.types import Conversation, Message


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a prompt."""

    role: Literal["system", "user", "assistant"]
    segments: tuple[Segment, ...]


def tagged_turns(conversation: Conversation, default_system: str, thinking: str) -> Iterator[Turn]:
    """Yield the turns of a conversation, a system turn first where there is any text for it.

    The system turn has the prompt `thinking` where the model is asked to think, the caller's text (without
    both, `default_system`), and the tools. Results that follow each other are one turn of the user.
    """
    first, *others = conversation.messages or (Message("user", ""),)
    if first.role != "system":
        others = [*conversation.messages]
    text = first.content if first.role == "system" else None
    if system := system_segments(conversation, text, default_system, thinking):
        yield Turn("system", system)
    for is_result, group in groupby(others, lambda message: message.role == "tool"):
        if is_result:
            yield Turn("user", _results([message.content for message in group]))
        else:
            yield from (_turn(message, conversation) for message in group)


def system_segments(
    conversation: Conversation, text: str | None, default_system: str, thinking: str
) -> tuple[Segment, ...]:
    """Return the system turn; `text` is the caller's, which may begin with the prompt `thinking` already."""
    segments = opening_segments(conversation, text, default_system, thinking)
    if not conversation.tools:
        return segments
    gap = (Segment(tool_markup.BEFORE_TOOLS, True),) if segments else ()
    return (*segments, *gap, *tool_markup.tools_section(conversation.tools))


def opening_segments(
    conversation: Conversation, text: str | None, default_system: str, thinking: str
) -> tuple[Segment, ...]:
    """Return the system turn without the tools."""
    if not conversation.thinking:
        if text is None:
            return (Segment(default_system, True),) if default_system else ()
        return (Segment(text, False),)
    own = (text or "").removeprefix(thinking).removeprefix("\n\n")
    return (Segment(f"{thinking}\n\n", True), Segment(own, False)) if own else (Segment(thinking, True),)


def answer_segments(message: Message, conversation: Conversation) -> tuple[Segment, ...]:
    """Return the text of an assistant's turn without its calls: its thoughts, or what stands for them."""
    segments: tuple[Segment, ...] = ()
    if conversation.keep_thoughts and message.reasoning:
        segments = (*tool_markup.thought_block(message.reasoning), Segment(tool_markup.AFTER_THOUGHT, True))
    elif conversation.thinking and not conversation.keep_thoughts:
        segments = (Segment(tool_markup.NO_THOUGHTS, True),)
    if message.content or not (segments or message.tool_calls):
        segments = (*segments, Segment(message.content, False))
    return segments


def call_segments(message: Message, after_text: bool) -> tuple[Segment, ...]:
    """Return the calls of an assistant's turn, each on lines of its own."""
    segments: list[Segment] = []
    for call in message.tool_calls:
        if segments or after_text:
            segments.append(Segment(tool_markup.BEFORE_CALL, True))
        segments += tool_markup.call_block(call)
    return tuple(segments)


def _turn(message: Message, conversation: Conversation) -> Turn:
    if message.role == "assistant":
        text = answer_segments(message, conversation)
        return Turn("assistant", (*text, *call_segments(message, bool(message.content))))
    return Turn("system" if message.role == "system" else "user", (Segment(message.content, False),))


def _results(results: list[str]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for result in results:
        if segments:
            segments.append(Segment(tool_markup.BETWEEN_RESULTS, True))
        segments += tool_markup.result_block(result)
    return tuple(segments)
