"""What llguidance 1.x refuses, or enforces more narrowly than JSON Schema says; such keywords are dropped.

Each rule was found by comparing the grammar with validation; the tests hold a case for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from structgen.schema.regex import ANY, NO_SPACES, SPACES, hits, paired

# Look-around, conditions, atomic groups, comments; escapes and possessive marks that Rust's regex lacks.
_NOT_RUST = re.compile(
    r"\\u[dD][89a-fA-F]|\(\?(?!:|P?<[A-Za-z])|\\[^dDwWsSntrfvxu\W_]|[*+?}]\+|\\u\{",
)
_ANCHOR_IN_LOOP = re.compile(r"\(.*[$^].*\)[*+{?]|[$^][*+{?]")
_SET_OPERATION = re.compile(
    r"&&|--|~~|\[|[^\\^]-\\[dDwWsS]|\\(?![dDwWsSntrfvxu])[A-Za-z0-9]|\\u(?:\{|[dD][89a-fA-F])"
)
_CLASS = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]")
_ESCAPED = re.compile(r"\\.")
_GROUP = re.compile(r"\(\?(?::|P?<\w+>)")
_PREFIX = re.compile(r"\^((?:[\w/#@-]|\\[./$-])+)")
_LISTED = re.compile(r"\^(?:([\w-]+)|\((?:\?:)?([\w-]+(?:\|[\w-]+)*)\))\$")
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_MOST_STATES = 2_000
_PIECE = re.compile(r"\\.|\{(?:\d+(?:,\d*)?|,\d+)\}|.", re.DOTALL)
_NUMBERS = ("integer", "number")
_TINIEST, _LARGEST_DIVISOR = 1e-50, 10**4


def pattern_fits(pattern: str) -> bool:
    """Whether the grammar's regular expressions read the pattern, and as JSON Schema does."""
    pattern = paired(pattern)
    if "[]" in pattern or "[^]" in pattern:  # nothing, and anything, in JavaScript
        return False
    classes = _CLASS.findall(pattern)
    if any(_SET_OPERATION.search(inside) for inside in classes):
        return False
    bare = _CLASS.sub("x", pattern)
    plain = _GROUP.sub("(", _ESCAPED.sub("x", bare))
    anchored = _anchored(plain, "^", "(") and _anchored(plain[::-1], "$", ")")
    return anchored and not _NOT_RUST.search(bare) and not _ANCHOR_IN_LOOP.search(plain)


def _anchored(pattern: str, anchor: str, opening: str) -> bool:
    """Whether the anchor stands where nothing comes before it, once in each branch. An end is the beginning
    of the pattern written backwards, with groups that `)` opens."""
    at_start, outer = True, [True]
    for c in pattern:
        if c == opening:
            outer.append(at_start)
        elif c in "()":
            outer = outer[:-1] or [False]
            at_start = False
        elif c == "|":
            at_start = outer[-1]
        elif c == anchor and not at_start:
            return False
        else:
            at_start = False
    return True


def spaced(pattern: str) -> str:
    r"""The pattern as our matching takes it: `\s` and `.` are JavaScript's, `{id}` is four characters."""
    pattern = paired(pattern)
    made, at = [], 0
    for found in _CLASS.finditer(pattern):
        made += [_outside_classes(pattern[at : found.start()]), _inside_class(found.group())]
        at = found.end()
    return "".join([*made, _outside_classes(pattern[at:])])


def _inside_class(text: str) -> str:
    return _ESCAPED.sub(lambda found: _SPACED.get(found[0], found[0]), text)


_ANGLES = {r"\<": "<", r"\>": ">"}
"""To Rust's engine these escapes are the bounds of a word."""
_SPACED = {r"\s": SPACES, r"\S": NO_SPACES, **_ANGLES}
_OUTSIDE = {r"\s": f"[{SPACES}]", r"\S": f"[^{SPACES}]", ".": ANY, "{": r"\{", "}": r"\}", **_ANGLES}


def _outside_classes(pattern: str) -> str:
    return "".join(_OUTSIDE.get(part, part.replace("{,", "{0,")) for part in _PIECE.findall(pattern))


def loose(schema: dict[str, Any], made: dict[str, Any]) -> dict[str, str]:
    """Keywords of which the grammar lets more through, and why."""
    found = {}
    if "pattern" in made:
        if not isinstance(schema.get("pattern"), str) or made["pattern"] != spaced(schema["pattern"]):
            found["pattern"] = "the grammar cannot read this regular expression as JSON Schema does"
        elif any(_lets_marks(inside) for inside in _CLASS.findall(schema["pattern"])):
            found["pattern"] = "of quotes and backslashes, which JSON escapes, the grammar excludes none"
    for exclusive, beyond in (("exclusiveMinimum", "max"), ("exclusiveMaximum", "min")):
        others = [made[word] for word in (f"{beyond}imum", f"exclusive{beyond.title()}imum") if word in made]
        if exclusive in made and any(abs(bound - made[exclusive]) < 1 for bound in others):
            found[exclusive] = "the grammar knows no bound so near to the other"
    return found


def _lets_marks(inside: str) -> bool:
    """Whether a class excludes a quote or a backslash."""
    return inside.startswith("^") and not all(hits(f"[{inside}]", mark) for mark in ('"', "\\"))


def fitting(patterns: Iterable[str]) -> list[str]:
    """Those of `patternProperties` that fit, one after the other, and have no name in common."""
    kept: list[str] = []
    for pattern in patterns:
        if pattern_fits(pattern) and all(_apart(_prefix(pattern), _prefix(other)) for other in kept):
            kept.append(pattern)
    return kept


def names_of(pattern: str) -> list[str]:
    """The names that the pattern lists, where it is but a list: `^(a|b)$`."""
    found = _LISTED.fullmatch(pattern)
    return (found[1] or found[2]).split("|") if found else []


def merged(made: dict[str, Any]) -> None:
    """Patterns for names in several parts of an `allOf` may have names in common."""
    if _most(made, "patternProperties") > 1:
        for part in _parts(made):
            part.pop("patternProperties", None)
            part.pop("additionalProperties", None)


def _most(made: Any, keyword: str) -> int:
    """How often the keyword can come to stand for one value."""
    if not isinstance(made, dict):
        return 0
    together = sum(_most(part, keyword) for part in made.get("allOf", ()))
    return (keyword in made) + together + max((_most(p, keyword) for p in made.get("anyOf", ())), default=0)


def _parts(made: Any) -> Iterator[dict[str, Any]]:
    if isinstance(made, dict):
        yield made
        for keyword in ("allOf", "anyOf"):
            for part in made.get(keyword, ()):
                yield from _parts(part)


def repeats(made: dict[str, Any]) -> None:
    """A bound on the length beside a pattern that counts: their product is more than a lexer may cost."""
    counts = [int(most or least) for least, most in _COUNT.findall(made.get("pattern", ""))]
    if "maxLength" in made and max(counts, default=0) * made["maxLength"] > _MOST_STATES:
        del made["maxLength"]


def bounds(made: dict[str, Any]) -> None:
    """Numbers that grow no regular expression, or a wrong one."""
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        bound = made.get(keyword, 0)
        if 0 < abs(bound) < _TINIEST:
            del made[keyword]
    if "multipleOf" in made and not _divisor_fits(made["multipleOf"]):
        del made["multipleOf"]


def signed(made: dict[str, Any]) -> dict[str, Any] | None:
    """`multipleOf` as alternatives where numbers may be negative: beside it the grammar knows none.

    The multiples of 1 are the integers; of negative ones the grammar knows no other.
    """
    least = max(made.get("minimum", -1), made.get("exclusiveMinimum", -1))
    if "multipleOf" not in made or least >= 0:
        return None
    divisor = made.pop("multipleOf")
    named = made.get("type", ("null", "boolean", "object", "array", "number", "string"))
    others = [name for name in ([named] if isinstance(named, str) else named) if name not in _NUMBERS]
    whole = divisor == int(divisor)
    ways: list[dict[str, Any]] = [{"type": "integer"}]
    if divisor != 1:
        ways = [
            {"type": "integer" if whole else "number", "minimum": 0, "multipleOf": divisor},
            {"type": "integer" if whole else "number", "exclusiveMaximum": 0},
        ]
    return {"anyOf": [*ways, *([{"type": others}] if others else [])]}


def lengths(made: dict[str, Any]) -> None:
    """`2.0` is a length to JSON Schema alone."""
    for keyword in ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"):
        if keyword in made:
            made[keyword] = int(made[keyword])


def values(made: dict[str, Any]) -> None:
    """Of the values of an integer, what is none grows no regular expression."""
    if made.get("type") == "integer" and "enum" in made:
        made["enum"] = [int(value) for value in made["enum"] if _whole(value)]


def _whole(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)


def _divisor_fits(divisor: float) -> bool:
    """Whole numbers, and 1, 2 or 5 of a decimal place: of 0.25 the grammar wants `2.50`, not `2.5`."""
    if divisor == int(divisor):
        return divisor <= _LARGEST_DIVISOR or divisor in (10**5, 10**6, 10**7, 10**8)
    _, digits, exponent = Decimal(repr(divisor)).as_tuple()
    return digits in ((1,), (2,), (5,)) and isinstance(exponent, int) and exponent >= -8


def _prefix(pattern: str) -> str:
    """The letters that every name matching the pattern begins with, as far as that shows."""
    found = _PREFIX.match(pattern)
    if found is None or "|" in pattern:
        return ""
    rest = pattern[found.end() :]
    return found[1].replace("\\", "")[: -1 if rest[:1] in ("?", "*", "{") else None]


def _apart(one: str, other: str) -> bool:
    return not one.startswith(other) and not other.startswith(one)
