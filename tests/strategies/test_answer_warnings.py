"""Warnings about a valid answer give the probability of its uncertain values."""

from __future__ import annotations

import math

import pytest

from structgen.engines.model_card import ModelCard
from structgen.evidence.answer_tokens import AnswerTokens
from structgen.strategies.answer_warnings import warnings
from structgen.types import Chunk, TokenLogprob


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0.3, "of 0.30:"), (0.01, "of 0.01:"), (0.004, "below 0.01:"), (1e-9, "below 0.01:")],
)
def test_a_small_probability_is_not_shown_as_none(chance: float, words: str) -> None:
    """A warning shows a small probability as below 0.01, never as 0."""
    tokens = AnswerTokens()
    tokens.follow(Chunk("7", logprobs=(TokenLogprob("7", math.log(chance)),)))
    (warning,) = warnings(ModelCard(least_probability=0.4), "", "7", tokens)
    assert (warning.code, words in warning.message) == ("low-probability", True)
