"""What llguidance 1.x refuses, or enforces more narrowly than JSON Schema says; such keywords are dropped.

Each rule was found by comparing the grammar with validation; the tests hold a case for each.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations
from typing import Any

# Look-around, conditions, atomic groups, comments; escapes and possessive marks that Rust's regex lacks.
_NOT_RUST = re.compile(
    r"\(\?(?!:|P?<[A-Za-z])|\\[^dDwWsSntrfvxu\W_]|[*+?}]\+|(?<!\\)\{(?!\d+(?:,\d*)?\})",
)
_ANCHOR_IN_LOOP = re.compile(r"\(.*[$^].*\)[*+{?]")
_SET_OPERATION = re.compile(r"&&|--|~~|\[")
_CLASS = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]")
_PREFIX = re.compile(r"\^((?:[\w/#@-]|\\[./$-])+)")
_LARGEST, _TINIEST, _LARGEST_DIVISOR = 10**18, 1e-50, 10**8


def pattern_fits(pattern: str) -> bool:
    """Whether the grammar's regular expressions read the pattern, and as JSON Schema does."""
    if any(_SET_OPERATION.search(inside) for inside in _CLASS.findall(pattern)):
        return False
    bare = _CLASS.sub("x", pattern)
    return not _NOT_RUST.search(bare) and not _ANCHOR_IN_LOOP.search(
        bare.replace("\\$", "").replace("\\^", "")
    )


def patterns_fit(patterns: list[str]) -> bool:
    """The same for those of `patternProperties`, which must also have no name in common."""
    if not all(pattern_fits(pattern) for pattern in patterns):
        return False
    prefixes = [_prefix(pattern) for pattern in patterns]
    return all(_apart(one, other) for one, other in combinations(prefixes, 2))


def merged(made: dict[str, Any]) -> None:
    """Patterns for names in several parts of an `allOf` may have names in common."""
    parts = [part for part in (made, *made.get("allOf", ())) if isinstance(part, dict)]
    if sum("patternProperties" in part for part in parts) > 1:
        for part in parts:
            part.pop("patternProperties", None)
            part.pop("additionalProperties", None)


def bounds(made: dict[str, Any]) -> None:
    """Numbers that grow no regular expression, or a wrong one."""
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        bound = made.get(keyword, 0)
        if abs(bound) > _LARGEST or 0 < abs(bound) < _TINIEST:
            del made[keyword]
    if "multipleOf" in made and not _divisor_fits(made["multipleOf"]):
        del made["multipleOf"]


def lengths(made: dict[str, Any]) -> None:
    """`2.0` is a length to JSON Schema alone."""
    for keyword in ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"):
        if keyword in made:
            made[keyword] = int(made[keyword])


def circular(root: dict[str, Any]) -> None:
    """Keywords beside a reference into a circle, which the grammar refuses: the reference stays."""
    definitions = root.get("$defs", {})
    inside = {name: _names(part) for name, part in definitions.items()}
    for _ in inside:
        inside = {n: reached.union(*(inside.get(r, set()) for r in reached)) for n, reached in inside.items()}
    circles = {f"#/$defs/{name}" for name, reached in inside.items() if name in reached}
    stack: list[Any] = list(definitions.values())
    while stack:
        found = stack.pop()
        if isinstance(found, dict):
            _alone(found, circles)
            stack += [part for keyword, part in found.items() if keyword not in ("const", "enum")]
        elif isinstance(found, list):
            stack += found


def _alone(schema: dict[str, Any], circles: set[str]) -> None:
    parts = schema.get("allOf")
    branches = parts if isinstance(parts, list) else []
    for part in (schema, *branches, *_alternatives(schema)):
        reference = part.get("$ref") if isinstance(part, dict) else None
        if isinstance(reference, str) and reference in circles:
            alternative = part is not schema and part in _alternatives(schema)
            kept = {"anyOf": schema["anyOf"]} if alternative else {"$ref": reference}
            schema.clear()
            schema.update(kept)
            return


def _alternatives(schema: dict[str, Any]) -> list[Any]:
    parts = schema.get("anyOf")
    return parts if isinstance(parts, list) else []


def _names(schema: Any) -> set[str]:
    """The definitions that a schema refers to."""
    found: set[str] = set()
    stack = [schema]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if isinstance(reference := part.get("$ref"), str):
                found.add(reference.removeprefix("#/$defs/"))
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    return found


def _divisor_fits(divisor: float) -> bool:
    """Whole numbers, and 1, 2 or 5 of a decimal place: of 0.25 the grammar wants `2.50`, not `2.5`."""
    if divisor == int(divisor):
        return divisor <= _LARGEST_DIVISOR
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
