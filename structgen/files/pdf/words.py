"""Words of a page from its characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from structgen.files.pdf.geometry import shown
from structgen.types.evidence import Box

MAX_GAP = 0.3
"""Space inside a word, in heights of its characters."""
MAX_SHIFT = 0.4
"""Vertical distance of neighbours in a word, in heights: superscripts stay in it."""
SHADOW = 0.15
"""Distance of a word from its shadow, in heights of its characters."""
TINY = 1e-6
SOFT_HYPHEN = "\u00ad"
_PRESENTATION_FORMS = (("\ufb00", "\ufdff"), ("\ufe70", "\ufefc"))
"""Ligatures, and shapes of Hebrew and Arabic letters."""


@dataclass(frozen=True, slots=True)
class Character:
    """A character of a page; `box` is left, bottom, right and top in the page's coordinates."""

    text: str
    box: Box
    turn: int = 0
    """Quarters by which the text is turned clockwise on the page before it is shown."""


@dataclass(slots=True)
class PageWord:
    """A word, its rectangle on the page, and that as if its text were upright."""

    text: str
    box: Box
    upright: Box

    @property
    def height(self) -> float:
        """Height in points."""
        return self.upright[3] - self.upright[1]

    @property
    def middle(self) -> float:
        """Vertical position of its middle."""
        return (self.upright[1] + self.upright[3]) / 2


def words(characters: Iterable[Character | None], page: Box, rotation: int) -> dict[int, list[PageWord]]:
    """Return the words of a page by the direction of their text, in quarters; None stands for a space.

    `rotation` is by how many quarters the page is turned clockwise when it is shown.
    """
    directions: dict[int, list[PageWord]] = {}
    seen = set()
    for letters in _runs(characters, page):
        first = letters[0]
        box = _around([letter.box for letter in letters])
        text = "".join(_plain(letter.text) for letter in letters)
        word = PageWord(text, shown(box, rotation, page), shown(box, -first.turn, page))
        step = max(SHADOW * word.height, TINY)
        place = text, round(box[0] / step), round(box[1] / step)
        if not text or place in seen:  # a shadow, or bold by printing twice
            continue
        seen.add(place)
        directions.setdefault(first.turn, []).append(word)
    return directions


def _runs(characters: Iterable[Character | None], page: Box) -> Iterator[list[Character]]:
    """Yield the characters of each word: they follow one another on one line, without a space between."""
    run: list[Character] = []
    before: Box = (0.0, 0.0, 0.0, 0.0)
    for character in characters:
        if character is None:
            if run:
                yield run
            run = []
            continue
        box = shown(character.box, -character.turn, page)
        if run and (character.turn != run[-1].turn or not _adjacent(before, box)):
            yield run
            run = []
        run.append(character)
        before = box
    if run:
        yield run


def _adjacent(first: Box, second: Box) -> bool:
    height = max(first[3] - first[1], second[3] - second[1], 0.1)
    gap = max(second[0] - first[2], first[0] - second[2])
    shift = abs(first[1] + first[3] - second[1] - second[3]) / 2
    return gap <= MAX_GAP * height and shift <= MAX_SHIFT * height


def _around(boxes: list[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _plain(text: str) -> str:
    """Write ligatures and shapes of letters as letters, and leave out soft hyphens inside a line."""
    if text.isascii():
        return text
    if text == SOFT_HYPHEN:
        return ""
    if any(first <= text <= last for first, last in _PRESENTATION_FORMS):
        return unicodedata.normalize("NFKC", text)
    return text
