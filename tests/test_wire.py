"""Server-sent events are read alike however the bytes were cut on their way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.wire import EventParser, ServerEvent

CASES = {
    "named": (b"event: partial\ndata: {}\n\n", [ServerEvent("partial", "{}")]),
    "unnamed": (b"data: x\n\n", [ServerEvent("message", "x")]),
    "several data lines": (b"data: a\ndata:b\ndata\n\n", [ServerEvent("message", "a\nb\n")]),
    "CRLF": (b"event: a\r\ndata: x\r\n\r\n", [ServerEvent("a", "x")]),
    "CR": (b"event: a\rdata: x\r\r", [ServerEvent("a", "x")]),
    "comments": (b": keep open\n\ndata: x\n: more\n\n", [ServerEvent("message", "x")]),
    "no data": (b"event: a\n\ndata: x\n\n", [ServerEvent("message", "x")]),
    "one space alone is dropped": (b"data:  x\n\n", [ServerEvent("message", " x")]),
    "unknown fields": (b"id: 1\nretry: 5\nother: 2\ndata: x\n\n", [ServerEvent("message", "x")]),
    "byte order mark": (b"\xef\xbb\xbfdata: x\n\n", [ServerEvent("message", "x")]),
    "line separators of Unicode": (
        "data: a\u2028b\x85c\n\n".encode(),
        [ServerEvent("message", "a\u2028b\x85c")],
    ),
    "cut off at the end": (b"data: x\n\ndata: y\n", [ServerEvent("message", "x")]),
}


def fed(*chunks: bytes) -> list[ServerEvent]:
    parser = EventParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


@pytest.mark.parametrize(("text", "events"), CASES.values(), ids=CASES.keys())
def test_reads_the_format(text: bytes, events: list[ServerEvent]) -> None:
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
    assert fed(stream) == [ServerEvent(name, text) for name, text in events]
