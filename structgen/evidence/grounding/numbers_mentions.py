"""The digits of a text, grouped by their spelling, and by the digits of the numbers that they may say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, islice
from typing import NamedTuple

from structgen import json_text
from structgen.evidence.grounding.numbers_exact import digits_key
from structgen.evidence.grounding.numbers_separators import Convention, Power, convention_of, powers

_TOKEN = re.compile(r"(\d++(?:[.,'](?=\d)\d++)*+)")
_SEPARATOR = re.compile("[.,']")
_DOUBT_OF_PIECE = 0.4


class Spelled(NamedTuple):
    """Digits with their separators, where they begin, and the powers of ten where they are known already."""

    text: str
    starts: Sequence[int]
    powers: tuple[Power, ...] | None = None


class Mentions:
    """The numbers in digits of a text. What a spelling may say is found once for all of its places."""

    def __init__(self, folded: str) -> None:
        parts = _TOKEN.split(folded)
        offsets = accumulate(map(len, parts), initial=0)
        starts: defaultdict[str, list[int]] = defaultdict(list)
        for spelling, offset in zip(parts[1::2], islice(offsets, 1, None, 2), strict=False):
            starts[spelling].append(offset)
        self.convention: Convention = convention_of(
            (spelling, len(places)) for spelling, places in starts.items() if not spelling.isdigit()
        )
        self._by_digits: defaultdict[str, list[Spelled]] = defaultdict(list)
        for spelling, places in starts.items():
            if spelling.isdigit():
                self._by_digits[spelling.strip("0")].append(Spelled(spelling, places))
            else:
                self._add_separated(spelling, places)

    @cached_property
    def keys(self) -> list[str]:
        """The digits of all numbers in order."""
        return sorted(self._by_digits)

    def of(self, digits: str) -> Sequence[Spelled]:
        """Return the spellings of numbers with these digits, zeros at their ends aside."""
        return self._by_digits.get(digits, ())

    def _add_separated(self, spelling: str, starts: Sequence[int]) -> None:
        """Add digits with separators as one number, or its pieces where they may be a list or a date."""
        whole, *fractions = _SEPARATOR.split(spelling)
        separator = spelling[len(whole)]
        if len(fractions) == 1 and separator != "'":
            self._by_digits[(whole + fractions[0]).strip("0")].append(Spelled(spelling, starts))
            if separator == "," and not (self.convention == "comma" or len(fractions[0]) == 3):
                self._add_pieces(spelling, starts)
            return
        found = powers(spelling, self.convention) if len(spelling) <= json_text.MAX_DIGITS else ()
        if found:
            self._by_digits[digits_key(spelling)].append(Spelled(spelling, starts, found))
        else:
            self._add_pieces(spelling, starts)

    def _add_pieces(self, spelling: str, starts: Sequence[int]) -> None:
        pieces = _SEPARATOR.split(spelling)
        offsets: defaultdict[str, list[int]] = defaultdict(list)
        for piece, offset in zip(pieces, accumulate(map(_with_separator, pieces), initial=0), strict=False):
            offsets[piece].append(offset)
        for piece, own in offsets.items():
            digits = piece.strip("0")
            power = len(piece) - len(piece.rstrip("0")) if digits else 0
            places = sorted(start + offset for offset in own for start in starts)
            self._by_digits[digits].append(Spelled(piece, places, (Power(power, _DOUBT_OF_PIECE),)))


def _with_separator(piece: str) -> int:
    return len(piece) + 1
