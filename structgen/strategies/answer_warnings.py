"""Warnings about an answer that is valid: the model was beyond what it can read, or unsure of a value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from structgen.engines.model_card import ModelCard
from structgen.parsing.incremental.scalar_positions import leaves
from structgen.types import Chunk, Diagnostic

DEMO, UNREAD, UNSURE = "demo-model", "unread-characters", "low-probability"
"""Codes of the warnings."""
_SHOWN = 20
"""Characters, or values, that one answer warns of by name."""


@dataclass
class Confidence:
    """The log-probabilities of an answer's tokens, each with its place in the text."""

    _places: list[tuple[int, int, float]] = field(default_factory=list)
    _length: int = 0

    @property
    def known(self) -> bool:
        """Whether the engine told any."""
        return bool(self._places)

    def follow(self, chunk: Chunk) -> None:
        """Add the tokens of a chunk, which lie within its text."""
        start, end = self._length, self._length + len(chunk.text)
        at = start
        for token in chunk.logprobs:
            until = min(end, at + len(token.token))
            self._places.append((at, until, token.logprob))
            at = until
        self._length = end

    def of_values(self, text: str) -> Iterator[tuple[str, float]]:
        """Yield the pointer and the probability of each scalar: the product over its tokens."""
        index, places = 0, self._places
        for leaf in leaves(text):
            while index < len(places) and places[index][1] <= leaf.start:
                index += 1
            total, at = 0.0, index
            while at < len(places) and places[at][0] < leaf.end:
                total += places[at][2]
                at += 1
            yield leaf.pointer, math.exp(total)


def warnings(card: ModelCard, unread: str, text: str, confidence: Confidence) -> list[Diagnostic]:
    """The warnings for an answer `text` to a prompt with `unread` characters."""
    found = []
    if card.demo:
        found.append(Diagnostic("", DEMO, card.warning))
    if unread:
        found.append(Diagnostic("", UNREAD, _unread(card, unread)))
    if card.least_probability is not None and confidence.known:
        found += _unsure(card.least_probability, confidence, text)
    return found


def _unread(card: ModelCard, unread: str) -> str:
    shown = ", ".join(f"{_visible(character)} (U+{ord(character):04X})" for character in unread[:_SHOWN])
    more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
    return f"{card.name or 'the model'} cannot read these characters of the request: {shown}{more}"


def _visible(character: str) -> str:
    return f"'{character}'" if character.isprintable() and not character.isspace() else "a character"


def _odds(chance: float) -> str:
    return "below 0.01" if chance < 0.01 else f"of {chance:.2f}"


def _unsure(least: float, confidence: Confidence, text: str) -> list[Diagnostic]:
    doubtful = [(at, chance) for at, chance in confidence.of_values(text) if chance < least]
    made = [
        Diagnostic(at, UNSURE, f"the model gave this value a probability {_odds(chance)}: check it")
        for at, chance in doubtful[:_SHOWN]
    ]
    if len(doubtful) > _SHOWN:
        more = f"{len(doubtful) - _SHOWN} more values have a probability below {least}"
        made.append(Diagnostic("", UNSURE, more))
    return made
