"""The cells of a line below a rule with a group of marks for each column: they may stand one blank apart."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.longdoc.layout.cells import width


def ruled_cells(text: str, columns: Sequence[int]) -> list[str] | None:
    """Return the texts between the columns of a terminal at which the groups of a rule begin.

    A text may be longer than the marks above it. None where one goes over the beginning of a column: it may
    belong to either side.
    """
    places = columns if text.isascii() else [_index(text, column) for column in columns]
    if text[: places[0]].strip():
        return None
    if any(place <= len(text) and text[place - 1 : place].strip() for place in places[1:]):
        return None
    return [text[a:b].strip() for a, b in zip(places, [*places[1:], len(text)], strict=True)]


def _index(text: str, column: int) -> int:
    """Return the index of the character that stands at a column of a terminal."""
    taken = 0
    for index, character in enumerate(text):
        if taken >= column:
            return index
        taken += width(character)
    return len(text) + max(0, column - taken)
