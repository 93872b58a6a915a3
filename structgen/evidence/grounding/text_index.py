"""An index of a text from the normal forms of its tokens to their positions, built once in linear time."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from operator import add

import regex

from structgen.evidence.grounding.text_forms import form, tokens
from structgen.evidence.grounding.text_grams import Grams

FEW = 256
"""Positions of a token up to which each one is tried; beyond, sequences are looked up."""
MIN_JOINED = 4
"""Characters from which on a value is looked up in the text without separators."""
FIRST_SPACELESS = "\u0e00"
"""The first character of the scripts that write without spaces."""
_BROKEN_WORD = regex.compile(r"\p{L}[-\u00ad\u2010]\s*\n\s*\p{L}")
_SYMBOLS = 0x10FFFF


class TextIndex:
    """The tokens of a text, each with its half-open range and its normal form."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts, words = tokens(text)
        self.ends = list(map(add, self.starts, map(len, words)))
        known = {word: form(word) for word in dict.fromkeys(words)}
        self.forms = list(map(known.__getitem__, words))
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for position, token in enumerate(self.forms):
            postings[token].append(position)
        self.postings = dict(postings)

    def count(self, token: str) -> int:
        """Return how often the text has a token."""
        return len(self.postings.get(token, ()))

    def find(self, sought: Sequence[str], limit: int) -> list[int]:
        """Return the positions of the first tokens of up to `limit` equal token sequences."""
        return [position for position, _ in zip(self._find(list(sought)), range(limit), strict=False)]

    def _find(self, sought: list[str]) -> Iterator[int]:
        if not sought or any(token not in self.postings for token in sought):
            return
        offset = min(range(len(sought)), key=lambda i: len(self.postings[sought[i]]))
        rare = self.postings[sought[offset]]
        if len(sought) == 1:
            yield from rare
        elif len(rare) <= FEW:
            forms, begin = self.forms, sought[0]
            for position in rare:
                first = position - offset
                if first >= 0 and forms[first] == begin and forms[first : first + len(sought)] == sought:
                    yield first
        else:
            for position in self._sequences.find("".join(self._symbol[token] for token in sought)):
                if self.forms[position : position + len(sought)] == sought:
                    yield position

    def find_joined(self, sought: str, limit: int) -> list[tuple[int, int]]:
        """Return the half-open token ranges whose forms, without separators, are the sought characters."""
        if len(sought) < MIN_JOINED:
            return []
        found: list[tuple[int, int]] = []
        for at in self._characters.find(sought):
            first = self.beginnings[at]
            end = self._offsets[first] + len(sought)
            last = bisect_left(self._offsets, end)
            if self._offsets[last] == end:
                found.append((first, last))
                if len(found) == limit:
                    break
        return found

    @cached_property
    def has_broken_words(self) -> bool:
        """Whether a word may go on behind a hyphen at a line's end."""
        return _BROKEN_WORD.search(self.text) is not None

    @cached_property
    def _symbol(self) -> dict[str, str]:
        """One character for each distinct form; forms beyond the last character share characters."""
        return {token: chr(1 + i % _SYMBOLS) for i, token in enumerate(self.postings)}

    @cached_property
    def _sequences(self) -> Grams:
        """The tokens as characters, by the tokens that follow one another."""
        symbol = self._symbol
        return Grams("".join([symbol[token] for token in self.forms]), range(len(self.forms)))

    @cached_property
    def _offsets(self) -> list[int]:
        """The offset of each token in the text without separators, and the length of that text."""
        return list(accumulate(map(len, self.forms), initial=0))

    @cached_property
    def beginnings(self) -> list[int]:
        """The tokens that a value may begin with in the text without separators.

        A character that is a token by itself is left out: its text has no separators to leave out.
        """
        return [i for i, form in enumerate(self.forms) if len(form) > 1 or form < FIRST_SPACELESS]

    @cached_property
    def _characters(self) -> Grams:
        """The text without separators, by its characters."""
        offsets = self._offsets
        return Grams("".join(self.forms), [offsets[position] for position in self.beginnings])
