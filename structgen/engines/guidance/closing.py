"""The shortest valid way to the end of an answer, for budgets that would cut it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from llguidance import LLMatcher, LLTokenizer

from structgen.engines.guidance.text import Text

_LONGEST = 4_000
"""Tokens after which a way to the end is given up."""
# Bytes from what ends most to what opens most, between values and inside a string.
_BETWEEN = b'}],0123456789ntf":ulsrae-.+E[{'
_INSIDE = b'"0a:/.@-_#123456789bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ +,[]{}'


class Ways:
    """Finds ways to the end by taking, at every step, the token that promises to end soonest."""

    def __init__(self, tokenizer: LLTokenizer) -> None:
        self.tokenizer = tokenizer

    @cached_property
    def _ranks(self) -> tuple[np.ndarray, np.ndarray]:
        """A rank for each token, the lowest first, between values and inside a string.

        Tokens of several bytes only where all of them close.
        """
        between, inside = (np.full(self.tokenizer.vocab_size, 1_000.0) for _ in range(2))
        for token in range(self.tokenizer.vocab_size):
            piece = self.tokenizer.decode_bytes([token])
            if len(piece) == 1:
                for ranks, order in ((between, _BETWEEN), (inside, _INSIDE)):
                    place = order.find(piece)
                    ranks[token] = place if place >= 0 else 200 + piece[0] / 10
            elif piece and not piece.removeprefix(b'"').strip(b"}]"):
                (inside if piece[:1] == b'"' else between)[token] = -len(piece)
        for ranks in (between, inside):
            ranks[list(self.tokenizer.eos_tokens)] = -1_000
        return between, inside

    def shortest(self, matcher: LLMatcher, text: Text, most: int) -> list[int] | None:
        """Tokens from the matcher's state to the end, None where there are more than `most` of them.

        `text` is what has been written so far.
        """
        copy, text, way = matcher.deep_copy(), text.copy(), []
        between, inside = self._ranks
        used = np.zeros_like(inside)  # of a pattern like [^:]+:[^:]+ no one letter is the way to the end
        while not copy.is_stopped():
            forced = copy.compute_ff_tokens()
            if forced:
                copy.consume_tokens(forced)
                way += forced
                text.take(self.tokenizer.decode_bytes(forced))
            else:
                mask = np.frombuffer(copy.compute_bitmask(), dtype=np.uint8)
                allowed = np.flatnonzero(np.unpackbits(mask, bitorder="little")[: len(between)])
                if not len(allowed) or copy.is_error():
                    return None
                ranks = inside + used if text.quoted else between
                token = int(allowed[ranks[allowed].argmin()])
                if token in self.tokenizer.eos_tokens:
                    break
                copy.consume_token(token)
                way.append(token)
                if text.quoted:
                    used[token] += 1_000.0
                else:
                    used[:] = 0.0
                text.take(self.tokenizer.decode_bytes([token]))
            if len(way) > min(most, _LONGEST):
                return None
        return [token for token in way if token not in self.tokenizer.eos_tokens]
