"""Parts of HTTP responses: encoded bodies, server-sent events, Retry-After.

The client and the remote engine use this module. The parsers take bytes in chunks of any size and bound the
memory that they use. Events follow the HTML standard:
https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_RESPONSE_BYTES = 64 * 2**20
"""Default bound of one response, or of one event of a stream."""
LONGEST_WAIT = 86_400.0
"""Upper bound of `Retry-After` in seconds: one day."""
_PIECE_BYTES = 2**16
_ZLIB_WINDOW_BITS = 47
"""Window bits with which zlib reads gzip as well as deflate."""
_LINE_END = re.compile("\r\n|\n|\r")


class ResponseDecodingError(ValueError):
    """A response is too large, or its encoding is not the declared one."""


def response_too_large(allowed: int, what: str = "the response") -> ResponseDecodingError:
    """Return the error of a response beyond the bound, which names the setting."""
    return ResponseDecodingError(
        f"{what} is larger than {allowed} bytes: raise max_response_bytes to read it"
    )


class BodyDecoder:
    """Decode the Content-Encoding of one body, in pieces of at most 64 KiB.

    The clients request no encoding, but proxies may add gzip or deflate.
    """

    def __init__(self, encoding: str = "") -> None:
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise ResponseDecodingError(
                f"the response has the encoding {encoding[:40]!r}, which was not asked for"
            )
        self._zlib = None if name in ("", "identity") else zlib.decompressobj(_ZLIB_WINDOW_BITS)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the decoded bytes. Empty `data` ends the body; `ResponseDecodingError` if it was cut off."""
        if self._zlib is None:
            if data:
                yield data
            return
        if not data and not self._zlib.eof:
            raise ResponseDecodingError("the compressed response broke off")
        try:
            while data and not self._zlib.eof:
                if piece := self._zlib.decompress(data, _PIECE_BYTES):
                    yield piece
                data = self._zlib.unconsumed_tail
        except zlib.error as error:
            raise ResponseDecodingError(f"the compressed response cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """A server-sent event; `name` is "message" if the stream gives none."""

    name: str
    data: str


class EventParser:
    """Parse server-sent events from chunks of bytes, wherever the chunks are cut.

    Raises `ResponseDecodingError` for an event of more than `allowed` characters.
    """

    def __init__(self, allowed: int = MAX_RESPONSE_BYTES) -> None:
        self._allowed = allowed
        self._line_size = self._data_size = 0
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._line: list[str] = []
        self._after_return = False
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Return the events that end in this chunk; the rest is kept for the next one."""
        text = self._decoder.decode(chunk)
        if text and self._after_return:
            self._after_return = False
            text = text.removeprefix("\n")  # the second half of a CRLF that the chunks divide
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
        """Append to the current line, within the bound of the event."""
        self._line_size += len(text)
        if self._line_size + self._data_size > self._allowed:
            raise response_too_large(self._allowed, "an event of the stream")
        self._line.append(text)

    def _take(self, line: str) -> list[ServerSentEvent]:
        """Process a whole line: an empty line ends an event, a line with a leading colon is a comment."""
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

    def _dispatch(self) -> list[ServerSentEvent]:
        name, data = self._name or "message", self._data
        self._name, self._data, self._data_size = "", [], 0
        return [ServerSentEvent(name, "\n".join(data))] if data else []


def parse_retry_after(retry_after: str) -> float | None:
    """Parse `Retry-After`, a number of seconds or a date, to seconds; None if it is neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:400]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
        left = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(0.0, left), LONGEST_WAIT)
