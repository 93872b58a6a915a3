"""Translate regular expressions of JSON Schema to those of llguidance 1.x, which are Rust's.

Each rule was found by comparing the grammar with validation. The tests hold a case for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from structgen.schema.regex import ANY, NO_SPACES, SPACES, matches_safely, paired

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
_LITERAL_PREFIX = re.compile(r"\^((?:[\w/#@-]|\\[./$-])+)")
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_TOKEN = re.compile(r"\\.|\{(?:\d+(?:,\d*)?|,\d+)\}|.", re.DOTALL)

_ANGLES = {r"\<": "<", r"\>": ">"}
"""Rust reads these escapes as the boundaries of a word."""
_IN_CLASS = {r"\s": SPACES, r"\S": NO_SPACES, **_ANGLES}
_OUTSIDE_CLASS = {r"\s": f"[{SPACES}]", r"\S": f"[^{SPACES}]", ".": ANY, "{": r"\{", "}": r"\}", **_ANGLES}


def is_supported(pattern: str) -> bool:
    """Whether the grammar accepts the pattern and reads it as JSON Schema does."""
    pattern = paired(pattern)
    if "[]" in pattern or "[^]" in pattern:  # nothing, and anything, in JavaScript
        return False
    if any(_SET_OPERATION.search(inside) for inside in _CLASS.findall(pattern)):
        return False
    bare = _CLASS.sub("x", pattern)
    plain = _GROUP.sub("(", _ESCAPED.sub("x", bare))
    anchored = _is_anchored(plain, "^", "(") and _is_anchored(plain[::-1], "$", ")")
    return anchored and not _NOT_RUST.search(bare) and not _ANCHOR_IN_LOOP.search(plain)


def _is_anchored(pattern: str, anchor: str, opening: str) -> bool:
    """Whether the anchor only occurs where nothing precedes it, at most once in each branch.

    The end of a pattern is tested as the start of the reversed one, in which `)` opens groups.
    """
    at_start, outer = True, [True]
    for character in pattern:
        if character == opening:
            outer.append(at_start)
        elif character in "()":
            outer = outer[:-1] or [False]
            at_start = False
        elif character == "|":
            at_start = outer[-1]
        elif character == anchor and not at_start:
            return False
        else:
            at_start = False
    return True


def translated(pattern: str) -> str:
    r"""Return the pattern in Rust's syntax: JavaScript's `\s` and `.`, and `{id}` as four characters."""
    pattern = paired(pattern)
    pieces, end = [], 0
    for character_class in _CLASS.finditer(pattern):
        pieces += [
            _outside_classes(pattern[end : character_class.start()]),
            _in_class(character_class.group()),
        ]
        end = character_class.end()
    return "".join([*pieces, _outside_classes(pattern[end:])])


def _in_class(text: str) -> str:
    return _ESCAPED.sub(lambda escape: _IN_CLASS.get(escape[0], escape[0]), text)


def _outside_classes(text: str) -> str:
    return "".join(_OUTSIDE_CLASS.get(token, token.replace("{,", "{0,")) for token in _TOKEN.findall(text))


def excludes_escaped(pattern: str) -> bool:
    """Whether a class of the pattern excludes a quote or a backslash, which the grammar cannot exclude."""
    return any(
        inside.startswith("^")
        and not all(matches_safely(f"[{inside}]", character) for character in ('"', "\\"))
        for inside in _CLASS.findall(pattern)
    )


def max_count(pattern: str) -> int:
    """Return the largest number in a counted repetition, 0 without one."""
    counts = [int(most or least) for least, most in _COUNT.findall(pattern)]
    return max(counts, default=0)


def disjoint_patterns(patterns: Iterable[str]) -> list[str]:
    """Return the supported patterns, in their order, that evidently match no name in common."""
    disjoint: list[str] = []
    prefixes: list[str] = []
    for pattern in patterns:
        if is_supported(pattern):
            prefix = _prefix(pattern)
            if not any(prefix.startswith(other) or other.startswith(prefix) for other in prefixes):
                disjoint.append(pattern)
                prefixes.append(prefix)
    return disjoint


def _prefix(pattern: str) -> str:
    """Return the letters that every matching name evidently starts with."""
    literal = _LITERAL_PREFIX.match(pattern)
    if literal is None or "|" in pattern:
        return ""
    rest = pattern[literal.end() :]
    return literal[1].replace("\\", "")[: -1 if rest[:1] in ("?", "*", "{") else None]
