"""The contract of a prompt format: from a task to a conversation, and from a conversation to text.

A format is a module with the names of `PromptFormat`. Markup and the caller's text stay separate
`Segment`s until they are tokens, so that no text can make a special token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from structgen import json_text
from structgen.correction_prompt import correction_text
from structgen.types import Conversation, Example, Message, Violation


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a rendered prompt; special tokens are recognised in `markup` pieces alone.

    An `inline` text is part of JSON that a chat template writes: it is encoded together with the markup
    beside it, up to the next line or token, so that the JSON has the tokens of a whole.
    """

    text: str
    markup: bool
    inline: bool = False


class PromptFormat(Protocol):
    """The names that every prompt format module exports."""

    MODELS: re.Pattern[str]
    """Matches the names of the models that the format serves."""
    DEFAULT_SYSTEM: str
    """The system text of a conversation without one; it may be empty."""
    THINKING: str
    """Precedes the system text where the model thinks first."""

    def system(self, schema: str, /) -> str:
        """Return the system turn that asks for JSON under `schema` (compact JSON text)."""

    def render(self, conversation: Conversation, /) -> tuple[Segment, ...]:
        """Render the conversation and the header of the answer that follows."""


def conversation(
    system: str,
    *,
    prompt: str | None = None,
    document: str | None = None,
    examples: Sequence[Example] = (),
    messages: Sequence[Message] = (),
    plain: bool = False,
    document_first: bool = False,
) -> tuple[Message, ...]:
    """Return the turns of one task, shared prefix first, so that a prefix cache can serve it.

    System (schema, then the caller's own system text), examples, the caller's messages, and last the
    prompt with its document in one user turn, in this order unless `document_first`. The data of examples
    are `plain` texts, or JSON.
    """

    def user_turn(document: str | None) -> str:
        texts = [text for text in (prompt, document) if text is not None]
        return "\n\n".join(reversed(texts) if document_first else texts)

    system_texts = [m.content for m in messages if m.role == "system"]
    turns = [Message("system", "\n\n".join([system, *system_texts]))]
    for example in examples:
        turns.append(Message("user", user_turn(example.document)))
        turns.append(Message("assistant", example.data if plain else json_text.dumps(example.data)))
    turns += [m for m in messages if m.role != "system"]
    if prompt is not None or document is not None:
        turns.append(Message("user", user_turn(document)))
    return tuple(turns)


def retry(
    first: Conversation, last: str, violations: Sequence[Violation], *, plain: bool = False
) -> Conversation:
    """Return the conversation of a retry: the first one, the last output and its violations.

    It never has the history of all attempts: the prompt does not grow from one retry to the next. The output
    is `plain` text, or JSON.
    """
    turn = correction_text(last, violations, plain=plain)
    *before, last_turn = first.messages
    if last_turn.role != "user":
        return replace(first, messages=(*first.messages, Message("user", turn)))
    return replace(first, messages=(*before, Message("user", f"{last_turn.content}\n\n{turn}")))
