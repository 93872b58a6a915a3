"""What the answer most likely says next: the key whose label the document has, and the text beside it.

Guesses alone: the model confirms them, or writes something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from structgen.schema.traversal import children

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_BETWEEN = re.compile(r"[\s:=\-.>|*\"~#]{1,12}")
_END = re.compile(r"[\n\t;|\"]|\s{2}|,?\s[\w-]+[=:]|[.,]\s|[.,]?$")
_NUMBER = re.compile(r"-?\d[\d.]*")
_AHEAD = 12
"""Keys that are looked at for the next one."""
_NAMES = 500
"""Properties of a schema that are known by name."""
_READ = 60_000
"""Characters of a document that are looked at: more would hold up everybody's next pass."""
_LONGEST = 80
"""Characters of the document that are put forward at once."""
_BEGUN = 80
"""Bytes of a value begun, its last ones, that are looked for in the document."""


class Place:
    """Where an answer stands, followed byte by byte: no look at it takes longer the longer it is."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        """How often each was written."""
        self.key: str | None = None
        """The last one."""
        self.quoted = self._escaped = False
        self._before = self._opened = ""
        """The last byte outside of strings, and the one before the string that is open or was last."""
        self._begun = self._closed = ""
        """The string or literal that is open, and the string that ended last."""

    def copy(self) -> Place:
        made = Place()
        made.__dict__.update(self.__dict__)
        made.keys = self.keys.copy()
        return made

    def take(self, piece: bytes) -> None:
        """Go on by a piece of the answer."""
        for char in piece.decode("latin-1"):
            if self.quoted:
                if char == '"' and not self._escaped:
                    self.quoted, self._closed, self._begun, self._before = False, self._begun, "", char
                else:
                    self._escaped = char == "\\" and not self._escaped
                    self._begun = (self._begun + char)[-_BEGUN:]
                continue
            if char == '"':
                self.quoted, self._opened, self._begun = True, self._before, ""
            elif char == ":":
                self.key = _text(self._closed)
                self.keys[self.key] += 1
            elif char in "{}[],":
                self._begun = ""
            else:
                self._begun = (self._begun + char)[-_BEGUN:]
            self._before = char

    @property
    def at_value(self) -> bool:
        """Whether the value of `key` comes next, or is a string that has just been opened."""
        return not self._begun and (self._opened if self.quoted else self._before) == ":"

    @property
    def at_key(self) -> bool:
        """Whether the next key has just been opened."""
        return self.quoted and not self._begun and self._opened in ("{", ",")

    @property
    def begun(self) -> str:
        """What is there of the string or literal that is open: its end, where it is long."""
        return _text(self._begun)


def _text(latin: str) -> str:
    return latin.encode("latin-1").decode("utf-8", "ignore")


class Hints:
    """Of one request: `names` are the schema's keys in order, `document` what the answer is drawn from."""

    def __init__(self, names: Sequence[str], document: str) -> None:
        self._names, self._document = list(names), document[:_READ]
        self._lower = self._document.lower()
        self._found: dict[str, list[int]] = {}

    def next(self, place: Place) -> tuple[list[str], bool]:
        """Texts that may come at that place, the likeliest first, and whether they are of a value."""
        if place.at_value and place.key is not None:
            return self._values(place.key, place.keys[place.key]), True
        if place.at_key:
            key = self._key(place.key)
            return [] if key is None else [f'{key}":"'], False
        if len(begun := place.begun) > 1:
            return self._rest(begun), True
        return [], False

    def ends(self, place: Place) -> bool:
        """Whether no label of a further key is in the document."""
        return self._key(place.key) is None

    def _key(self, last: str | None) -> str | None:
        """The next key that the document names."""
        start = self._names.index(last) + 1 if last in self._names else 0
        return next((name for name in self._names[start : start + _AHEAD] if self._labels(name)), None)

    def _labels(self, key: str) -> list[int]:
        """Ends of the key's labels in the document."""
        if key not in self._found:
            self._found[key] = [match.end() for match in _label(key).finditer(self._lower)]
        return self._found[key]

    def _rest(self, begun: str) -> list[str]:
        """How the document goes on where it has the value begun, the last time that it does."""
        place = self._document.rfind(begun)
        return [text] if place >= 0 and (text := self._until_end(place + len(begun))) else []

    def _values(self, key: str, nth: int) -> list[str]:
        """What stands beside the label where it stands for the `nth` time: as it is, and its number."""
        places = self._labels(key)
        if not places:
            return []
        place = places[min(nth, len(places)) - 1]
        between = _BETWEEN.match(self._document, place)
        if between is None:
            return []
        text = self._until_end(between.end())
        number = _NUMBER.search(text)
        return [t for t in (text, number[0] if number else "", text.lower()) if t]

    def _until_end(self, begin: int) -> str:
        """The document from there to where a value seems to end."""
        end = _END.search(self._document, begin + 1, begin + _LONGEST)
        return self._document[begin : end.start() if end else begin + _LONGEST]


def names_of(schema: Any) -> list[str]:
    """Names of the properties in the order in which an answer has them, inner ones after their own."""
    return list(islice(_names(schema), _NAMES))


def _names(schema: Any) -> Iterator[str]:
    for path, part in children(schema):
        if path[0] == "properties":
            yield path[1]
        yield from _names(part)


@lru_cache(4096)
def _label(key: str) -> re.Pattern[str]:
    """`unitPrice` as people write it: its words, whatever is between them."""
    words = [re.escape(word.lower()) for word in _WORD.findall(key)] or [re.escape(key.lower())]
    spread = r"[\s_-]*".join(words)
    return re.compile(rf"(?<![^\W_]){spread}(?![^\W_])")
