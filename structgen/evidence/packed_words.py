"""The words of a long source, packed into bytes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from structgen.evidence.source import Word
from structgen.types.evidence import Box

_NUMBERS = 6
"""Numbers of a word: start, end, and the edges of its box."""
_UNITS = 100
"""Edges are kept in hundredths of a point."""


@dataclass(frozen=True)
class PackedWords(Sequence[Word]):
    """Words as a sequence that takes 24 bytes a word, and that is pickled as one piece.

    Edges are rounded to a hundredth of a point.
    """

    data: bytes

    @classmethod
    def of(cls, words: Iterable[tuple[int, int, Box]]) -> PackedWords:
        """Pack words: the start, the end and the box of each."""
        numbers = array("i")
        for start, end, box in words:
            numbers.extend((start, end, *(round(edge * _UNITS) for edge in box)))
        return cls(numbers.tobytes())

    def __len__(self) -> int:
        return len(self.data) // (_NUMBERS * array("i").itemsize)

    @overload
    def __getitem__(self, index: int) -> Word: ...

    @overload
    def __getitem__(self, index: slice) -> list[Word]: ...

    def __getitem__(self, index: int | slice) -> Word | list[Word]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        first = index % len(self) * _NUMBERS
        start, end, *edges = self._numbers[first : first + _NUMBERS]
        left, top, right, bottom = (edge / _UNITS for edge in edges)
        return Word(start, end, (left, top, right, bottom))

    def __iter__(self) -> Iterator[Word]:
        return (self[index] for index in range(len(self)))

    @property
    def _numbers(self) -> memoryview[int]:
        return memoryview(self.data).cast("i")
