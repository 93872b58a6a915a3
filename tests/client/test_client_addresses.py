"""The client connects only to the given address, and its key goes nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from both_clients import HEALTH, BothClients
from rawserver import RawServer, raw_server, whole

from structgen import AsyncClient, Client
from structgen.endpoint import validated_endpoint
from structgen.errors import BadResponse, ConfigError, ConnectionFailed, Unauthorized
from structgen.loopback import reaches_this_machine


def test_a_refused_connection_names_the_address(either: BothClients) -> None:
    """The error asks whether the service runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(
        ConnectionFailed, match=rf"cannot connect to http://127\.0\.0\.1:{port}: is it running"
    ):
        either.health(f"http://127.0.0.1:{port}", max_retries=0)


UNAUTHORIZED = whole(
    b'{"type":"/problems/unauthorized","title":"Unauthorized","status":401,"detail":"a key is needed"}',
    status="401 Unauthorized",
)


@pytest.mark.parametrize(
    ("key", "words"), [(None, "the request had no API key"), ("wrong", "the service refuses the API key")]
)
def test_a_wrong_key_and_a_missing_key_have_different_messages(
    either: BothClients, key: str | None, words: str
) -> None:
    """The service gives the same response in both cases."""
    with raw_server(lambda: [UNAUTHORIZED]) as server, pytest.raises(Unauthorized, match=words):
        either.health(server.url, key)


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
def test_a_trailing_version_in_the_address_is_ignored(suffix: str) -> None:
    """The addresses of OpenAI-compatible APIs end in /v1; those of the service may."""
    with (
        raw_server(lambda: [whole(b'{"data":[{"id":"m"}]}')]) as server,
        Client(server.url + suffix) as client,
    ):
        assert client.models() == ["m"]
    assert server.heads[0].startswith("GET /v1/models ")


def test_a_path_before_the_version_is_kept() -> None:
    """A gateway may serve the API under a path."""
    with raw_server(lambda: [whole(b'{"data":[]}')]) as server, Client(f"{server.url}/json/v1") as client:
        assert client.models() == []
    assert server.heads[0].startswith("GET /json/v1/models ")


def test_a_redirect_is_not_followed(either: BothClients) -> None:
    """The error names the other address, which does not get the key."""
    with raw_server(lambda: [whole(HEALTH)]) as other:
        moved = whole(b"", f"Location: {other.url}/", status="307 Temporary Redirect")
        with raw_server(lambda: [moved]) as server, pytest.raises(BadResponse, match=other.url):
            either.health(server.url, "secret")
    assert other.heads == []


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    """Start a proxy that the environment names for every address, and that responds itself."""
    with raw_server(lambda: [whole(HEALTH)]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, server.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield server


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1"])
def test_requests_to_loopback_use_no_proxy(either: BothClients, proxy: RawServer, host: str) -> None:
    """The proxy does not see the key."""
    with raw_server(lambda: [whole(b'{"status":"direct"}')]) as server:
        assert either.health(f"http://{host}:{server.port}", "secret") == {"status": "direct"}
    assert proxy.heads == []


def test_requests_to_other_hosts_use_the_proxy(either: BothClients, proxy: RawServer) -> None:
    """The proxy gets the request with the key."""
    assert either.health("http://service.invalid:8000", "secret") == {"status": "ok"}
    assert proxy.heads[0].startswith("GET http://service.invalid:8000/health ")
    assert "authorization: bearer secret" in proxy.heads[0].lower()


def test_requests_to_hosts_in_no_proxy_use_no_proxy(
    either: BothClients, proxy: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A domain in NO_PROXY stands for all of its hosts."""
    monkeypatch.setenv("NO_PROXY", "example.org, .invalid")
    with pytest.raises(ConnectionFailed, match=r"cannot connect to http://service\.invalid"):
        either.health("http://service.invalid", max_retries=0)
    assert proxy.heads == []


def test_an_unreachable_proxy_is_named(either: BothClients, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error has the address of the service and of the proxy."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free.getsockname()[1]}")
    with pytest.raises(ConnectionFailed, match=r"service\.invalid through the proxy 127\.0\.0\.1"):
        either.health("http://service.invalid", max_retries=0)


def test_a_netrc_does_not_replace_the_key(
    either: BothClients, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The client sends the key that it was given, and no other credentials."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login ada password lovelace\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with raw_server(lambda: [whole(HEALTH)]) as server:
        either.health(server.url, "secret")
        either.health(server.url)
    assert "authorization: bearer secret" in server.heads[0].lower()
    assert "authorization" not in server.heads[1].lower()


def test_the_repr_of_an_endpoint_has_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracebacks and logs may show it."""
    monkeypatch.setenv("https_proxy", "http://ada:hidden@proxy.invalid")
    known = validated_endpoint("https://example.invalid", "hidden", setting="base_url")
    assert known.proxy is not None
    assert "hidden" not in repr(known)


@pytest.mark.parametrize(
    ("host", "loopback"),
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
def test_loopback_addresses_are_recognised(host: str, loopback: bool) -> None:
    """Names, short forms, integers and mapped IPv6 addresses count."""
    assert reaches_this_machine(host) is loopback


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "time-out of zero": (lambda: Client("http://x", timeout=0), "timeout"),
    "time-out that is no number": (lambda: Client("http://x", timeout=float("nan")), "timeout"),
    "time-out without an end": (lambda: AsyncClient("http://x", timeout=float("inf")), "timeout"),
    "no room for an answer": (lambda: Client("http://x", max_response_bytes=0), "max_response_bytes"),
    "two credentials": (lambda: Client("http://ada:pw@x", "key"), "give only one of them"),
    "a query": (lambda: Client("http://x/?a=b"), "query"),
}


@pytest.mark.parametrize(("make", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_setting_that_cannot_work_is_refused_with_its_name(make: Callable[[], Any], words: str) -> None:
    """The constructor raises `ConfigError`."""
    with pytest.raises(ConfigError, match=words):
        make()
