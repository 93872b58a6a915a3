"""Find the numbers of a source by their exact value, whatever notation they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from operator import itemgetter

from structgen import json_text
from structgen.evidence.grounding.leaves import Leaf, Scalar
from structgen.evidence.grounding.numbers_context import PER_CENT
from structgen.evidence.grounding.numbers_exact import Exact, exact_value
from structgen.evidence.grounding.numbers_index import NumberIndex, surest
from structgen.evidence.grounding.numbers_near import divided, rounded
from structgen.evidence.grounding.numbers_units import PER_CENT_POWER
from structgen.evidence.grounding.numbers_words import spelled_number
from structgen.evidence.grounding.places import Place
from structgen.parsing.coercion.number_text import Number, fold, read_number

_ALTERNATIVE_DOUBT = 0.3
_SURE = 0.3
_NO_SIGN_DOUBT = 0.2
_SPARE = 64
"""Places beyond the limit that are compared: some have the range of another one."""
_MAX_WORDS = 60
"""Characters of the longest string that is read as a number in words."""


class NumberFinder:
    """The numbers of a text: finds those of numeric leaves, and of strings that spell a number.

    A place is the shortest range that says the value: with the sign, the brackets, the scale or the power of
    ten that the value needs, without its currency unless that stands between sign and digits. The per cent
    sign belongs to 0.12 at `12%`, not to 12; a string with the sign keeps it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = fold(text)
        self._index = NumberIndex(self._folded)
        self._known: dict[tuple[type, Scalar, int], list[Place]] = {}

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return the places that say a number, or the number that a string spells."""
        key = (type(leaf.value), leaf.value, limit)
        if key not in self._known:
            self._known[key] = self._best(leaf.value, limit)
        return list(self._known[key])

    def _best(self, value: Scalar, limit: int) -> list[Place]:
        """Return the least doubtful places of a leaf's value in document order."""
        found: dict[tuple[int, int], Place] = {}
        is_per_cent = isinstance(value, str) and PER_CENT.search(value) is not None
        for number, doubt in _values(value):
            for place in islice(self._places(number, limit), limit + _SPARE):
                place = self._in_per_cent(place) if is_per_cent else place
                place = _with_doubt(place, doubt) if doubt else place
                key = place[:2]
                if key not in found or place.distance < found[key].distance:
                    found[key] = place
        if not found:
            return []
        spelling = value if isinstance(value, str) else json_text.dumps(value)
        best = sorted(found.values(), key=surest)[:limit]
        text = self._text
        named = [
            Place(place[0], place[1], "exact", place[3])
            if place[3] < _SURE and text[place[0] : place[1]] == spelling
            else place
            for place in best
        ]
        return sorted(named, key=itemgetter(0))

    def _in_per_cent(self, place: Place) -> Place:
        """Return the place of a string that says per cent: with its sign, or more doubtful without one.

        The title of a column or row stands for the sign.
        """
        if PER_CENT.search(self._folded, place.start, place.end):
            return place
        sign = PER_CENT.match(self._folded, place.end)
        if sign is None:
            is_titled = self._index.titles.power(place.start) == PER_CENT_POWER
            return place if is_titled else _with_doubt(place, _NO_SIGN_DOUBT)
        return Place(place.start, sign.end(), place.kind, place.distance)

    def _places(self, value: Exact, limit: int) -> Iterator[Place]:
        by_power = self._index.by_power(value.digits)
        equal = by_power.get((value.power, value.is_negative), [])
        yield from equal[: limit + _SPARE]
        fractions = list(islice(divided(self._index, value), limit + _SPARE))
        yield from fractions
        if not equal and not fractions:
            yield from rounded(self._index, value)


def _values(value: Scalar) -> Iterator[tuple[Exact, float]]:
    """Yield the numbers of a leaf, each with its doubt."""
    if isinstance(value, bool) or value is None:
        return
    numbers: list[tuple[Number, float]] = []
    if isinstance(value, int | float):
        numbers = [(value, 0.0)]
    elif isinstance(value, str) and "/" not in value:
        reading = read_number(value, integer=False)
        spelled = spelled_number(value) if reading is None and len(value) <= _MAX_WORDS else None
        if reading is not None:
            numbers = [(reading.value, 0.0), *((other, _ALTERNATIVE_DOUBT) for other in reading.alternatives)]
        elif spelled is not None:
            numbers = [(spelled, 0.0)]
    for number, doubt in numbers:
        if (exact := exact_value(number)) is not None:
            yield exact, doubt


def _with_doubt(place: Place, doubt: float) -> Place:
    return Place(place.start, place.end, place.kind, max(place.distance, doubt)) if doubt else place
