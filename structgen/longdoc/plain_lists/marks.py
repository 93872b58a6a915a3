"""How lines of plain values begin: with a bullet, a number, a letter, or a label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from structgen.longdoc.layout.anchors import number_of

_MARK = re.compile(
    r"(?:(?P<bullet>[-*•‣◦–—+▪●○·>→☐☑✓※■◆])(?:\s\[[ xX]\])?|(?P<number>[#(\[]?\d{1,7}(?:[.):\]]|\.\)))"
    r"|(?P<letter>\(?[A-Za-z][.)]))\s+(?=\S)"
)
_LABELLED = re.compile(
    r"[-*•]?\s?[*_`\"']{0,3}[^\W\d_][^:：=|\t\[\"\n]{0,60}?[*_`\"']{0,3}\s?[:：][*_`\"']{0,3}(?=\s|$)"
)


@dataclass(frozen=True)
class Mark:
    """The mark that an entry begins with."""

    kind: str
    text: str
    number: int | None
    length: int


def mark_of(text: str) -> Mark | None:
    """Return the bullet, number or letter that a line begins with."""
    found = _MARK.match(text[:40])
    if found is None:
        return None
    if found["number"]:
        number = number_of(text)
        return None if number is None else Mark("number", "", number, found.end())
    if found["letter"]:
        letter = found["letter"].strip("().")
        return Mark("letter", "upper" if letter.isupper() else "lower", ord(letter.lower()) - 96, found.end())
    return Mark("bullet", found["bullet"], None, found.end())


def label_at(text: str) -> re.Match[str] | None:
    """Return the label with its colon that a line begins with."""
    return _LABELLED.match(text[:200])
