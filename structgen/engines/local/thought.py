"""A thought before the answer: free text under a token budget, from `<think>` to `</think>`."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import torch
from llguidance import LLTokenizer

_OPENING, _CLOSING = "<think>", "</think>"
_CLOSING_BYTES = _CLOSING.encode()
_TAIL = 16
"""Tokens of a prompt among which a tag that a chat template has opened is looked for."""


class ThinkingTags:
    """The tags as tokens of one vocabulary: one special token each where it has them, else ordinary ones.

    `forbidden` is true for each token that may not stand in a thought: ends of turns, and special tokens but
    for the closing tag.
    """

    def __init__(self, tokenizer: LLTokenizer, stops: Collection[int]) -> None:
        self.tokenizer = tokenizer
        self.opening: list[int] = tokenizer.tokenize_str(_OPENING, parse_special=True)
        self.closing: list[int] = tokenizer.tokenize_str(_CLOSING, parse_special=True)
        tokens = range(tokenizer.vocab_size)
        self.forbidden = torch.tensor(
            [t in stops or (tokenizer.is_special_token(t) and t not in self.closing) for t in tokens]
        )

    def plan(self, budget: int | None, answer: int, prompt: Sequence[int], room: int) -> ThinkingPlan | None:
        """Return the plan of a thought of at most `budget` tokens before an answer of at most `answer`.

        Of the `room` in the context, half at least stays for an answer that needs it. None where no thought
        is asked for, or where there is no room for one.
        """
        if budget is None:
            return None
        tail = self.tokenizer.decode_bytes(list(prompt[-_TAIL:])).rstrip()
        opening = [] if tail.endswith(_OPENING.encode()) else self.opening
        left = room - len(opening) - len(self.closing)
        budget = min(budget, max(left - answer, left // 2))
        return ThinkingPlan(self, opening, budget) if budget > 0 else None


@dataclass(frozen=True, slots=True)
class ThinkingPlan:
    """The tokens that open a thought, and the most tokens between its tags."""

    tags: ThinkingTags
    opening: list[int]
    budget: int


class Thought:
    """A growing thought. It ends with its closing tag, written as a special token or as text."""

    def __init__(self, plan: ThinkingPlan) -> None:
        self._plan = plan
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._written = 0
        self._held, self._ready = b"", b""
        """`_held` may begin the closing tag; `_ready` is the text that was not delivered yet."""
        self.ended = False

    @property
    def exhausted(self) -> bool:
        """Whether the budget is spent."""
        return self._written >= self._plan.budget

    def allowed(self, logits: torch.Tensor) -> torch.Tensor:
        """Return the logits, -inf for tokens that no thought has."""
        return logits.masked_fill(self._plan.tags.forbidden, -torch.inf)

    def fits(self, piece: bytes) -> bool:
        """Return whether at most white space follows the tag: no answer begins inside of a token."""
        _, tag, rest = (self._held + piece).partition(_CLOSING_BYTES)
        return not tag or not rest.strip()

    def take(self, piece: bytes) -> None:
        """Append a token's bytes."""
        self._written += 1
        before, tag, _ = (self._held + piece).partition(_CLOSING_BYTES)
        held = 0 if tag else _tag_prefix(before)
        self.ended = bool(tag)
        self._ready += before[: len(before) - held]
        self._held = before[len(before) - held :]

    def deliver(self) -> str:
        """Return the text since the last delivery."""
        ready, self._ready = self._ready, b""
        return self._decoder.decode(ready, final=self.ended)


def _tag_prefix(text: bytes) -> int:
    """Return the length of the longest beginning of the closing tag that the text ends with."""
    lengths = range(min(len(text), len(_CLOSING_BYTES) - 1), 0, -1)
    return next((length for length in lengths if text.endswith(_CLOSING_BYTES[:length])), 0)
