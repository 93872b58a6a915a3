"""Warnings about a valid answer: unreadable characters of the request, and values of low probability."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from structgen.engines.model_card import ModelCard
from structgen.parsing.incremental.scalar_positions import scalar_positions
from structgen.types import Chunk, Diagnostic

DEMO, UNREADABLE, UNSURE = "demo-model", "unread-characters", "low-probability"
"""Codes of the warnings."""
_SHOWN = 20
"""Characters, or values, that the warnings of one answer name."""


@dataclass
class Confidence:
    """The log-probabilities of an answer's tokens, each with its span in the text."""

    _spans: list[tuple[int, int, float]] = field(default_factory=list)
    _length: int = 0

    @property
    def known(self) -> bool:
        """Whether the engine returned any."""
        return bool(self._spans)

    def follow(self, chunk: Chunk) -> None:
        """Add the tokens of a chunk, which lie within its text."""
        start, end = self._length, self._length + len(chunk.text)
        at = start
        for token in chunk.logprobs:
            until = min(end, at + len(token.token))
            self._spans.append((at, until, token.logprob))
            at = until
        self._length = end

    def of_values(self, text: str) -> Iterator[tuple[str, float]]:
        """Yield the pointer and the probability of each scalar: the product over its tokens."""
        index, spans = 0, self._spans
        for leaf in scalar_positions(text):
            while index < len(spans) and spans[index][1] <= leaf.start:
                index += 1
            total, at = 0.0, index
            while at < len(spans) and spans[at][0] < leaf.end:
                total += spans[at][2]
                at += 1
            yield leaf.pointer, math.exp(total)


def warnings(card: ModelCard, unreadable: str, text: str, confidence: Confidence) -> list[Diagnostic]:
    """Return the warnings for an answer `text` to a prompt with `unreadable` characters."""
    diagnostics = []
    if card.demo:
        diagnostics.append(Diagnostic("", DEMO, card.warning))
    if unreadable:
        diagnostics.append(Diagnostic("", UNREADABLE, _describe_unreadable(card, unreadable)))
    if card.least_probability is not None and confidence.known:
        diagnostics += _unsure(card.least_probability, confidence, text)
    return diagnostics


def _describe_unreadable(card: ModelCard, characters: str) -> str:
    shown = ", ".join(f"{_visible(character)} (U+{ord(character):04X})" for character in characters[:_SHOWN])
    more = f" and {len(characters) - _SHOWN} more" if len(characters) > _SHOWN else ""
    return f"{card.name or 'the model'} cannot read these characters of the request: {shown}{more}"


def _visible(character: str) -> str:
    return f"'{character}'" if character.isprintable() and not character.isspace() else "a character"


def _described(probability: float) -> str:
    return "below 0.01" if probability < 0.01 else f"of {probability:.2f}"


def _unsure(least: float, confidence: Confidence, text: str) -> list[Diagnostic]:
    doubtful = [(at, probability) for at, probability in confidence.of_values(text) if probability < least]
    diagnostics = [
        Diagnostic(at, UNSURE, f"the model gave this value a probability {_described(probability)}: check it")
        for at, probability in doubtful[:_SHOWN]
    ]
    if len(doubtful) > _SHOWN:
        more = f"{len(doubtful) - _SHOWN} more values have a probability below {least}"
        diagnostics.append(Diagnostic("", UNSURE, more))
    return diagnostics
