"""Find a value that the schema lists by its wording: its words, its description, its forms, its symbols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import regex

from structgen.evidence.grounding.choice_words import synonyms
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.places import Place
from structgen.evidence.grounding.text_finder import TextFinder
from structgen.evidence.grounding.text_forms import forms

MAX_LABEL_WORDS = 8
"""Words of a description that is searched as a whole; a longer one explains the choice."""
_CAMEL = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_INFLECTED, _SYMBOL = 0.15, 0.1
"""Doubts of another form of the words, and of a symbol or abbreviation."""


class ChoiceFinder:
    """Finds the choices of `enum` and `const`, and codes of currencies and units without them."""

    def __init__(self, texts: TextFinder) -> None:
        self._texts = texts

    def knows(self, leaf: Leaf) -> bool:
        """Say whether the schema lists the value, or the value is a code of a currency or unit."""
        return leaf.value in leaf.choices or (isinstance(leaf.value, str) and is_code(leaf.value))

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return the places that word a choice, without those where a longer choice stands."""
        if not isinstance(leaf.value, str):
            labels = [place for label in _labels(leaf) for place in self._texts.said(label, limit)]
            return [Place(place.start, place.end, "value") for place in _distinct(labels)[:limit]]
        listed = leaf.value in leaf.choices
        others = _containing(leaf.value, leaf.choices) if listed else []
        for doubt, texts in _wordings(leaf, listed):
            places = [place for text in texts for place in self._texts.said(text, limit)]
            if places := self._apart(_distinct(places), others, limit):
                return [_worded(place, leaf.value, self._texts.index.text, doubt) for place in places]
        return self._apart(self._inflected(leaf.value), others, limit) if listed else []

    def _inflected(self, value: str) -> list[Place]:
        words = forms(_CAMEL.sub(" ", value))
        windows = self._texts.near.fuzzy.inflected(words)
        starts, ends = self._texts.index.starts, self._texts.index.ends
        return [Place(starts[first], ends[last - 1], "value", _INFLECTED) for first, last in windows]

    def _apart(self, places: list[Place], others: Iterable[str], limit: int) -> list[Place]:
        """Leave out the places inside of those of longer choices."""
        if not places:
            return []
        taken = [place for other in others for place in self._texts.said(other, 2 * limit)]
        covered = {offset for place in taken for offset in range(place.start, place.end)}
        return [place for place in places if place.start not in covered]


def _wordings(leaf: Leaf, listed: bool) -> Iterator[tuple[float, list[str]]]:
    """Yield groups of texts that word a choice with their doubts, the surest first."""
    value = str(leaf.value)
    yield 0.0, [value]
    if listed:
        yield 0.0, [_CAMEL.sub(" ", value)]
        yield 0.0, [text for text in _labels(leaf) if len(forms(text)) <= MAX_LABEL_WORDS]
    if listed or is_code(value):
        yield _SYMBOL, list(synonyms(value))


def is_code(value: str) -> bool:
    """Say whether a value without choices is the code of a currency or unit, in capitals."""
    return value.isupper() and bool(synonyms(value))


def _labels(leaf: Leaf) -> Iterator[str]:
    """Yield the title and description of the branch whose constant the value is."""
    for schema in leaf.schemas:
        if "const" in schema and schema["const"] == leaf.value:
            yield from (schema[key] for key in ("title", "description") if isinstance(schema.get(key), str))


def _containing(value: str, choices: Iterable[object]) -> list[str]:
    """Return the other choices whose words contain those of the value."""
    words = f" {' '.join(forms(_CAMEL.sub(' ', value)))} "
    longer = []
    for choice in choices:
        if isinstance(choice, str) and choice != value:
            text = f" {' '.join(forms(_CAMEL.sub(' ', choice)))} "
            if words in text and len(text) > len(words):
                longer.append(_CAMEL.sub(" ", choice))
    return longer


def _distinct(places: list[Place]) -> list[Place]:
    """Return the places in document order without those inside of others."""
    apart: list[Place] = []
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if not apart or place.start >= apart[-1].end:
            apart.append(place)
    return apart


def _worded(place: Place, value: str, text: str, doubt: float) -> Place:
    same = text[place.start : place.end] == value
    kind = (
        place.kind
        if same or (doubt == 0.0 and forms(text[place.start : place.end]) == forms(value))
        else "value"
    )
    return Place(place.start, place.end, kind, max(place.distance, doubt))
