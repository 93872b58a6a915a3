"""End a growing text before the first of several stop texts."""

from __future__ import annotations

from collections.abc import Sequence


class TextStop:
    """Holds back a text that may begin a stop text, and ends the text before the first whole one."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.reached = False
        """Whether a stop text was found: nothing follows."""

    def feed(self, text: str) -> str:
        """Return the text that surely precedes every stop text."""
        if self.reached or not self._stops:
            return "" if self.reached else text
        self._held += text
        starts = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if starts:
            self.reached = True
            return self._release(min(starts))
        return self._release(len(self._held) - self._partial_stop())

    def end(self) -> str:
        """Return what was held back at the end of the text."""
        return "" if self.reached else self._release(len(self._held))

    def _release(self, length: int) -> str:
        released, self._held = self._held[:length], self._held[length:]
        return released

    def _partial_stop(self) -> int:
        """Return the length of the longest end of the text that begins a stop text."""
        longest = min(len(self._held), max(map(len, self._stops)) - 1)
        for length in range(longest, 0, -1):
            if any(stop.startswith(self._held[-length:]) for stop in self._stops):
                return length
        return 0
