"""The finders of one source, asked by the type of a leaf."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from structgen.evidence.grounding.booleans import BooleanFinder
from structgen.evidence.grounding.choices import ChoiceFinder
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.places import Place
from structgen.evidence.grounding.text_finder import TextFinder
from structgen.evidence.grounding.text_index import TextIndex


class Finders:
    """Finds the places of leaves of every type; all finders share one index of the text."""

    def __init__(self, text: str) -> None:
        index = TextIndex(text)
        self.texts = TextFinder(index)
        self.choices = ChoiceFinder(self.texts)
        self.booleans = BooleanFinder(self.texts)

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return up to `limit` places of a leaf in document order; none for null."""
        value = leaf.value
        if value is None:
            return []
        if isinstance(value, bool):
            return self.booleans.places(leaf, limit)
        if isinstance(value, str):
            return (
                self.texts.said(value, limit)
                or self.choices.places(leaf, limit)
                or self.texts.nearly(value, limit)
            )
        return self._numbers(leaf, limit)

    def _numbers(self, leaf: Leaf, limit: int) -> list[Place]:
        for text in _notations(leaf.value):
            if places := self.texts.said(text, limit):
                return [Place(place.start, place.end, "value") for place in places]
        return []


def _notations(value: object) -> Iterator[str]:
    """Yield the usual notations of a number."""
    number = abs(Decimal(str(value)))
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return
    for text in dict.fromkeys((f"{number.normalize():,f}", f"{number:,f}", f"{number:,.2f}")):
        if Decimal(text.replace(",", "")) == number:
            yield text
            yield text.replace(",", "")
            yield text.replace(",", " ").replace(".", ",")
            yield text.replace(",", ";").replace(".", ",").replace(";", ".")
