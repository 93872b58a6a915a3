"""Short strings and numbers that a schema may accept; whoever asks for them checks each."""

from __future__ import annotations

import math
import re
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product
from typing import Any

_FORMATS = {
    "uri": "a:b", "uri-reference": "a", "iri": "a:b", "iri-reference": "a", "email": "a@b.co",
    "idn-email": "a@b.co", "hostname": "a.co", "idn-hostname": "a.co", "ipv4": "0.0.0.0", "ipv6": "::",
    "date": "2000-01-01", "time": "00:00:00Z", "date-time": "2000-01-01T00:00:00Z", "duration": "P1D",
    "uuid": "00000000-0000-4000-8000-000000000000", "regex": "a", "json-pointer": "/a",
    "relative-json-pointer": "0", "uri-template": "a", "color": "red",
}  # fmt: skip
_PLAIN = ("", "a", "b", "0", "aa", "A", "-", "a b", "ab", "1", "é", "http://a.co", "https://b.co/c")
_MOST = 6
_LONGEST = 2_000
_CATEGORIES = {"CATEGORY_DIGIT": "0", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}


def strings(schemas: list[dict[str, Any]]) -> Iterator[str]:
    """For patterns, formats and lengths, then plain ones."""
    lengths = [int(s[word]) for s in schemas for word in ("minLength", "maxLength") if word in s]
    patterns = [s["pattern"] for s in schemas if isinstance(s.get("pattern"), str)]
    found = [text for pattern in patterns for text in of_pattern(pattern)]
    found += [_FORMATS[s["format"]] for s in schemas if s.get("format") in _FORMATS]
    found += ["".join(pair) for pair in product(found[:3], found[-3:])] if len(patterns) > 1 else []
    longer = (text + more for text in found[:2] for more in _PLAIN)
    for text in (*found, *_PLAIN, *longer):
        yield text
        for length in lengths:
            if len(text) < length < _LONGEST:
                yield text + (text[-1:] or "a") * (length - len(text))
    for length in lengths:
        yield from ("a" * max(0, min(length, _LONGEST) - 1), "a" * min(length + 1, _LONGEST))


def of_pattern(pattern: str) -> list[str]:
    """Strings that a regular expression finds itself in, as far as Python's parser reads it."""
    try:
        return list(islice(dict.fromkeys(_written(parser.parse(pattern), t) for t in range(_MOST)), _MOST))
    except (re.error, OverflowError, RecursionError):
        return []


def _written(parts: Any, turn: int) -> str:
    """`turn` takes other branches and letters, and longer repetitions."""
    return "".join(_piece(str(kind), value, turn) for kind, value in parts)[:_LONGEST]


def _piece(kind: str, value: Any, turn: int) -> str:
    match kind:
        case "LITERAL":
            return chr(int(value))
        case "NOT_LITERAL":
            return "b" if chr(value) == "a" else "a"
        case "ANY":
            return "a"
        case "IN":
            return _of_class(value, turn)
        case "BRANCH":
            return _written(value[1][turn % len(value[1])], turn)
        case "SUBPATTERN":
            return _written(value[-1], turn)
        case "ATOMIC_GROUP":
            return _written(value, turn)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            return _written(inner, turn) * min(int(least) + turn // 2, int(most), 200)
    return ""


def _of_class(members: Any, turn: int) -> str:
    letters: list[str] = []
    negated = str(members[0][0]) == "NEGATE"
    for kind, value in members:
        if str(kind) == "LITERAL":
            letters.append(chr(value))
        elif str(kind) == "RANGE":
            letters.append(chr(min(value[0] + turn, value[1])))
        elif str(kind) == "CATEGORY":
            letters.append(_CATEGORIES.get(str(value), "-"))
    if negated:
        return next((c for c in "a0-A_ .b1" if c not in letters and not _within(c, members)), "~")
    return letters[turn % len(letters)] if letters else ""


def _within(letter: str, members: Any) -> bool:
    return any(str(kind) == "RANGE" and value[0] <= ord(letter) <= value[1] for kind, value in members)


def numbers(schemas: list[dict[str, Any]]) -> Iterator[int | float]:
    """Multiples, bounds and what is next to them, the shortest to write first."""
    bounds = [
        s[word]
        for s in schemas
        for word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        if isinstance(s.get(word), int | float) and not isinstance(s[word], bool)
    ]
    steps = [Fraction(repr(s["multipleOf"])) for s in schemas if "multipleOf" in s] or [Fraction(1)]
    step = Fraction(math.lcm(*(s.numerator for s in steps)), math.gcd(*(s.denominator for s in steps)))
    found: dict[Fraction, None] = {}
    for bound in [0, *bounds]:
        first = Fraction(repr(bound)) // step
        found |= {(first + more) * step: None for more in (0, 1, 2, 3, 5, 7, 11, -1, -2)}
    found |= {Fraction(repr(bound)) + more: None for bound in bounds for more in (0, Fraction(1, 2))}
    found |= {Fraction(1, 2): None}
    for value in sorted(found, key=lambda v: (len(str(_number(v))), v < 0, abs(v))):
        yield _number(value)


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)
