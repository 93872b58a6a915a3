"""What HTTP answers carry, for our client and the remote engine: bodies, server-sent events, Retry-After.

Events are read from bytes that arrive in any pieces, as the HTML standard reads them. What is kept in memory
is bounded, whatever a server sends.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_ANSWER_BYTES = 64 * 2**20
"""The usual bound on one answer, or on one event of a stream."""
LONGEST_WAIT = 86_400.0
"""Seconds that a `Retry-After` beyond a day is taken for."""
_PIECE = 2**16
_ZLIB = 47
"""Window bits of zlib that read gzip as well as deflate."""
_LINE_END = re.compile("\r\n|\n|\r")


class WireFault(ValueError):
    """An answer that is too large, or that is not encoded as it says."""


def too_large(allowed: int, what: str = "the answer") -> WireFault:
    """Return the fault of an answer beyond the bound, which names the setting."""
    return WireFault(f"{what} is larger than {allowed} bytes: raise max_answer_bytes to read it")


class BodyDecoder:
    """Undo the Content-Encoding of one body, in pieces of 64 KiB at most however well it was compressed.

    No encoding is asked for; gzip and deflate are read all the same, because proxies may add them.
    """

    def __init__(self, encoding: str = "") -> None:
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise WireFault(f"the answer is encoded as {encoding[:40]!r}, which was not asked for")
        self._zlib = None if name in ("", "identity") else zlib.decompressobj(_ZLIB)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the decoded bytes. An empty `data` is the end of the body: `WireFault` where it was cut."""
        if self._zlib is None:
            if data:
                yield data
            return
        if not data and not self._zlib.eof:
            raise WireFault("the compressed answer broke off")
        try:
            while data and not self._zlib.eof:
                if piece := self._zlib.decompress(data, _PIECE):
                    yield piece
                data = self._zlib.unconsumed_tail
        except zlib.error as error:
            raise WireFault(f"the compressed answer cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: `name` is "message" where the stream gave none."""

    name: str
    data: str


class EventParser:
    """Fed with bytes, gives the events that they complete. How the bytes are cut changes nothing.

    `WireFault` for an event, or a line of one, of more than `allowed` characters.
    """

    def __init__(self, allowed: int = MAX_ANSWER_BYTES) -> None:
        self._allowed = allowed
        self._line_size = self._data_size = 0
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
        self._grow(first)
        events = []
        for start in others:
            line, self._line, self._line_size = "".join(self._line), [], 0
            events += self._take(line)
            self._grow(start)
        return events

    def _grow(self, text: str) -> None:
        """Keep more of a line; what is kept in all is bounded."""
        self._line_size += len(text)
        if self._line_size + self._data_size > self._allowed:
            raise too_large(self._allowed, "an event of the stream")
        self._line.append(text)

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
            self._data_size += len(value) + 1
        return []

    def _dispatch(self) -> list[ServerEvent]:
        name, data = self._name or "message", self._data
        self._name, self._data, self._data_size = "", [], 0
        return [ServerEvent(name, "\n".join(data))] if data else []


def seconds(retry_after: str) -> float | None:
    """`Retry-After` is a number of seconds or a date; None where it is neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:400]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
        left = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(0.0, left), LONGEST_WAIT)
