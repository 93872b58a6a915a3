"""Drafts: tokens that are likely next, for the model to confirm several in one pass.

What the grammar forces comes first. Where it leaves a choice, extraction copies its source: what
followed the last few tokens where they stood before. A copy ends where the grammar refuses the next
token of the source, and there the value most likely ends too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_LONGEST_MATCH = 4
_PUNCTUATION = frozenset(b'"{}[],:')


@dataclass(frozen=True, slots=True)
class Draft:
    """Tokens to confirm, and how many of the first ones the grammar forces in each prefix."""

    tokens: list[int] = field(default_factory=list)
    forced: list[bool] = field(default_factory=list)


class Lookup:
    """Places of the last tokens in all that was read and written so far; the latest place counts."""

    def __init__(self, plain: frozenset[int]) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}
        self._plain = plain

    def __len__(self) -> int:
        return len(self._tokens)

    def extend(self, tokens: Sequence[int]) -> None:
        """Go on by tokens that are certain."""
        for token in tokens:
            at = len(self._tokens)
            for size in range(1, min(at, _LONGEST_MATCH) + 1):
                self._places[tuple(self._tokens[at - size : at])] = at
            self._tokens.append(token)

    def find(self, draft: Sequence[int]) -> int | None:
        """The place after an earlier stand of the last tokens, the longest match first.

        `draft` goes on from what is certain. A single token that is mere punctuation matches nothing.
        """
        tail = [*self._tokens[-_LONGEST_MATCH:], *draft][-_LONGEST_MATCH:]
        for size in range(len(tail), 0, -1):
            if size == 1 and tail[-1] in self._plain:
                return None
            place = self._places.get(tuple(tail[-size:]))
            if place is not None:
                return place
        return None

    def at(self, place: int) -> int | None:
        return self._tokens[place] if place < len(self._tokens) else None


class Drafter:
    """Makes drafts for requests of one vocabulary (`tokenizer` is an `LLTokenizer`)."""

    def __init__(self, tokenizer: Any, most: int) -> None:
        self.most, self._tokenizer = most, tokenizer
        pieces = [tokenizer.decode_bytes([token]) for token in range(tokenizer.vocab_size)]
        marks = [t for t, piece in enumerate(pieces) if piece and _PUNCTUATION.issuperset(piece)]
        self._plain = frozenset(t for t, piece in enumerate(pieces) if not piece.strip(b' \n\t"{}[],:'))
        marks.sort(key=lambda token: (pieces[token][:1] != b'"', -len(pieces[token])))
        self._ends = [token for token in marks if pieces[token][:1] in (b'"', b",", b"}", b"]")]

    def lookup(self) -> Lookup:
        """An empty one."""
        return Lookup(self._plain)

    def draft(self, matcher: Any, lookup: Lookup, most: int) -> Draft:
        """Tokens from the matcher's state on, `most` at most; the matcher given stays as it is."""
        ahead, made, place = matcher.deep_copy(), Draft(), None
        most = min(most, self.most)
        while len(made.tokens) < most and not ahead.is_stopped():
            forced = ahead.compute_ff_tokens()
            if forced:
                ahead.consume_tokens(forced)
                made.tokens.extend(forced)
                made.forced.extend([True] * len(forced))
                place = None
                continue
            if likely := self._likely(ahead):
                ahead.consume_tokens(likely)
                made.tokens.extend(likely)
                made.forced.extend([False] * len(likely))
                place = None
                continue
            copied = place is not None
            place = lookup.find(made.tokens) if place is None else place
            token = self._next(ahead, lookup, place, copied)
            if token is None:
                break
            ahead.consume_token(token)
            made.tokens.append(token)
            made.forced.append(False)
            place = place + 1 if place is not None and lookup.at(place) == token else None
        return Draft(made.tokens[:most], made.forced[:most])

    def _likely(self, matcher: Any) -> list[int]:
        """Tokens of bytes that are forced, where longer ones might be written in their place."""
        data = matcher.compute_ff_bytes()
        tokens: list[int] = self._tokenizer.tokenize_bytes(data) if data else []
        return tokens[: matcher.validate_tokens(tokens)]

    def _next(self, matcher: Any, lookup: Lookup, place: int | None, copied: bool) -> int | None:
        """The token to copy, or after a copy that cannot go on the one that ends the value."""
        if place is None:
            return None
        token = lookup.at(place)
        if token is not None and matcher.validate_tokens([token]) == 1:
            return token
        if not copied:
            return None
        return next((end for end in self._ends if matcher.validate_tokens([end]) == 1), None)
