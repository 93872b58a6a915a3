"""No server holds a client beyond its time-out or fills its memory, and none but the service gets its key."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from rawserver import RawServer, Script, raw_server, whole

from structgen import AsyncClient, Client
from structgen.endpoint import endpoint, is_loopback
from structgen.errors import (
    BadAnswer,
    ConfigError,
    ConnectionFailed,
    DeadlineExceeded,
    StructgenError,
    Unauthorized,
)  # fmt: skip

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
HEALTH = b'{"status":"ok"}'


class Both:
    """One call of either client, from synchronous code."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def health(self, url: str, key: str | None = None, **options: Any) -> dict[str, Any]:
        if self.kind == "sync":
            with Client(url, key, **options) as client:
                return client.health()

        async def ask() -> dict[str, Any]:
            async with AsyncClient(url, key, **options) as client:
                return await client.health()

        return asyncio.run(ask())

    def validate(self, url: str, value: Any, **options: Any) -> list[Any]:
        if self.kind == "sync":
            with Client(url, **options) as client:
                return client.validate({}, value)

        async def ask() -> list[Any]:
            async with AsyncClient(url, **options) as client:
                return await client.validate({}, value)

        return asyncio.run(ask())

    def stream(self, url: str, **options: Any) -> list[Any]:
        if self.kind == "sync":
            with Client(url, **options) as client:
                return list(client.stream("invoice", "text"))

        async def ask() -> list[Any]:
            async with AsyncClient(url, **options) as client:
                return [item async for item in client.stream("invoice", "text")]

        return asyncio.run(ask())


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Both:
    return Both(request.param)


def dripped(begin: bytes, drop: bytes) -> Script:
    """Send the beginning, and then a few bytes now and then, without an end."""

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
def test_a_call_ends_with_its_timeout_however_slowly_the_answer_drips(client: Both, script: Script) -> None:
    """`timeout` bounds the whole call, not each read of the socket."""
    with raw_server(script) as server:
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded, match=r"0\.4 s"):
            client.health(server.url, timeout=0.4)
        assert time.monotonic() - began < 5


def test_fifty_calls_to_dripping_servers_end_together() -> None:
    """One client shared by fifty threads: each call has a deadline of its own."""

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


def test_a_server_that_reads_nothing_ends_with_the_timeout(client: Both) -> None:
    """A request larger than the sockets take is given up too."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            client.validate(url, "x" * 30_000_000, timeout=0.4)
        assert time.monotonic() - began < 10


def endless(head: bytes, piece: bytes) -> Script:
    def script() -> Iterator[bytes | float]:
        yield head
        while True:
            yield piece

    return script


def test_a_body_beyond_the_bound_is_refused_with_the_name_of_the_setting(client: Both) -> None:
    """The rest is not read."""
    with raw_server(endless(HEAD + b"\r\n", b" " * 65536)) as server:
        tracemalloc.start()
        try:
            with pytest.raises(BadAnswer, match="max_answer_bytes"):
                client.health(server.url, max_answer_bytes=2**20)
            assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
        finally:
            tracemalloc.stop()


def deflated(megabytes: int) -> bytes:
    packer, block = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(2**20)
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


BOMB = deflated(200)


def test_a_compressed_body_is_never_unpacked_beyond_the_bound(client: Both) -> None:
    """200 MB of zeros in 200 KB: refused after the first MB."""
    with raw_server(lambda: [whole(BOMB, "Content-Encoding: gzip")]) as server:
        tracemalloc.start()
        try:
            with pytest.raises(BadAnswer, match="1048576 bytes: raise max_answer_bytes"):
                client.health(server.url, max_answer_bytes=2**20)
            assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("piece", [b"x" * 65536, b"data: x\n" * 8192], ids=["one line", "one event"])
def test_a_stream_without_an_end_of_its_event_is_refused(client: Both, piece: bytes) -> None:
    """Lines and events are bounded; the stream as a whole may be long."""
    with raw_server(endless(HEAD + b"\r\ndata: ", piece)) as server:
        tracemalloc.start()
        try:
            with pytest.raises(BadAnswer, match=r"an event of the stream.* max_answer_bytes"):
                client.stream(server.url, max_answer_bytes=2**18)
            assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["identity", "gzip", "x-gzip", "deflate", "GZIP"])
def test_an_answer_that_a_proxy_compressed_is_read(client: Both, encoding: str) -> None:
    """None is asked for."""
    pack = {"identity": bytes, "deflate": zlib.compress}.get(encoding, gzip.compress)
    with raw_server(lambda: [whole(pack(HEALTH), f"Content-Encoding: {encoding}")]) as server:
        assert client.health(server.url) == {"status": "ok"}
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
def test_an_encoding_that_cannot_be_undone_is_told(
    client: Both, body: bytes, encoding: str, words: str
) -> None:
    """As an answer that is not the service's."""
    with (
        raw_server(lambda: [whole(body, f"Content-Encoding: {encoding}")]) as server,
        pytest.raises(BadAnswer, match=words),
    ):
        client.health(server.url)


def test_a_refused_connection_names_the_address(client: Both) -> None:
    """And says what may be wrong."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(
        ConnectionFailed, match=rf"cannot connect to http://127\.0\.0\.1:{port}: is it running"
    ):
        client.health(f"http://127.0.0.1:{port}", max_retries=0)


UNAUTHORIZED = whole(
    b'{"type":"/problems/unauthorized","title":"Unauthorized","status":401,"detail":"a key is needed"}',
    status="401 Unauthorized",
)


@pytest.mark.parametrize(
    ("key", "words"), [(None, "no API key was given"), ("wrong", "the service refuses the API key")]
)
def test_a_wrong_key_is_told_apart_from_none(client: Both, key: str | None, words: str) -> None:
    """The service may say the same in both cases."""
    with raw_server(lambda: [UNAUTHORIZED]) as server, pytest.raises(Unauthorized, match=words):
        client.health(server.url, key)


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
def test_an_address_with_the_version_is_taken_without(suffix: str) -> None:
    """Other APIs have theirs with it."""
    with (
        raw_server(lambda: [whole(b'{"data":[{"id":"m"}]}')]) as server,
        Client(server.url + suffix) as client,
    ):
        assert client.models() == ["m"]
    assert server.heads[0].startswith("GET /v1/models ")


def test_a_path_before_the_version_stays() -> None:
    """As behind a gateway."""
    with raw_server(lambda: [whole(b'{"data":[]}')]) as server, Client(f"{server.url}/json/v1") as client:
        assert client.models() == []
    assert server.heads[0].startswith("GET /json/v1/models ")


def test_a_redirect_is_not_followed_and_named(client: Both) -> None:
    """The key goes nowhere else."""
    with raw_server(lambda: [whole(HEALTH)]) as other:
        moved = whole(b"", f"Location: {other.url}/", status="307 Temporary Redirect")
        with raw_server(lambda: [moved]) as server, pytest.raises(BadAnswer, match=other.url):
            client.health(server.url, "secret")
    assert other.heads == []


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    """A proxy that the environment names for every address; it answers by itself."""
    with raw_server(lambda: [whole(HEALTH)]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, server.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield server


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1"])
def test_this_machine_is_never_asked_through_a_proxy(client: Both, proxy: RawServer, host: str) -> None:
    """The proxy would see the key."""
    with raw_server(lambda: [whole(b'{"status":"direct"}')]) as server:
        assert client.health(f"http://{host}:{server.port}", "secret") == {"status": "direct"}
    assert proxy.heads == []


def test_other_hosts_are_asked_through_the_proxy(client: Both, proxy: RawServer) -> None:
    """As the environment says."""
    assert client.health("http://service.invalid:8000", "secret") == {"status": "ok"}
    assert proxy.heads[0].startswith("GET http://service.invalid:8000/health ")
    assert "authorization: bearer secret" in proxy.heads[0].lower()


def test_hosts_of_no_proxy_are_asked_directly(
    client: Both, proxy: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their domains too."""
    monkeypatch.setenv("NO_PROXY", "example.org, .invalid")
    with pytest.raises(ConnectionFailed, match=r"cannot connect to http://service\.invalid"):
        client.health("http://service.invalid", max_retries=0)
    assert proxy.heads == []


def test_a_proxy_that_is_not_there_is_named(client: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free.getsockname()[1]}")
    with pytest.raises(ConnectionFailed, match=r"service\.invalid through the proxy 127\.0\.0\.1"):
        client.health("http://service.invalid", max_retries=0)


def test_a_netrc_does_not_replace_the_key(
    client: Both, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only the key that was given is sent."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login ada password lovelace\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with raw_server(lambda: [whole(HEALTH)]) as server:
        client.health(server.url, "secret")
        client.health(server.url)
    assert "authorization: bearer secret" in server.heads[0].lower()
    assert "authorization" not in server.heads[1].lower()


def test_no_secret_is_in_the_text_of_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracebacks and logs show it."""
    monkeypatch.setenv("https_proxy", "http://ada:hidden@proxy.invalid")
    known = endpoint("https://example.invalid", "hidden", setting="base_url")
    assert known.proxy is not None
    assert "hidden" not in repr(known)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("app.localhost", True),
        ("127.0.0.1", True),
        ("127.255.3.4", True),
        ("127.1", True),
        ("2130706433", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", True),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("10.0.0.1", False),
        ("::2", False),
        ("fe80::1%eth0", False),
    ],
)
def test_loopback_addresses_are_known(host: str, here: bool) -> None:
    """In each way of writing them."""
    assert is_loopback(host) is here


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "time-out of zero": (lambda: Client("http://x", timeout=0), "timeout"),
    "time-out that is no number": (lambda: Client("http://x", timeout=float("nan")), "timeout"),
    "time-out without an end": (lambda: AsyncClient("http://x", timeout=float("inf")), "timeout"),
    "no room for an answer": (lambda: Client("http://x", max_answer_bytes=0), "max_answer_bytes"),
    "two credentials": (lambda: Client("http://ada:pw@x", "key"), "give one of both"),
    "a query": (lambda: Client("http://x/?a=b"), "no query"),
}


@pytest.mark.parametrize(("make", "words"), WRONG.values(), ids=WRONG.keys())
def test_settings_that_cannot_work_are_told_at_once(make: Callable[[], Any], words: str) -> None:
    """With their name."""
    with pytest.raises(ConfigError, match=words):
        make()
