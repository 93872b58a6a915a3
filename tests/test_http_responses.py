"""Server-sent events are read alike however the bytes were cut on their way."""

from __future__ import annotations

import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.http_responses import (
    LONGEST_WAIT,
    BodyDecoder,
    EventParser,
    ResponseDecodingError,
    ServerSentEvent,
    parse_retry_after,
)

CASES = {
    "named": (b"event: partial\ndata: {}\n\n", [ServerSentEvent("partial", "{}")]),
    "unnamed": (b"data: x\n\n", [ServerSentEvent("message", "x")]),
    "several data lines": (b"data: a\ndata:b\ndata\n\n", [ServerSentEvent("message", "a\nb\n")]),
    "CRLF": (b"event: a\r\ndata: x\r\n\r\n", [ServerSentEvent("a", "x")]),
    "CR": (b"event: a\rdata: x\r\r", [ServerSentEvent("a", "x")]),
    "comments": (b": keep open\n\ndata: x\n: more\n\n", [ServerSentEvent("message", "x")]),
    "no data": (b"event: a\n\ndata: x\n\n", [ServerSentEvent("message", "x")]),
    "one space alone is dropped": (b"data:  x\n\n", [ServerSentEvent("message", " x")]),
    "unknown fields": (b"id: 1\nretry: 5\nother: 2\ndata: x\n\n", [ServerSentEvent("message", "x")]),
    "byte order mark": (b"\xef\xbb\xbfdata: x\n\n", [ServerSentEvent("message", "x")]),
    "line separators of Unicode": (
        "data: a\u2028b\x85c\n\n".encode(),
        [ServerSentEvent("message", "a\u2028b\x85c")],
    ),
    "cut off at the end": (b"data: x\n\ndata: y\n", [ServerSentEvent("message", "x")]),
}


def fed(*chunks: bytes) -> list[ServerSentEvent]:
    parser = EventParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


@pytest.mark.parametrize(("text", "events"), CASES.values(), ids=CASES.keys())
def test_reads_the_format(text: bytes, events: list[ServerSentEvent]) -> None:
    """Whole, and byte by byte, the stream gives the events of the standard."""
    assert fed(text) == events
    assert fed(*(text[i : i + 1] for i in range(len(text)))) == events


STREAMS = (
    st.lists(
        st.sampled_from(
            [
                b"event: a",
                b"data: x",
                b"data:",
                "data: é\u2028😀".encode(),
                b":",
                b"\n",
                b"\r",
                b"\r\n",
                b"\xf0\x9f",
            ]
        )
    ).map(b"".join)
    | st.binary()
)


@given(STREAMS, st.data())
def test_cuts_change_nothing(stream: bytes, data: st.DataObject) -> None:
    """Any chunking of any bytes gives the same events."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    edges = [0, *cuts, len(stream)]
    assert fed(*(stream[a:b] for a, b in pairwise(edges))) == fed(stream)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["partial", "text", "result"]),
        st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), min_size=1),
    )
)


@given(EVENTS, st.sampled_from(["\n", "\r", "\r\n"]))
def test_what_was_written_is_read(events: list[tuple[str, str]], end: str) -> None:
    """Names and data come back, whatever ends the lines."""
    lines = [
        [f"event: {name}", *(f"data: {part}" for part in text.split("\n")), "", ""] for name, text in events
    ]
    stream = "".join(end.join(block) for block in lines).encode()
    assert fed(stream) == [ServerSentEvent(name, text) for name, text in events]


def standard(stream: bytes) -> list[ServerSentEvent]:
    """The events of a whole stream by the steps of the HTML standard, one after the other."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    events, name, data = list[ServerSentEvent](), "", list[str]()
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]:
        if line == "":
            if data:
                events.append(ServerSentEvent(name or "message", "\n".join(data)))
            name, data = "", []
        elif not line.startswith(":"):
            member, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            name = value if member == "event" else name
            data += [value] if member == "data" else []
    return events


LINES = st.sampled_from(
    [b"", b"", b"data: x", b"data", b"data:", b"data:  y", b"event: a", b"event", b": c", b":", b"id: 1", b"da: \xe2\x82", b"\xef\xbb\xbfdata: z"]
)  # fmt: skip
WHOLE = st.tuples(
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf"]),
    st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r", b"\r\n"])).map(b"".join)).map(b"".join),
).map(b"".join)


@given(WHOLE, st.data())
def test_events_are_those_of_the_standard(stream: bytes, data: st.DataObject) -> None:
    """With any ends of lines, with a byte order mark, cut anywhere."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    edges = [0, *cuts, len(stream)]
    assert fed(*(stream[a:b] for a, b in pairwise(edges))) == standard(stream)


@given(st.integers(1, 40), st.integers(1, 9))
def test_an_event_is_bounded_by_its_characters(size: int, step: int) -> None:
    """However it is cut into chunks or lines; what ended before does not count."""
    parser, line = EventParser(40), b"data: " + b"x" * 33 + b"\n\n"
    for _ in range(3):
        assert len(parser.feed(line)) == 1
    chunk = (b"data: " + b"x" * size + b"\n") * step
    with pytest.raises(ResponseDecodingError, match="larger than 40 bytes: raise max_response_bytes"):
        _ = [parser.feed(chunk) for _ in range(0, 82, step)]


DATES = st.builds(
    "Sat, {:02} {} {:04} 00:00:{:02} {}".format,
    st.integers(0, 40),
    st.sampled_from(["Jan", "Feb", "Xyz"]),
    st.integers(0, 10_000),
    st.integers(0, 61),
    st.sampled_from(["GMT", "+2359", "-2359", "-9999", "", "x"]),
)


@given(st.text() | st.integers().map(str) | DATES)
def test_a_wait_can_always_be_waited(text: str) -> None:
    """A number of seconds within a day, or none."""
    wait = parse_retry_after(text)
    assert wait is None or 0 <= wait <= LONGEST_WAIT


def unpacked(encoding: str, *chunks: bytes) -> bytes:
    decoder = BodyDecoder(encoding)
    pieces = [piece for chunk in (*chunks, b"") for piece in decoder.feed(chunk)]
    assert all(0 < len(piece) <= 2**16 for piece in pieces)
    return b"".join(pieces)


@given(st.binary() | st.integers(0, 300_000).map(bytes), st.sampled_from(["gzip", "deflate"]), st.data())
def test_bodies_are_unpacked_in_small_pieces(body: bytes, encoding: str, data: st.DataObject) -> None:
    """However well they were compressed, and however the bytes are cut."""
    packed = gzip.compress(body) if encoding == "gzip" else zlib.compress(body)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(packed)), max_size=8)))
    edges = [0, *cuts, len(packed)]
    chunks = [chunk for a, b in pairwise(edges) if (chunk := packed[a:b])]
    assert unpacked(encoding, *chunks) == body
    with pytest.raises(ResponseDecodingError, match="broke off"):
        unpacked(encoding, packed[: data.draw(st.integers(0, len(packed) - 1))])


@given(st.lists(st.binary(min_size=1)))
def test_bytes_that_are_not_compressed_are_told(chunks: list[bytes]) -> None:
    """Random bytes are no body of the encoding that they are said to have."""
    with pytest.raises(ResponseDecodingError):
        unpacked("gzip", *chunks)
