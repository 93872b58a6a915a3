"""N-gram index over the tokens of a prompt and its answer: where the last tokens occurred before."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_NGRAM = 4
_MAX_INDEXED = 16_000
"""Tokens of one extension that are indexed, its last ones: each takes half a kilobyte."""


class NgramIndex:
    """Latest position after each n-gram of the tokens so far. A lone `punctuation` token matches nothing."""

    def __init__(self, punctuation: frozenset[int]) -> None:
        self._tokens: list[int] = []
        self._skipped = 0
        self._positions: dict[tuple[int, ...], int] = {}
        self._punctuation = punctuation

    def __len__(self) -> int:
        """Return the number of tokens so far, those that were not indexed included."""
        return self._skipped + len(self._tokens)

    def extend(self, tokens: Sequence[int]) -> None:
        """Append accepted tokens."""
        self._skipped += len(tokens[:-_MAX_INDEXED])
        for token in tokens[-_MAX_INDEXED:]:
            end = len(self._tokens)
            for size in range(1, min(end, _LONGEST_NGRAM) + 1):
                self._positions[tuple(self._tokens[end - size : end])] = end
            self._tokens.append(token)

    def find(self, draft: Sequence[int]) -> int | None:
        """Return the position after an earlier occurrence of the last tokens, of the longest match.

        `draft` continues the accepted tokens.
        """
        tail = [*self._tokens[-_LONGEST_NGRAM:], *draft][-_LONGEST_NGRAM:]
        for size in range(len(tail), 0, -1):
            if size == 1 and tail[-1] in self._punctuation:
                return None
            position = self._positions.get(tuple(tail[-size:]))
            if position is not None:
                return position
        return None

    def offset(self, position: int) -> int:
        """Return the number of tokens before a position, if only the first extension was cut."""
        return self._skipped + position

    def token_at(self, position: int) -> int | None:
        """Return the token at a position, None at the end."""
        return self._tokens[position] if position < len(self._tokens) else None
