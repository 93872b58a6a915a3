"""Keep numbers within the range of a double, token by token: a grammar lets `1e999` pass."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from math import isinf

from cachetools import LRUCache

from structgen.engines.json_regions import JsonRegions
from structgen.json_text import MAX_DIGITS

_CONTINUES = frozenset("0123456789+-.eE")
_CACHED = 512
"""Number prefixes whose forbidden tokens are cached."""
_RUN = re.compile("[-0-9+.eE]*")
_E = re.compile("[eE]")
_SAFE = 300
"""Characters below which no token takes a number without exponent out of range."""


class JsonScanner:
    """Incremental scanner of a JSON text: whether it is inside a string, and the number that is open.

    With `regions` it reads an answer of which only these are JSON.
    """

    def __init__(self, regions: JsonRegions | None = None) -> None:
        self.regions = regions
        self.quoted = self._escaped = False
        """`quoted`: the text ends inside a string."""
        self.literal = ""
        """The unfinished number at the end of the text."""

    @property
    def in_json(self) -> bool:
        """Whether the next byte belongs to JSON."""
        return self.regions is None or self.regions.inside

    def copy(self) -> JsonScanner:
        """Return an independent scanner at the same position."""
        copy = JsonScanner(self.regions.copy() if self.regions else None)
        copy.quoted, copy._escaped, copy.literal = self.quoted, self._escaped, self.literal
        return copy

    def fits(self, piece: bytes) -> bool:
        """Return whether every number stays in range after the piece, which is not consumed."""
        return self.copy().take(piece)

    def take(self, piece: bytes) -> bool:
        """Consume a piece of the text; false where a number left the range."""
        return self._read(self.regions.take(piece) if self.regions else piece)

    def _read(self, json: bytes) -> bool:
        in_range = True
        for char in json.decode("latin-1"):
            if self.quoted:
                self.quoted = self._escaped or char != '"'
                self._escaped = char == "\\" and not self._escaped
            elif char == '"':
                self.quoted, self.literal = True, ""
            elif char in "-0123456789" or (self.literal and char in _CONTINUES):
                self.literal += char
                in_range = in_range and _representable(self.literal)
            else:
                self.literal = ""
        return in_range


class NumberRangeMask:
    """The tokens of a vocabulary that a grammar allows and that would take a number out of range."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._tokens: dict[str, list[int]] = defaultdict(list)
        """Tokens by the characters that they add to a number: these are far fewer than the tokens."""
        for token, piece in enumerate(pieces):
            if run := _RUN.match(piece.decode("latin-1"))[0]:  # type: ignore[index]
                self._tokens[run].append(token)
        self._digits = [run for run in self._tokens if run.isdecimal()]
        self._others = [run for run in self._tokens if not run.isdecimal()]
        self._alone = self._beyond(JsonScanner(), self._others)
        self._by_literal: LRUCache[str, list[int]] = LRUCache(_CACHED)

    def forbidden(self, text: JsonScanner) -> list[int]:
        """Return the tokens that may not come next; the list is empty nearly always."""
        if text.quoted or not text.literal:
            return [] if text.quoted or not text.in_json else self._alone
        tokens = self._by_literal.get(text.literal)
        if tokens is None:
            tokens = self._by_literal[text.literal] = self._after(text)
        return tokens

    def _after(self, text: JsonScanner) -> list[int]:
        """Return the forbidden tokens after an unfinished number."""
        literal = text.literal
        runs = [run for run in self._others if len(run) > 1 or len(literal) >= _SAFE]
        if "e" in literal or "E" in literal:
            runs += [run for run in self._digits if not _small(literal, run)]
        elif "." not in literal:  # digits after a decimal point do not make a number larger
            runs += [run for run in self._digits if len(literal) + len(run) > MAX_DIGITS]
        return self._beyond(text, runs)

    def _beyond(self, text: JsonScanner, runs: Sequence[str]) -> list[int]:
        return [t for run in runs if not text.fits(run.encode("latin-1")) for t in self._tokens[run]]


def _small(literal: str, digits: str) -> bool:
    """Return whether a number with those digits appended to its exponent is certainly in range."""
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
    except ValueError:  # malformed: the grammar rejects it
        return True
