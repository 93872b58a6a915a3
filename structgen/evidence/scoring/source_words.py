"""The words of a source, and how many of a text's own words it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|\d+(?:[.,]\d+)*|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+"
)
"""A word, a number, or one character of a script without spaces between words."""


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return WORD.findall(text.casefold())


class SourceWords:
    """Which words, and which words in a row, a source has."""

    def __init__(self, text: str) -> None:
        self._words = words(text)

    @cached_property
    def single(self) -> frozenset[str]:
        """The words of the source."""
        return frozenset(self._words)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(self._words))

    def share(self, of: Sequence[str]) -> float:
        """Return the share of words that the source has; 0 for none."""
        return _share(word in self.single for word in of)

    def pair_share(self, of: Sequence[str]) -> float:
        """Return the share of words beside each other that stand so in the source; of one word, `share`."""
        if len(of) < 2:
            return self.share(of)
        return _share(pair in self._pairs for pair in pairwise(of))


def _share(present: Iterable[bool]) -> float:
    answers = list(present)
    return sum(answers) / len(answers) if answers else 0.0
