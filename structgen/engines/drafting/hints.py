"""What the answer most likely says next: the key whose label the document has, and the text beside it.

Guesses alone: the model confirms them, or writes something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from structgen.schema.walk import children

_KEY = re.compile(r'"((?:[^"\\]|\\.)*)":')
_VALUE_NEXT = re.compile(r'"((?:[^"\\]|\\.)*)":"?$')
_KEY_NEXT = re.compile(r'[{,]"$')
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_IN_A_VALUE = re.compile(r'(?:"|:)(\w(?:[^"\\]|\\.)+)$')
_BETWEEN = re.compile(r"[\s:=\-.>|*\"~#]{1,12}")
_END = re.compile(r"[\n\t;|\"]|\s{2}|,?\s[\w-]+[=:]|[.,]\s|[.,]?$")
_NUMBER = re.compile(r"-?\d[\d.]*")
_AHEAD = 12
"""Keys that are looked at for the next one."""
_NAMES = 500
"""Properties of a schema that are known by name."""


class Hints:
    """Of one request: `names` are the schema's keys in order, `document` what the answer is drawn from."""

    def __init__(self, names: Sequence[str], document: str) -> None:
        self._names, self._document = list(names), document
        self._lower = document.lower()

    def next(self, answer: str) -> tuple[list[str], bool]:
        """Texts that may follow the answer so far, the likeliest first, and whether they are of a value."""
        if found := _VALUE_NEXT.search(answer):
            return self._values(found[1], _KEY.findall(answer).count(found[1])), True
        if _KEY_NEXT.search(answer):
            key = self._key(_KEY.findall(answer))
            return [] if key is None else [f'{key}":"'], False
        if found := _IN_A_VALUE.search(answer):
            return self._rest(found[1]), True
        return [], False

    def ends(self, answer: str) -> bool:
        """Whether no label of a further key is in the document."""
        return self._key(_KEY.findall(answer)) is None

    def _key(self, written: list[str]) -> str | None:
        """The next key that the document names."""
        start = self._names.index(written[-1]) + 1 if written and written[-1] in self._names else 0
        return next((n for n in self._names[start : start + _AHEAD] if _label(n).search(self._lower)), None)

    def _rest(self, begun: str) -> list[str]:
        """How the document goes on where it has the value begun, the last time that it does."""
        place = self._document.rfind(begun)
        return [text] if place >= 0 and (text := self._until_end(place + len(begun))) else []

    def _values(self, key: str, nth: int) -> list[str]:
        """What stands beside the label where it stands for the `nth` time: as it is, and its number."""
        places = [m.end() for m in _label(key).finditer(self._lower)]
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
        end = _END.search(self._document, begin + 1)
        return self._document[begin : end.start() if end else begin + 80][:80]


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
