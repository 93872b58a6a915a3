"""The numbers that Word writes before the paragraphs of numbered lists: `1.`, `2.b)`, `IV.`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
MAX_ROMAN = 3999
MAX_STYLES = 20
"""Styles that are based on one another."""


@dataclass(frozen=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = "%1."


@dataclass
class ListNumbers:
    """Counts the numbered paragraphs of a document in their order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    """The levels of each abstract list, by its id."""
    lists: dict[str, str] = field(default_factory=dict)
    """The abstract list of each list."""
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    """Where levels of a list begin anew, by the list and the level."""
    styles: dict[str, Any] = field(default_factory=dict)
    """Elements of paragraph styles, by their ids."""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, numbering: Any, styles: Any) -> ListNumbers:
        """Read the roots of the parts with numberings and styles; None for a part that is missing."""
        numbers = cls()
        for element in numbering if numbering is not None else ():
            if element.tag == f"{_W}abstractNum":
                levels = {_number(each, "ilvl"): _level(each) for each in element.iterfind(f"{_W}lvl")}
                numbers.levels[_attribute(element, "abstractNumId")] = levels
            elif element.tag == f"{_W}num":
                name = _attribute(element, "numId")
                numbers.lists[name] = _attribute(element.find(f"{_W}abstractNumId"), "val")
                for override in element.iterfind(f"{_W}lvlOverride"):
                    start = override.find(f"{_W}startOverride")
                    if start is not None:
                        numbers.starts[name, _number(override, "ilvl")] = _number(start, "val", 1)
        for style in styles.iterfind(f"{_W}style") if styles is not None else ():
            numbers.styles[_attribute(style, "styleId")] = style
        return numbers

    def before(self, paragraph: Any) -> str:
        """Return the number of the next paragraph, with a space after it; nothing for one without."""
        place = self._place(paragraph)
        if place is None:
            return ""
        name, depth = place
        abstract = self.lists.get(name, "")
        levels = self.levels.get(abstract, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if (name, depth) in self.starts and (name, depth) not in self._begun:
            counts[depth] = self.starts[name, depth]
        else:
            counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        self._begun.add((name, depth))
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        level = levels[depth]
        if level.kind in ("bullet", "none"):
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, _Level())
            return written_number(counts.get(at, other.start), other.kind)

        text = _PLACE.sub(shown, level.text).strip()
        return f"{text} " if text else ""

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        """Return the list and the level of a paragraph, from itself or from its style."""
        name, level = "", None
        style = ""
        element = paragraph
        for depth in range(MAX_STYLES):
            properties = element.find(f"{_W}pPr")
            number = None if properties is None else properties.find(f"{_W}numPr")
            if number is not None:
                name = name or _attribute(number.find(f"{_W}numId"), "val")
                own_level = number.find(f"{_W}ilvl")
                level = level if level is not None or own_level is None else _number(own_level, "val")
            if depth == 0:
                style = "" if properties is None else _attribute(properties.find(f"{_W}pStyle"), "val")
            else:
                style = _attribute(element.find(f"{_W}basedOn"), "val")
            if name or style not in self.styles:
                break
            element = self.styles[style]
        return None if name in ("", "0") else (name, level or 0)


def _level(element: Any) -> _Level:
    start, kind, text = (element.find(f"{_W}{name}") for name in ("start", "numFmt", "lvlText"))
    return _Level(
        1 if start is None else _number(start, "val", 1),
        "decimal" if kind is None else _attribute(kind, "val"),
        "" if text is None else _attribute(text, "val"),
    )


def _attribute(element: Any, name: str) -> str:
    return "" if element is None else element.get(f"{_W}{name}") or ""


def _number(element: Any, name: str, default: int = 0) -> int:
    text = _attribute(element, name)
    return int(text) if text.isdecimal() and len(text) < 10 else default


def _letters(number: int) -> str:
    """Return `a` to `z`, then `aa`, `bb`, as Word counts."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


_KINDS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "decimalZero": lambda number: f"{number:02}",
}


def written_number(number: int, kind: str) -> str:
    """Write a number as its level does; kinds that are not known are written in digits."""
    if not 0 < number <= MAX_ROMAN:
        return str(number)
    return _KINDS.get(kind, str)(number)
