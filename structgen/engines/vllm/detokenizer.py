"""Detokenize the output of one generation, and separate the thought from the answer."""

from __future__ import annotations

import codecs
import math
from collections.abc import Iterable, Sequence
from typing import Any

from structgen.types import TokenLogprob


class Detokenizer:
    """Incremental detokenizer of one generation; with `thinking` it begins inside a thought."""

    def __init__(self, tokenizer: Any, stops: Iterable[int], think_end: int | None, thinking: bool) -> None:
        self._tokenizer, self._stops, self._think_end = tokenizer, frozenset(stops), think_end
        self.thinking = thinking
        self._decoders = [codecs.getincrementaldecoder("utf-8")("replace") for _ in range(2)]
        self.tokens = 0
        self.answer: list[int] = []
        """Token ids of the answer, without the end of the turn."""

    def decode(self, tokens: Sequence[int], *, last: bool) -> tuple[str, str]:
        """Return the text that the tokens add to the thought, and the text that they add to the answer."""
        thought_ids, answer_ids = list[int](), list[int]()
        for token in tokens:
            if token in self._stops:
                continue
            self.tokens += 1
            if self.thinking and token == self._think_end:
                self.thinking = False
            else:
                (thought_ids if self.thinking else answer_ids).append(token)
        self.answer += answer_ids
        thought, text = (
            decoder.decode(self._tokenizer.decode_bytes(ids) if ids else b"", final=last)
            for decoder, ids in zip(self._decoders, (thought_ids, answer_ids), strict=True)
        )
        return thought, text

    def logprobs(self, positions: Sequence[Any] | None, tokens: Sequence[int]) -> tuple[TokenLogprob, ...]:
        """Return the log-probabilities of the sampled tokens, without those that a mask made impossible."""
        if positions is None:
            return ()
        return tuple(
            self._logprob(token, candidates)
            for token, candidates in zip(tokens, positions, strict=False)
            if token not in self._stops and token in candidates
        )

    def _logprob(self, token: int, candidates: Any) -> TokenLogprob:
        """Return the log-probability of a token, with the likeliest other one where vLLM lists others."""
        text, logprob = self._tokenizer.decode_str([token]), min(0.0, candidates[token].logprob)
        others = [other.logprob for each, other in candidates.items() if each != token]
        if not others:
            return TokenLogprob(text, logprob)
        runner_up = math.exp(min(0.0, max(others)))
        return TokenLogprob(text, logprob, choices=None if runner_up > 0 else 1, runner_up=runner_up)
