"""What HTTP answers carry, as our client and the remote engine read it: server-sent events, Retry-After.

Events are read from bytes that arrive in any pieces, as the HTML standard reads them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LINE_END = re.compile("\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: `name` is "message" where the stream gave none."""

    name: str
    data: str


class EventParser:
    """Fed with bytes, gives the events that they complete. How the bytes are cut changes nothing."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._line: list[str] = []
        self._after_return = False
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """The events that end within this chunk; what is left waits for the next."""
        text = self._decoder.decode(chunk)
        if text and self._after_return:
            self._after_return = False
            text = text.removeprefix("\n")  # the second half of a CRLF that was cut in two
        if not text:
            return []
        self._after_return = text.endswith("\r")
        first, *others = _LINE_END.split(text)
        self._line.append(first)
        events = []
        for start in others:
            events += self._take("".join(self._line))
            self._line = [start]
        return events

    def _take(self, line: str) -> list[ServerEvent]:
        """One whole line: an empty one ends an event, a leading colon makes a comment."""
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        return []

    def _dispatch(self) -> list[ServerEvent]:
        name, data = self._name or "message", self._data
        self._name, self._data = "", []
        return [ServerEvent(name, "\n".join(data))] if data else []


def seconds(retry_after: str) -> float | None:
    """`Retry-After` is a number of seconds or a date; None where it is neither."""
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (at.astimezone(UTC) - datetime.now(UTC)).total_seconds())
