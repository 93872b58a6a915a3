"""The signs that a legend gives a meaning: `* organic` below a list whose items may have a star."""

from __future__ import annotations

from collections.abc import Iterator

import regex

_SIGN = r"[*†‡§¶#^°]{1,3}|[¹²³ᵃᵇᶜ]"
_IN_LEGEND = regex.compile(
    rf"(?:^|[^\w*†‡§¶#^°]|(?<=\n))(?P<sign>{_SIGN})[ \t]{{0,2}}(?:[=:–-][ \t]*)?(?:\w+[ ]){{0,3}}$"
)
_REACH = 48
"""Characters before a name in which its sign stands."""
MAX_SIGNS = 2_000
"""Places of a sign that are read."""


def legend_sign(text: str, start: int, end: int) -> tuple[int, str] | None:
    """Return where the sign stands that a legend explains by the words at a range, and the sign.

    Bullets do not count, and neither do signs at both ends of words, such as `*bold*`.
    """
    begin = max(text.rfind("\n", 0, start) + 1, start - _REACH)
    match = _IN_LEGEND.search(text, begin, start)
    if match is None:
        return None
    stop = text.find("\n", end)
    line = text[text.rfind("\n", 0, start) + 1 : len(text) if stop < 0 else stop]
    if len(regex.findall(_alone(match["sign"]), line)) != 1:
        return None
    return match.start("sign"), match["sign"]


def signs(text: str, sign: str, legend: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a sign that touches a word, but for that of its legend."""
    pattern = regex.compile(rf"(?:(?<=\w[.)]?|[)\]\"”]){_alone(sign)}|{_alone(sign)}(?=[\w\"“(]))")
    for number, match in enumerate(pattern.finditer(text)):
        if number == MAX_SIGNS:
            return
        if match.start() != legend:
            yield match.span()


def _alone(sign: str) -> str:
    """Return a pattern that finds a sign alone, not as a part of a longer one."""
    return rf"(?<![{regex.escape(sign[0])}]){regex.escape(sign)}(?![{regex.escape(sign[0])}])"
