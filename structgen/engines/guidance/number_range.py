"""JSON text as it grows. A grammar lets `1e999` pass, for it does not count exponents: this does."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from math import isinf

from structgen.json_text import MAX_DIGITS

_CONTINUES = frozenset("0123456789+-.eE")
_KEPT = 512
"""Numbers of which it is known what may not come next."""
_RUN = re.compile("[-0-9+.eE]*")
_E = re.compile("[eE]")
_SAFE = 300
"""Characters with which a number without exponent is surely within a double, whatever comes next to it."""


class Text:
    """Follows a JSON text as it grows, and tells which pieces would take a number out of range."""

    def __init__(self) -> None:
        self.quoted = self._escaped = False
        """`quoted`: inside a string."""
        self.literal = ""
        """The number, so far, that stands at the end."""

    def copy(self) -> Text:
        made = Text()
        made.quoted, made._escaped, made.literal = self.quoted, self._escaped, self.literal
        return made

    def fits(self, piece: bytes) -> bool:
        """Whether the piece may come next. A number that is cut short can always be ended."""
        return self.copy().take(piece)

    def take(self, piece: bytes) -> bool:
        """Go on by a piece; false where a number left the range."""
        fitting = True
        for char in piece.decode("latin-1"):
            if self.quoted:
                self.quoted = self._escaped or char != '"'
                self._escaped = char == "\\" and not self._escaped
            elif char == '"':
                self.quoted, self.literal = True, ""
            elif char in "-0123456789" or (self.literal and char in _CONTINUES):
                self.literal += char
                fitting = fitting and _representable(self.literal)
            else:
                self.literal = ""
        return fitting


class Ranges:
    """Which tokens of a vocabulary a grammar would allow, and no number may take."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._tokens: dict[str, list[int]] = defaultdict(list)
        """By what a piece adds to the number before it: there are far fewer of these."""
        for token, piece in enumerate(pieces):
            if run := _RUN.match(piece.decode("latin-1"))[0]:  # type: ignore[index]
                self._tokens[run].append(token)
        self._digits = [run for run in self._tokens if run.isdecimal()]
        self._others = [run for run in self._tokens if not run.isdecimal()]
        self._alone = self._beyond(Text(), self._others)
        self._known: OrderedDict[str, list[int]] = OrderedDict()

    def barred(self, text: Text) -> list[int]:
        """Tokens that may not come next; seldom any."""
        if text.quoted or not text.literal:
            return [] if text.quoted else self._alone
        found = self._known.get(text.literal)
        if found is None:
            found = self._known[text.literal] = self._after(text)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found

    def _after(self, text: Text) -> list[int]:
        literal = text.literal
        runs = [run for run in self._others if len(run) > 1 or len(literal) >= _SAFE]
        if "e" in literal or "E" in literal:
            runs += [run for run in self._digits if not _small(literal, run)]
        elif "." not in literal:  # no digit after a point takes a number far
            runs += [run for run in self._digits if len(literal) + len(run) > MAX_DIGITS]
        return self._beyond(text, runs)

    def _beyond(self, text: Text, runs: Sequence[str]) -> list[int]:
        return [t for run in runs if not text.fits(run.encode("latin-1")) for t in self._tokens[run]]


def _small(literal: str, digits: str) -> bool:
    """Whether the number with those digits at its exponent is surely within the range."""
    mantissa, exponent = _E.split(literal, maxsplit=1)
    if exponent.startswith("-"):
        return True
    power = "0" + (exponent + digits).lstrip("+").lstrip("0")
    return power.isdecimal() and len(power) <= 4 and int(power) + len(mantissa) <= _SAFE


def _representable(literal: str) -> bool:
    if literal.lstrip("-").isdecimal():
        return len(literal) <= MAX_DIGITS
    whole = literal.rstrip("+-.eE")
    try:
        return not (whole and isinf(float(whole)))
    except ValueError:  # no number: that is the grammar's affair
        return True
