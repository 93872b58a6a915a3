"""The regular expressions of JSON Schema, which are JavaScript's, matched within a time limit."""

from __future__ import annotations

from functools import lru_cache

import regex

TIMEOUT = 0.5
"""Seconds that one match may take: a pattern can be exponential."""


class PatternError(ValueError):
    """Not a regular expression, or one that takes too long."""


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> regex.Pattern[str]:
    """The pattern for `search`; `PatternError` says what is wrong with it."""
    try:
        unicode = _PROPERTY.search(pattern) is not None
        return regex.compile(_translated(pattern, unicode), 0 if unicode else regex.ASCII)
    except (regex.error, OverflowError, RecursionError, MemoryError) as error:
        message = f"{pattern[:80]!r} is no regular expression: {error}"
        raise PatternError(message) from error


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text; `PatternError` after half a second."""
    try:
        return compiled(pattern).search(text, timeout=TIMEOUT) is not None
    except TimeoutError as error:
        message = f"{pattern[:80]!r} took more than {TIMEOUT} s on a text of {len(text)} characters"
        raise PatternError(message) from error


def hits(pattern: str, name: str) -> bool:
    """As `matches`; False for what is no pattern, or takes too long."""
    try:
        return matches(pattern, name)
    except PatternError:
        return False


def paired(pattern: str) -> str:
    r"""Write what other engines read differently than JavaScript in a form that all read alike.

    Two escapes for one character beyond `\uffff` become that character, a hyphen that makes no range (beside
    `\d` and the like) becomes `\-`.
    """
    return _CLASSES.sub(_hyphens, _PAIR.sub(lambda found: chr(_value(*found.groups())), pattern))


_CLASSES = regex.compile(r"\\.|\[(?:\\.|[^\]\\])*\]", regex.DOTALL)


def _hyphens(found: regex.Match[str]) -> str:
    if found[0].startswith("\\"):
        return found[0]
    parts = regex.findall(r"\\.|.", found[0], regex.DOTALL)
    return "".join(
        "\\-" if part == "-" and _KINDS.intersection((parts[at - 1], parts[at + 1])) else part
        for at, part in enumerate(parts)
    )


_KINDS = frozenset({r"\d", r"\D", r"\w", r"\W", r"\s", r"\S"})
_PAIR = regex.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _value(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00


_PROPERTY = regex.compile(r"\\[pP]\{")
SPACES = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
r"""What `\s` stands for in JavaScript: white space, line ends and the byte order mark. Inside of a class."""
NO_SPACES = (
    r"\x00-\x08\x0e-\x1f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e"
    r"\u2060-\u2fff\u3001-\ufefe\uff00-\uffff" + f"{chr(0x10000)}-{chr(0x10FFFF)}"
)
r"""What `\S` stands for, inside of a class."""
ANY = r"[^\n\r\u2028\u2029]"
"""What a dot stands for."""
_ASCII = {"d": "0-9", "w": "A-Za-z0-9_"}
_SPACED = {"s": SPACES, "S": NO_SPACES}
_TOKEN = regex.compile(
    r"\\u\{(?P<point>[0-9a-fA-F]+)\}|\\c(?P<control>[A-Za-z])|\\k<(?P<group>\w+)>|\\[pP]\{[^}]*\}"
    r"|\\(?P<escaped>.)|\{(?:\d+(?:,\d*)?|,\d+)\}|\[\^\]|\[\]|.",
    regex.DOTALL,
)
_LITERAL = "aeghijlmoqyzCEFGHIJKLMNOQRTUVXY"
"""Letters of which an escape means themselves in JavaScript, and something else here."""


def _translated(pattern: str, unicode: bool) -> str:
    r"""JavaScript to `regex`: there `$` means the very end, `[` may stand in a class, and `{` for itself.

    But `{,3}` is up to three, as in Python: nobody means these four characters.
    """
    made, in_class = [], False
    for found in _TOKEN.finditer(paired(pattern)):
        token = found[0]
        if token.startswith("\\"):
            made.append(_escape(found, in_class, unicode))
        elif in_class:
            in_class = token[-1] != "]"
            made.append(token.replace("[", "\\["))
        elif token == "[":
            in_class = True
            made.append(token)
        else:
            made.append(_PLAIN.get(token, token))
    return "".join(made)


_PLAIN = {"$": r"\Z", ".": ANY, "{": r"\{", "}": r"\}", "[^]": r"(?s:.)", "[]": r"(?!)"}


def _escape(found: regex.Match[str], in_class: bool, unicode: bool) -> str:
    r"""Beside `\p{…}`, which is of all of Unicode, `\d` and `\w` are of ASCII all the same."""
    if found["point"]:
        return f"\\U{int(found['point'], 16):08x}"
    if found["control"]:
        return f"\\x{ord(found['control']) % 32:02x}"
    if found["group"]:
        return f"(?P={found['group']})"
    character = found["escaped"]
    if character is None:
        return found[0]
    if character in _LITERAL:
        return character
    if (spaced := _SPACED.get(character)) is not None:
        return spaced if in_class else f"[{spaced}]"
    if unicode and (plain := _ASCII.get(character)) is not None:
        return plain if in_class else f"[{plain}]"
    if unicode and not in_class and (plain := _ASCII.get(character.lower())) is not None:
        return f"[^{plain}]"
    return found[0]
