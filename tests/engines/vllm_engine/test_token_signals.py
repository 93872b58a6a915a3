"""Log-probabilities of vLLM's tokens, with what it tells of the others."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pytest

from structgen.engines.vllm.detokenizer import Detokenizer
from structgen.types import TokenLogprob


class Listed(NamedTuple):
    """A token in the list of vLLM."""

    logprob: float


class Letters:
    """A tokenizer whose tokens are letters."""

    def decode_str(self, tokens: list[int]) -> str:
        return "".join(map(chr, tokens))


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ({97: Listed(-0.5)}, TokenLogprob("a", -0.5)),
        ({97: Listed(-0.5), 98: Listed(-2.0)}, TokenLogprob("a", -0.5, runner_up=math.exp(-2.0))),
        ({98: Listed(-0.1), 99: Listed(-3.0), 97: Listed(-4.0)}, TokenLogprob("a", -4.0, runner_up=math.exp(-0.1))),
        ({97: Listed(0.0), 98: Listed(-math.inf)}, TokenLogprob("a", 0.0, choices=1, runner_up=0.0)),
    ],
    ids=["not asked for", "the likeliest", "an unlikely one", "forced"],
)  # fmt: skip
def test_the_runner_up_is_the_likeliest_other_token(candidates: Any, expected: TokenLogprob) -> None:
    """A token beside which no other was legal had no choice."""
    detokenizer = Detokenizer(Letters(), [0], None, thinking=False)
    assert detokenizer.logprobs([candidates], [97]) == (expected,)
