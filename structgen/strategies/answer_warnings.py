"""Warnings about a valid answer: unreadable characters of the request, and values of low probability."""

from __future__ import annotations

from structgen.engines.model_card import ModelCard
from structgen.evidence.answer_tokens import AnswerTokens
from structgen.types import Diagnostic

DEMO, UNREADABLE, UNSURE = "demo-model", "unread-characters", "low-probability"
"""Codes of the warnings."""
_SHOWN = 20
"""Characters, or values, that the warnings of one answer name."""


def warnings(
    card: ModelCard, unreadable: str, text: str, tokens: AnswerTokens | None = None
) -> list[Diagnostic]:
    """Return the warnings for an answer `text` to a prompt with `unreadable` characters.

    `tokens` are those of a JSON text.
    """
    diagnostics = []
    if card.demo:
        diagnostics.append(Diagnostic("", DEMO, card.warning))
    if unreadable:
        diagnostics.append(Diagnostic("", UNREADABLE, _describe_unreadable(card, unreadable)))
    if card.least_probability is not None and tokens is not None and tokens.known:
        diagnostics += _unsure(card.least_probability, tokens, text)
    return diagnostics


def _describe_unreadable(card: ModelCard, characters: str) -> str:
    shown = ", ".join(f"{_visible(character)} (U+{ord(character):04X})" for character in characters[:_SHOWN])
    more = f" and {len(characters) - _SHOWN} more" if len(characters) > _SHOWN else ""
    return f"{card.name or 'the model'} cannot read these characters of the request: {shown}{more}"


def _visible(character: str) -> str:
    return f"'{character}'" if character.isprintable() and not character.isspace() else "a character"


def _described(probability: float) -> str:
    return "below 0.01" if probability < 0.01 else f"of {probability:.2f}"


def _unsure(least: float, tokens: AnswerTokens, text: str) -> list[Diagnostic]:
    doubtful = [(at, probability) for at, probability in tokens.of_values(text) if probability < least]
    diagnostics = [
        Diagnostic(at, UNSURE, f"the model gave this value a probability {_described(probability)}: check it")
        for at, probability in doubtful[:_SHOWN]
    ]
    if len(doubtful) > _SHOWN:
        more = f"{len(doubtful) - _SHOWN} more values have a probability below {least}"
        diagnostics.append(Diagnostic("", UNSURE, more))
    return diagnostics
