"""Generate short strings and numbers that schemas may accept; callers validate each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from structgen.schema.keywords import BOUNDS, LENGTHS
from structgen.schema.synthesis.pattern_strings import pattern_strings

_FORMATS = {
    "uri": "a:b", "uri-reference": "a", "iri": "a:b", "iri-reference": "a", "email": "a@b.co",
    "idn-email": "a@b.co", "hostname": "a.co", "idn-hostname": "a.co", "ipv4": "0.0.0.0", "ipv6": "::",
    "date": "2000-01-01", "time": "00:00:00Z", "date-time": "2000-01-01T00:00:00Z", "duration": "P1D",
    "uuid": "00000000-0000-4000-8000-000000000000", "regex": "a", "json-pointer": "/a",
    "relative-json-pointer": "0", "uri-template": "a", "color": "red",
}  # fmt: skip
_PLAIN = ("", "a", "b", "0", "aa", "A", "-", "a b", "ab", "1", "é", "http://a.co", "https://b.co/c")
_MAX_LENGTH = 2_000
_MULTIPLES = (0, 1, 2, 3, 5, 7, 11, -1, -2)


def strings(schemas: list[dict[str, Any]]) -> Iterator[str]:
    """Yield strings for patterns, formats and lengths, then plain ones."""
    lengths = [int(schema[keyword]) for schema in schemas for keyword in LENGTHS if keyword in schema]
    patterns = [schema["pattern"] for schema in schemas if isinstance(schema.get("pattern"), str)]
    specific = [text for pattern in patterns for text in pattern_strings(pattern)]
    specific += [_FORMATS[schema["format"]] for schema in schemas if schema.get("format") in _FORMATS]
    if len(patterns) > 1:
        specific += ["".join(pair) for pair in product(specific[:3], specific[-3:])]
    longer = (text + suffix for text in specific[:2] for suffix in _PLAIN)
    for text in (*specific, *_PLAIN, *longer):
        yield text
        for length in lengths:
            if len(text) < length < _MAX_LENGTH:
                yield text + (text[-1:] or "a") * (length - len(text))
    for length in lengths:
        yield from ("a" * max(0, min(length, _MAX_LENGTH) - 1), "a" * min(length + 1, _MAX_LENGTH))


def numbers(schemas: list[dict[str, Any]]) -> Iterator[int | float]:
    """Yield multiples, bounds and numbers next to them, the shortest text first."""
    bounds = [
        schema[keyword]
        for schema in schemas
        for keyword in BOUNDS
        if isinstance(schema.get(keyword), int | float) and not isinstance(schema[keyword], bool)
    ]
    divisors = [Fraction(repr(s["multipleOf"])) for s in schemas if "multipleOf" in s] or [Fraction(1)]
    step = Fraction(
        math.lcm(*(divisor.numerator for divisor in divisors)),
        math.gcd(*(divisor.denominator for divisor in divisors)),
    )
    candidates: dict[Fraction, None] = {}
    for bound in [0, *bounds]:
        quotient = Fraction(repr(bound)) // step
        candidates |= {(quotient + offset) * step: None for offset in _MULTIPLES}
    candidates |= {Fraction(repr(bound)) + more: None for bound in bounds for more in (0, Fraction(1, 2))}
    candidates |= {Fraction(1, 2): None}
    for value in sorted(candidates, key=lambda v: (len(str(_number(v))), v < 0, abs(v))):
        yield _number(value)


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)
