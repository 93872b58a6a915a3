"""From a task to a conversation, and from a conversation to text: what every prompt format offers.

A format is a module with the names of `Format`. Markup and the caller's text are kept apart as
`Segment`s until they are tokens, so that no text can make a special token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from structgen import json_text
from structgen.correction_prompt import correction_text
from structgen.types import Example as Example
from structgen.types import Message, Sampling, Violation


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a rendered prompt; special tokens are recognised in `markup` pieces alone."""

    text: str
    markup: bool


class Format(Protocol):
    """The names that every prompt format module exports."""

    NAME: str
    STOPS: tuple[str, ...]
    SAMPLING: Sampling
    THINKING: str
    """What stands before the system text where the model is to think first."""

    def system(self, schema: str, /) -> str:
        """The system turn that asks for JSON under `schema` (compact JSON text)."""

    def render(self, messages: Sequence[Message], /) -> tuple[Segment, ...]:
        """The conversation and the header of the answer to come."""


def conversation(
    system: str,
    *,
    prompt: str | None = None,
    document: str | None = None,
    examples: Sequence[Example] = (),
    messages: Sequence[Message] = (),
) -> tuple[Message, ...]:
    """The turns of one task, what requests share first, so that a prefix cache can serve it.

    System (schema, then the caller's own system text), examples, the caller's messages, and last the
    prompt with its document in one user turn.
    """
    own = [m.content for m in messages if m.role == "system"]
    turns = [Message("system", "\n\n".join([system, *own]))]
    for example in examples:
        turns.append(Message("user", _ask(prompt, example.document)))
        turns.append(Message("assistant", json_text.dumps(example.data)))
    turns += [m for m in messages if m.role != "system"]
    if prompt is not None or document is not None:
        turns.append(Message("user", _ask(prompt, document)))
    return tuple(turns)


def retry(first: Sequence[Message], last: str, violations: Sequence[Violation]) -> tuple[Message, ...]:
    """The conversation of a further attempt: the first one, the last output and what is wrong with it.

    Never the history of all attempts: the prompt does not grow from one retry to the next.
    """
    turn = correction_text(last, violations)
    *before, asked = first
    if asked.role != "user":
        return (*first, Message("user", turn))
    return (*before, Message("user", f"{asked.content}\n\n{turn}"))


def _ask(prompt: str | None, document: str | None) -> str:
    return "\n\n".join(part for part in (prompt, document) if part is not None)
