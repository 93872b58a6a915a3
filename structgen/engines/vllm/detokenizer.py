"""From token ids to chunks: text put together here, thoughts told apart from the answer."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from typing import Any

from structgen.types import TokenLogprob


class Reader:
    """Follows one generation. `thinking` says that it begins inside a thought."""

    def __init__(self, tokenizer: Any, stops: Iterable[int], think_end: int | None, thinking: bool) -> None:
        self._tokenizer, self._stops, self._think_end = tokenizer, frozenset(stops), think_end
        self.thinking = thinking
        self._decoders = [codecs.getincrementaldecoder("utf-8")("replace") for _ in range(2)]
        self.tokens = 0
        self.answer: list[int] = []
        """Token ids of the answer, without the end of the turn."""

    def read(self, tokens: Sequence[int], *, last: bool) -> tuple[str, str]:
        """What the tokens add to the thought and to the answer."""
        parts: tuple[list[int], list[int]] = ([], [])
        for token in tokens:
            if token in self._stops:
                continue
            self.tokens += 1
            if self.thinking and token == self._think_end:
                self.thinking = False
            else:
                parts[not self.thinking].append(token)
        self.answer += parts[1]
        thought, text = (
            decoder.decode(self._tokenizer.decode_bytes(part) if part else b"", final=last)
            for decoder, part in zip(self._decoders, parts, strict=True)
        )
        return thought, text

    def logprobs(self, positions: Sequence[Any] | None, tokens: Sequence[int]) -> tuple[TokenLogprob, ...]:
        """Of the sampled tokens; what a mask made impossible is not among them."""
        if positions is None:
            return ()
        return tuple(
            TokenLogprob(self._tokenizer.decode_str([token]), min(0.0, found[token].logprob))
            for token, found in zip(tokens, positions, strict=False)
            if token not in self._stops and token in found
        )
