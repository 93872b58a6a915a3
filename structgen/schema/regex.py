"""Match the regular expressions of JSON Schema (ECMA-262) within a time limit."""

from __future__ import annotations

from functools import lru_cache

import regex

TIMEOUT = 0.5
"""Seconds that one match may take: a pattern can be exponential."""


class PatternError(ValueError):
    """Raised for an invalid regular expression, or one that takes too long."""


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Return the compiled pattern, for `search`; raise `PatternError` for an invalid one."""
    try:
        unicode = _PROPERTY.search(pattern) is not None
        return regex.compile(_translated(pattern, unicode), 0 if unicode else regex.ASCII)
    except (regex.error, OverflowError, RecursionError, MemoryError) as error:
        message = f"{pattern[:80]!r} is not a regular expression: {error}"
        raise PatternError(message) from error


def matches(pattern: str, text: str) -> bool:
    """Return whether the pattern matches anywhere in the text; raise `PatternError` after `TIMEOUT`."""
    try:
        return compiled(pattern).search(text, timeout=TIMEOUT) is not None
    except TimeoutError as error:
        message = f"{pattern[:80]!r} took more than {TIMEOUT} s on a text of {len(text)} characters"
        raise PatternError(message) from error


def matches_safely(pattern: str, name: str) -> bool:
    """Return whether the pattern matches; False for an invalid pattern, or one that takes too long."""
    try:
        return matches(pattern, name)
    except PatternError:
        return False


def paired(pattern: str) -> str:
    r"""Rewrite parts of a pattern that engines read differently in a form that all read alike.

    Two escapes for one character beyond `\uffff` become that character, a hyphen outside a range (beside
    `\d` and the like) becomes `\-`.
    """
    return _CLASSES.sub(_escape_hyphens, _PAIR.sub(lambda match: chr(_code_point(*match.groups())), pattern))


_CLASSES = regex.compile(r"\\.|\[(?:\\.|[^\]\\])*\]", regex.DOTALL)


def _escape_hyphens(match: regex.Match[str]) -> str:
    if match[0].startswith("\\"):
        return match[0]
    tokens = regex.findall(r"\\.|.", match[0], regex.DOTALL)
    return "".join(
        "\\-" if token == "-" and _KINDS.intersection((tokens[i - 1], tokens[i + 1])) else token
        for i, token in enumerate(tokens)
    )


_KINDS = frozenset({r"\d", r"\D", r"\w", r"\W", r"\s", r"\S"})
_PAIR = regex.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _code_point(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00


_PROPERTY = regex.compile(r"\\[pP]\{")
SPACES = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
r"""The characters of `\s` in ECMA-262, for a class: white space, line ends and the byte order mark."""
NO_SPACES = (
    r"\x00-\x08\x0e-\x1f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e"
    r"\u2060-\u2fff\u3001-\ufefe\uff00-\uffff" + f"{chr(0x10000)}-{chr(0x10FFFF)}"
)
r"""The characters of `\S`, for a class."""
ANY = r"[^\n\r\u2028\u2029]"
"""The class of a dot."""
_ASCII = {"d": "0-9", "w": "A-Za-z0-9_"}
_SPACED = {"s": SPACES, "S": NO_SPACES}
_TOKEN = regex.compile(
    r"\\u\{(?P<point>[0-9a-fA-F]+)\}|\\c(?P<control>[A-Za-z])|\\k<(?P<group>\w+)>|\\[pP]\{[^}]*\}"
    r"|\\(?P<escaped>.)|\{(?:\d+(?:,\d*)?|,\d+)\}|\[\^\]|\[\]|.",
    regex.DOTALL,
)
_LITERAL = "aeghijlmoqyzCEFGHIJKLMNOQRTUVXY"
"""Letters whose escapes mean themselves in ECMA-262, and something else in `regex`."""


def _translated(pattern: str, unicode: bool) -> str:
    r"""Translate ECMA-262 to `regex`: `$` is the very end, `[` is literal in a class, and so is `{`.

    But `{,3}` is up to three, as in Python: these four characters are hardly meant literally.
    """
    translated, in_class = [], False
    for match in _TOKEN.finditer(paired(pattern)):
        token = match[0]
        if token.startswith("\\"):
            translated.append(_escape(match, in_class, unicode))
        elif in_class:
            in_class = token[-1] != "]"
            translated.append(token.replace("[", "\\["))
        elif token == "[":
            in_class = True
            translated.append(token)
        else:
            translated.append(_PLAIN.get(token, token))
    return "".join(translated)


_PLAIN = {"$": r"\Z", ".": ANY, "{": r"\{", "}": r"\}", "[^]": r"(?s:.)", "[]": r"(?!)"}


def _escape(match: regex.Match[str], in_class: bool, unicode: bool) -> str:
    r"""Translate an escape; `\d` and `\w` stay ASCII in a pattern with `\p{…}`, which matches in Unicode."""
    if match["point"]:
        return f"\\U{int(match['point'], 16):08x}"
    if match["control"]:
        return f"\\x{ord(match['control']) % 32:02x}"
    if match["group"]:
        return f"(?P={match['group']})"
    character = match["escaped"]
    if character is None:
        return match[0]
    if character in _LITERAL:
        return character
    if (spaced := _SPACED.get(character)) is not None:
        return spaced if in_class else f"[{spaced}]"
    if unicode and (plain := _ASCII.get(character)) is not None:
        return plain if in_class else f"[{plain}]"
    if unicode and not in_class and (plain := _ASCII.get(character.lower())) is not None:
        return f"[^{plain}]"
    return match[0]
