"""Hold one reading of a text so far: its place, its open containers, its cost, and what it read."""

from __future__ import annotations

from typing import Any, NamedTuple

from structgen.parsing.tolerant.frames import Frame

KEY, ITEM, AFTER, DONE, COLON, VALUE, STRING, BARE, CONCATENATED = range(9)
"""What a reading reads next: a key, an item, what follows a value; nothing, at its end; a colon, a member's
value, the rest of a string after a quote within it, the rest of a value without quotes. `CONCATENATED` is
only a phase to go back to: the string is added to the one before."""
FIRST, NO_COMMA = -1, -2
"""For `comma_at`: an opening bracket precedes the place; or a value, and no comma."""

Event = tuple[Any, ...]
(PUT_VALUE, PUT_KEY, PUT_MEMBER, OPEN, CLOSE, FIX, DROP, WRAP, CUT, MARK_CUT, PUT_STRING, POP, TURN) = range(
    13
)
"""Kinds of events; `builder` says what each holds."""


class Chunk:
    """Events that several readings share."""

    __slots__ = ("events", "previous")

    def __init__(self, previous: Chunk | None, events: list[Event]) -> None:
        self.previous, self.events = previous, events


class Rival(NamedTuple):
    """A reading that came to a state in which a cheaper one was before.

    The state is that of the cheaper reading behind the first `length` of these events.
    """

    events: list[Event]
    length: int
    chunk: Chunk
    """The last events of the dearer reading."""
    cost: float
    """How much more it costs."""


class Reading:
    """One reading of a text, up to `at`."""

    __slots__ = (
        "at", "back", "chunk", "comma_at", "cost", "events", "frame", "inner_open", "key", "key_at", "phase",
        "quote", "quotes", "start",
    )  # fmt: skip

    def __init__(self, at: int, phase: int) -> None:
        self.at, self.phase = at, phase
        self.frame: Frame | None = None
        self.cost = 0.0
        self.chunk: Chunk | None = None
        self.events: list[Event] = []
        self.key: str | None = None
        self.key_at = self.comma_at = FIRST
        self.start = 0
        """Where the open string, or value without quotes, begins."""
        self.back = VALUE
        """The phase that the open string, or value without quotes, was read in."""
        self.quote = ""
        """The quote that opened the string."""
        self.quotes = 0
        """Quotes within the string so far, or the marks behind which a text without quotes went on."""
        self.inner_open = False
        """Whether the string has an inner opening quote without its second one."""

    def freeze(self) -> Chunk:
        """Return the events so far as a chunk that readings can share."""
        if self.events or self.chunk is None:
            self.chunk = Chunk(self.chunk, self.events)
            self.events = []
        return self.chunk

    def doubt_last_fix(self) -> None:
        """Mark the fix that was recorded just before as doubtful."""
        self.events[-1] += (True,)

    def fork(self, cost: float) -> Reading:
        """Return another reading with the same past, at an additional cost."""
        other = Reading.__new__(Reading)
        other.chunk = self.freeze()
        other.events = []
        other.at, other.phase = self.at, self.phase
        other.frame, other.cost = self.frame, self.cost + cost
        other.key, other.key_at, other.comma_at = self.key, self.key_at, self.comma_at
        other.start, other.quote, other.inner_open = self.start, self.quote, self.inner_open
        other.back, other.quotes = self.back, self.quotes
        return other
