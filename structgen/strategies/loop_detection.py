"""Detect answers that repeat themselves without end while they grow, so that the attempt can end early.

A repetition is a loop only where it is longer than a document would justify. The limits, in the order in
which they are tried:

- the digits of one number: 40;
- white space between values, 256 characters; the text of one string, 512; brackets, 1,024;
- items or members that are all alike: 32 of them (fewer of long ones, 16,384 characters), and 256 characters.

Where the engine does not bound values, a number that goes on for 200 characters is one without repetition.

Each limit grows with what the caller's texts hold (twice the longest such run, twice the times that a
repeated value occurs, as many items as they have lines) and with the bounds that the schema states itself
(`maxLength`, `maxItems`, ...). White space does not tell a run of the answer from one of the texts.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from structgen.engines.guidance.number_range import JsonScanner
from structgen.schema.declared_sizes import DeclaredSizes

Kind = Literal["digits", "whitespace", "text", "nesting", "items"]
DIGITS, SPACE, TEXT, NESTING, ITEMS = 40, 256, 512, 1_024, 32
LONG_NUMBER = 200
"""Characters of a number that is a loop even without repetition, on engines that bound no values."""
LEAST_REPEATS = 8
"""Repetitions of text in a string, and of long items: a sentence that occurs twice is not a loop."""
_LONG_ITEMS = 16_384
"""Characters of items that are all alike, from which fewer than `ITEMS` are a loop."""
_PROBE = 24
"""Characters at the end of the text whose earlier occurrence gives the period."""
_LONGEST_UNIT = 8_192
_STEP = 32
"""Characters that the text grows by between two looks at it."""
_BACKOFF = 16
"""After a repetition that is not a loop, the text grows by this fraction of it before the next look: frequent
looks at a long table would take quadratic time."""
_COUNTED = 32
"""Values of items that are counted in the source, the shortest: they are the most frequent ones."""
_LONGEST_ESCAPE = len(r"\ud83d\ude00")
_NUMBER = re.compile(r"[\d.eE+-]+")
_SCALAR = re.compile(r'"((?:[^"\\]|\\.)*)"(?!\s*:)|(-?\d[\d.eE+-]*)')


@dataclass(frozen=True, slots=True)
class Loop:
    """A repeated `unit`, the number of its repetitions, and the kind of text that it belongs to."""

    kind: Kind
    unit: str
    times: int

    def __str__(self) -> str:
        unit = self.unit if len(self.unit) <= 60 else f"{self.unit[:57]}..."
        if self.times == 1:
            return f"the answer runs on without end: {self.kind} {unit!r}"
        return f"the answer runs in a loop: {self.kind} {unit!r}, {self.times} times"


class LoopDetector:
    """Looks for a loop in one growing answer.

    `source` is the text of the caller's messages, `extent` the bounds that the schema states itself. An
    answer in `plain` text is like the text of one string. `bounded`: the engine bounds the sizes of values.
    """

    def __init__(
        self, source: str, extent: DeclaredSizes, *, plain: bool = False, bounded: bool = True
    ) -> None:
        self._source, self._extent, self._plain = source, extent, plain
        self._longest_number = None if bounded or plain else max(LONG_NUMBER, 2 * extent.digits)
        self._next_look = DIGITS
        self._state, self._followed = JsonScanner(), 0
        """The JSON state after so many characters of the text."""
        self._counts: dict[str, int] = {}
        """Occurrences of values in the source."""

    def find(self, text: str, *, last: bool = False) -> Loop | None:
        """Return the loop at the end of the text, None without one; `last` looks however little was added."""
        if len(text) < (DIGITS if last else self._next_look):
            return None
        self._next_look = len(text) + _STEP
        if (number := self._endless_number(text)) is not None:
            return Loop("digits", number, 1)
        period = _period(text)
        if period is None:
            return None
        length = _run(text, period)
        loop = Loop(self._kind(text, period), text[-length:][:period], length // period)
        if self._is_endless(loop, length):
            return loop
        self._next_look += length // _BACKOFF
        return None

    def _endless_number(self, text: str) -> str | None:
        """Return the end of a number that is too long, unless the source has it."""
        end = "" if self._longest_number is None else text[-self._longest_number :]
        if len(end) != self._longest_number or not _NUMBER.fullmatch(end):
            return None
        return None if self._state_before(text, len(end)).quoted or end in self._source else end

    def _state_before(self, text: str, characters: int) -> JsonScanner:
        """Return the JSON state before the last characters of the text."""
        before = max(self._followed, len(text) - _LONGEST_UNIT - _PROBE)
        self._state.take(text[self._followed : before].encode("utf-8", "replace"))
        self._followed = before
        state = self._state.copy()
        state.take(text[before:-characters].encode("utf-8", "replace"))
        return state

    def _kind(self, text: str, period: int) -> Kind:
        """Return the kind of text that the last `period` characters belong to."""
        if self._plain:
            return "text"
        state, unit = self._state_before(text, period), text[-period:]
        if all(_is_quoted_after(state, character) for character in unit):
            return "text"
        if unit.isspace():
            return "whitespace"
        if _NUMBER.fullmatch(unit):
            return "digits"
        return "items" if "," in unit else "nesting"

    def _is_endless(self, loop: Loop, length: int) -> bool:
        """Return whether the repetition exceeds every limit of its kind."""
        if loop.kind == "items":
            usual = min(ITEMS, max(LEAST_REPEATS, _LONG_ITEMS // len(loop.unit)))
            if loop.times <= max(usual, self._lines, self._extent.items) or length < SPACE:
                return False
            return loop.times > 2 * self._occurrences(loop.unit)
        bounds = {
            "digits": (DIGITS, self._extent.digits),
            "whitespace": (SPACE, 0),
            "nesting": (NESTING, 0),
        }
        least, explicit = bounds.get(loop.kind, (TEXT, self._extent.length))
        if length < max(least, explicit) or (loop.kind == "text" and loop.times < LEAST_REPEATS):
            return False
        half = _plain(loop.unit) * (loop.times // 2)
        return half not in self._source and (half.isspace() or _dense(half) not in self._dense_source)

    @cached_property
    def _dense_source(self) -> str:
        return _dense(self._source)

    @cached_property
    def _lines(self) -> int:
        """Lines of the source that are not blank: a table has a row on each."""
        return sum(1 for line in self._source.splitlines() if line.strip())

    def _occurrences(self, unit: str) -> int:
        """Count the occurrences in the source of the unit's most frequent value."""
        values = {_plain(quoted) or number for quoted, number in _SCALAR.findall(unit * 2)} - {""}
        for value in sorted(values, key=lambda value: (len(value), value))[:_COUNTED]:
            if value not in self._counts:
                self._counts[value] = self._source.count(value)
        return max((self._counts.get(value, 0) for value in values), default=0)


def _period(text: str) -> int | None:
    """Return the characters after which the end of the text repeats, None where it does not."""
    end = len(text)
    start = max(0, end - _LONGEST_UNIT - _PROBE)
    before = text.rfind(text[end - _PROBE :], start, end - 1)
    return None if before < 0 else end - _PROBE - before


def _run(text: str, period: int) -> int:
    """Return the number of characters at the end of the text that repeat with this period."""
    good, bad = period, len(text) + 1
    while bad - good > 1:
        length = (good + bad) // 2
        tail = text[-length:]
        if tail[period:] == tail[:-period]:
            good = length
        else:
            bad = length
    return good


def _is_quoted_after(state: JsonScanner, character: str) -> bool:
    state.take(character.encode("utf-8", "replace"))
    return state.quoted


def _plain(unit: str) -> str:
    """Decode a piece of a JSON string, which may begin within an escape."""
    for start in range(min(len(unit), _LONGEST_ESCAPE)):
        try:
            return str(json.loads(f'"{unit[start:]}{unit[:start]}"'))
        except ValueError:
            continue
    return unit


def _dense(text: str) -> str:
    """Remove all white space: documents are wrapped and indented."""
    return "".join(text.split())
