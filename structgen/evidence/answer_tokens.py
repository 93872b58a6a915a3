"""The tokens of an answer, each with its span in the text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from structgen.parsing.incremental.scalar_positions import ScalarPosition, scalar_positions
from structgen.types import Chunk, TokenLogprob


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A token and the half-open range of the characters that it wrote, or helped to write."""

    start: int
    end: int
    token: TokenLogprob


@dataclass
class AnswerTokens:
    """The log-probabilities of an answer's tokens, gathered chunk by chunk."""

    _spans: list[TokenSpan] = field(default_factory=list)
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
            self._spans.append(TokenSpan(at, until, token))
            at = until
        self._length = end

    def spans(self, text: str) -> Sequence[TokenSpan]:
        """Return the spans in the answer's `text`: exact ones where the engine gave the sizes of all tokens.

        Otherwise the lengths of the tokens' own texts count, which differ where a character has several
        tokens; the chunks bound that error.
        """
        data = text.encode("utf-8", "surrogatepass")
        if sum(span.token.size or 0 for span in self._spans) != len(data):
            return self._spans
        if len(data) == len(text):
            characters: Sequence[int] = range(len(data))
        else:
            characters = [i for i, c in enumerate(text) for _ in c.encode("utf-8", "surrogatepass")]
        exact, at = [], 0
        for span in self._spans:
            until = at + (span.token.size or 0)
            if until > at:
                exact.append(TokenSpan(characters[at], characters[until - 1] + 1, span.token))
            at = until
        return exact

    def of_scalars(self, text: str) -> Iterator[tuple[ScalarPosition, list[TokenSpan]]]:
        """Yield each scalar of a JSON text with the tokens that wrote any of its characters."""
        index, spans = 0, self.spans(text)
        for scalar in scalar_positions(text):
            while index < len(spans) and spans[index].end <= scalar.start:
                index += 1
            at, overlapping = index, []
            while at < len(spans) and spans[at].start < scalar.end:
                overlapping.append(spans[at])
                at += 1
            yield scalar, overlapping

    def of_values(self, text: str) -> Iterator[tuple[str, float]]:
        """Yield the pointer and the probability of each scalar: the product over its tokens."""
        for scalar, spans in self.of_scalars(text):
            yield scalar.pointer, math.exp(sum(span.token.logprob for span in spans))
