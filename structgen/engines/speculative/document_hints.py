"""Draft texts from the document: the next key whose label it has, and the text beside that label.

Hints are guesses: the model accepts them, or writes something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from structgen.engines.speculative.json_position import JsonPosition
from structgen.schema.traversal import children

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_SEPARATOR = re.compile(r"[\s:=\-.>|*\"~#]{1,12}")
_VALUE_END = re.compile(r"[\n\t;|\"]|\s{2}|,?\s[\w-]+[=:]|[.,]\s|[.,]?$")
_NUMBER = re.compile(r"-?\d[\d.]*")
_KEYS_AHEAD = 12
"""Keys after the last one among which the next one is looked for."""
_MAX_NAMES = 500
"""Properties of a schema that are looked for."""
_MAX_DOCUMENT = 60_000
"""Characters of a document that are searched: more would delay the next pass of all sequences."""
_MAX_VALUE = 80
"""Characters of one hint."""


class DocumentHints:
    """Hints for one request: `names` are the schema's properties in order, `document` is its source text."""

    def __init__(self, names: Sequence[str], document: str) -> None:
        self._names, self._document = list(names), document[:_MAX_DOCUMENT]
        self._lower = self._document.lower()
        self._label_ends: dict[str, list[int]] = {}

    def suggest(self, position: JsonPosition) -> tuple[list[str], bool]:
        """Return texts that may come next, the likeliest first, and whether they belong to a value."""
        if position.at_value and position.key is not None:
            return self._values(position.key, position.keys[position.key]), True
        if position.at_key:
            key = self._next_key(position.key)
            return [] if key is None else [f'{key}":"'], False
        if len(prefix := position.prefix) > 1:
            return self._continuations(prefix), True
        return [], False

    def has_no_further_key(self, position: JsonPosition) -> bool:
        """Return whether the document has no label of a later key."""
        return self._next_key(position.key) is None

    def _next_key(self, last: str | None) -> str | None:
        """Return the next key that has a label in the document."""
        start = self._names.index(last) + 1 if last in self._names else 0
        return next((name for name in self._names[start : start + _KEYS_AHEAD] if self._labels(name)), None)

    def _labels(self, key: str) -> list[int]:
        """Return the offsets at which the key's labels end in the document."""
        if key not in self._label_ends:
            self._label_ends[key] = [match.end() for match in _label(key).finditer(self._lower)]
        return self._label_ends[key]

    def _continuations(self, prefix: str) -> list[str]:
        """Return the text after the last occurrence of an unfinished value in the document."""
        start = self._document.rfind(prefix)
        return [text] if start >= 0 and (text := self._until_end(start + len(prefix))) else []

    def _values(self, key: str, nth: int) -> list[str]:
        """Return the text beside the `nth` label of the key: as it is, its number, and in lower case."""
        labels = self._labels(key)
        if not labels:
            return []
        separator = _SEPARATOR.match(self._document, labels[min(nth, len(labels)) - 1])
        if separator is None:
            return []
        text = self._until_end(separator.end())
        number = _NUMBER.search(text)
        return [t for t in (text, number[0] if number else "", text.lower()) if t]

    def _until_end(self, start: int) -> str:
        """Return the document from there to the apparent end of a value."""
        end = _VALUE_END.search(self._document, start + 1, start + _MAX_VALUE)
        return self._document[start : end.start() if end else start + _MAX_VALUE]


def property_names(schema: Any) -> list[str]:
    """List the properties in the order of an answer, those of an inner object after the one that holds it."""
    return list(islice(_names(schema), _MAX_NAMES))


def _names(schema: Any) -> Iterator[str]:
    for path, subschema in children(schema):
        if path[0] == "properties":
            yield path[1]
        yield from _names(subschema)


@lru_cache(4096)
def _label(key: str) -> re.Pattern[str]:
    """Compile a pattern of the key's label: `unitPrice` matches `unit price` and `unit_price` too."""
    words = [re.escape(word.lower()) for word in _WORD.findall(key)] or [re.escape(key.lower())]
    spread = r"[\s_-]*".join(words)
    return re.compile(rf"(?<![^\W_]){spread}(?![^\W_])")
