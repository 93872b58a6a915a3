"""No server holds a client beyond its timeout or fills its memory."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from both_clients import HEAD, HEALTH, BothClients
from rawserver import Script, raw_server, whole

from structgen import Client
from structgen.errors import BadResponse, DeadlineExceeded, StructgenError


def dripped(begin: bytes, drop: bytes) -> Script:
    """Send the beginning, and then a few bytes every 50 ms without an end."""

    def script() -> Iterator[bytes | float]:
        yield begin
        while True:
            yield 0.05
            yield drop

    return script


DRIPPING = {
    "status line": dripped(b"HTTP/1.1 2", b""),
    "headers": dripped(HEAD, b"X-A: b\r\n"),
    "one header": dripped(HEAD + b"X-A: ", b"b"),
    "interim answers": dripped(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "body": dripped(HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "chunks": dripped(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "trailers": dripped(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X-A: b\r\n"),
}


@pytest.mark.parametrize("script", DRIPPING.values(), ids=DRIPPING.keys())
def test_a_timeout_bounds_a_response_that_arrives_byte_by_byte(either: BothClients, script: Script) -> None:
    """`timeout` bounds the whole call, not each read of the socket."""
    with raw_server(script) as server:
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded, match=r"0\.4 s"):
            either.health(server.url, timeout=0.4)
        assert time.monotonic() - began < 5


def test_each_call_of_a_shared_client_has_its_own_deadline() -> None:
    """Fifty threads share a client, and all of their calls end with the timeout."""

    def ask(client: Client) -> type[BaseException] | None:
        try:
            client.health()
        except StructgenError as error:
            return type(error)
        return None

    with raw_server(DRIPPING["one header"]) as server, Client(server.url, timeout=0.5) as client:
        began = time.monotonic()
        with ThreadPoolExecutor(50) as threads:
            ended = list(threads.map(ask, [client] * 50))
        assert ended == [DeadlineExceeded] * 50
        assert time.monotonic() - began < 10


def test_a_timeout_bounds_a_request_that_the_server_does_not_read(either: BothClients) -> None:
    """The request is larger than the buffers of the sockets."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            either.validate(url, "x" * 30_000_000, timeout=0.4)
        assert time.monotonic() - began < 10


def endless(head: bytes, piece: bytes) -> Script:
    """Send the head, and then the piece again and again."""

    def script() -> Iterator[bytes | float]:
        yield head
        while True:
            yield piece

    return script


def test_a_body_larger_than_max_response_bytes_is_refused(either: BothClients) -> None:
    """The client does not read the rest."""
    with raw_server(endless(HEAD + b"\r\n", b" " * 65536)) as server:
        tracemalloc.start()
        try:
            with pytest.raises(BadResponse, match="max_response_bytes"):
                either.health(server.url, max_response_bytes=2**20)
            assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
        finally:
            tracemalloc.stop()


def deflated(megabytes: int) -> bytes:
    """Return compressed zeros."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(2**20)
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


BOMB = deflated(200)


def test_a_compressed_body_is_not_unpacked_beyond_max_response_bytes(either: BothClients) -> None:
    """The client refuses 200 MB of zeros in 200 KB after the first MB."""
    with raw_server(lambda: [whole(BOMB, "Content-Encoding: gzip")]) as server:
        tracemalloc.start()
        try:
            with pytest.raises(BadResponse, match="1048576 bytes: raise max_response_bytes"):
                either.health(server.url, max_response_bytes=2**20)
            assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("piece", [b"x" * 65536, b"data: x\n" * 8192], ids=["one line", "one event"])
def test_an_event_larger_than_max_response_bytes_is_refused(either: BothClients, piece: bytes) -> None:
    """Each line and each event is bounded, not the stream as a whole."""
    with raw_server(endless(HEAD + b"\r\ndata: ", piece)) as server:
        tracemalloc.start()
        try:
            with pytest.raises(BadResponse, match=r"an event of the stream.* max_response_bytes"):
                either.stream(server.url, max_response_bytes=2**18)
            assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["identity", "gzip", "x-gzip", "deflate", "GZIP"])
def test_a_response_that_a_proxy_compressed_is_read(either: BothClients, encoding: str) -> None:
    """The client asks for no encoding, and reads gzip and deflate."""
    pack = {"identity": bytes, "deflate": zlib.compress}.get(encoding, gzip.compress)
    with raw_server(lambda: [whole(pack(HEALTH), f"Content-Encoding: {encoding}")]) as server:
        assert either.health(server.url) == {"status": "ok"}
    assert "accept-encoding: identity" in server.heads[0].lower()


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (HEALTH, "br", "'br', which was not asked for"),
        (HEALTH, "gzip, gzip", "not asked for"),
        (HEALTH, "gzip", "cannot be read"),
        (gzip.compress(HEALTH)[:-9], "gzip", "broke off"),
    ],
    ids=["another encoding", "two encodings", "not compressed", "cut off"],
)
def test_a_response_that_cannot_be_decoded_is_refused(
    either: BothClients, body: bytes, encoding: str, words: str
) -> None:
    """The client raises `BadResponse`, which names the encoding or the damage."""
    with (
        raw_server(lambda: [whole(body, f"Content-Encoding: {encoding}")]) as server,
        pytest.raises(BadResponse, match=words),
    ):
        either.health(server.url)
