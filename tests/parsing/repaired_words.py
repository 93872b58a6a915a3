"""Compare the words of a text with what the account of its repair names: the property that nothing is lost."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from structgen.parsing.result import RepairResult

_NUMBER = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![^\W_])"
_TOKEN = re.compile(rf"{_NUMBER}|[^\W_]+")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|[bfnrt"\\/])')
_NULL = {"none", "undefined", "nil"}
_DESCRIBES = {"several-values"}
"""Kinds of fixes that describe a range without replacing it."""


def words(text: str) -> Counter[str]:
    """Return how often each word of letters or digits stands in a JSON-like text: numbers by their value."""
    decoded = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else " ", text)
    return Counter(map(_canonical, _TOKEN.findall(decoded)))


def words_of_value(value: Any) -> Counter[str]:
    """Return how often each word stands in the keys and scalars of a value."""
    counts: Counter[str] = Counter()
    for scalar in _scalars(value):
        counts.update(map(_canonical, _TOKEN.findall(scalar)))
    return counts


def inside_brackets(text: str) -> str:
    """Return the text between the outermost brackets; up to its end where none closes."""
    opening = re.search(r"[{\[]", text)
    if opening is None:
        return ""
    end = max(text.rfind("}"), text.rfind("]")) + 1
    return text[opening.start() : end] if end > opening.start() else text[opening.start() :]


def unaccounted(text: str, result: RepairResult) -> Counter[str]:
    """Return the words inside of the outermost brackets that neither value, fixes, changes nor `dropped` name."""
    named = words_of_value(result.value)
    for fix in result.fixes:
        if fix.kind not in _DESCRIBES:
            named += words(text[fix.start : fix.end]) + words(fix.text)
    for change in result.changes:
        operation = change.to_json()
        named += words(operation["path"].replace("~1", "/")) + words(change.reason)
        named += words_of_value(operation.get("value"))
    named += sum_of(words(lost.text) for lost in result.dropped)
    return words(inside_brackets(text)) - named


def sum_of(counts: Iterable[Counter[str]]) -> Counter[str]:
    """Return the sum of word counts."""
    total: Counter[str] = Counter()
    for count in counts:
        total += count
    return total


def _canonical(token: str) -> str:
    word = token.casefold()
    if word[0].isdigit():
        with suppress(ValueError, OverflowError):
            number = float(word)
            if number.is_integer() and number < 2**53:
                return str(int(number))
            return repr(number) if "." in word or "e" in word else word
    return "null" if word in _NULL else word


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from _scalars(member)
    elif isinstance(value, list):
        for item in value:
            yield from _scalars(item)
    else:
        yield value if isinstance(value, str) else json.dumps(value)
