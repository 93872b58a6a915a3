"""Connections over raw sockets: silent, slow, unread and too many ones, and early responses."""

from __future__ import annotations

import json
import re
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from structgen.config import Timeouts
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import ConfigError

Serve = Callable[..., str]
Running = Callable[..., AbstractContextManager[str]]
QUICK = Timeouts(header=0.5, body=0.5, write=0.5, idle=1.0)
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
ASK = {"schema": SCHEMA, "document": "x"}


@pytest.fixture(scope="module", params=["httptools", "h11"])
def protocol(request: pytest.FixtureRequest) -> Iterator[str]:
    """Choose the HTTP parser: h11 serves where httptools is not installed."""
    from uvicorn.protocols.http import auto
    from uvicorn.protocols.http.h11_impl import H11Protocol

    with pytest.MonkeyPatch.context() as patch:
        if request.param == "h11":
            patch.setattr(auto, "AutoHTTPProtocol", H11Protocol)
        yield request.param


@pytest.fixture(scope="module")
def url(running: Running, protocol: str) -> Iterator[str]:
    """Serve with the key `k` and short time-outs."""
    with running(FakeEngine(['{"a":1}']), api_key="k", timeouts=QUICK) as address:
        yield address


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    name, port = url.removeprefix("http://").split(":")
    with socket.create_connection((name, int(port)), timeout=10) as sock:
        yield sock


def head(path: str = "/v1/extract", length: int | str = 1000, *lines: str) -> bytes:
    """Return the headers of a POST."""
    own = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    return "\r\n".join([*own, f"Content-Length: {length}", *lines, "", ""]).encode()


def rest(sock: socket.socket) -> bytes:
    """Read until the service closes the connection; fail if it stays open."""
    data = b""
    try:
        while piece := sock.recv(65536):
            data += piece
    except ConnectionResetError:
        pass
    return data


def told(data: bytes) -> tuple[int, dict[str, Any]]:
    """Return status and problem of a raw response."""
    lines, _, body = data.partition(b"\r\n\r\n")
    return int(lines.split()[1]), json.loads(body)


DRIPS = [
    pytest.param(b"", b"", id="silent"),
    pytest.param(b"GET /health HT", b"", id="half-a-line"),
    pytest.param(b"GET /health HTTP/1.1\r\nA: ", b"x", id="dripping-headers"),
]


@pytest.mark.parametrize(("first", "drip"), DRIPS)
def test_headers_have_to_come_in_time(url: str, first: bytes, drip: bytes) -> None:
    """A connection without complete headers is closed in time, a new one and a used one."""
    for used in (False, True):
        with connected(url) as sock:
            if used:
                sock.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert b" 200 " in sock.recv(4096)
            began = time.monotonic()
            sock.sendall(first)
            while time.monotonic() - began < 8:
                sock.settimeout(0.1)
                try:
                    if not sock.recv(4096):
                        break
                    sock.sendall(drip)
                except TimeoutError:
                    sock.sendall(drip)
                except ConnectionError:
                    break
            assert time.monotonic() - began < 6


def test_a_body_has_to_come_in_time(url: str) -> None:
    """A body that trickles is a 408 with the reason, and the connection closes."""
    with connected(url) as sock:
        sock.sendall(head("/v1/extract", 1000, "Authorization: Bearer k"))
        for _ in range(50):
            try:
                sock.sendall(b" ")
            except ConnectionError:
                break
            time.sleep(0.05)
        status, problem = told(rest(sock))
    assert (status, problem["type"]) == (408, "/problems/request-timeout")


def test_an_answer_has_to_be_read_in_time(url: str) -> None:
    """A client that does not read its response loses the connection and the rest of the response."""
    ask = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with connected(url) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        began = time.monotonic()
        with pytest.raises(ConnectionError):  # noqa: PT012
            while time.monotonic() - began < 20:
                sock.sendall(ask * 20)
                time.sleep(0.02)


EARLY = [
    pytest.param("/v1/extract", {}, 401, id="no-key"),
    pytest.param("/v1/extract", {"authorization": "Bearer wrong"}, 401, id="wrong-key"),
    pytest.param("/v1/extract", {"authorization": "Bearer k"}, 413, id="too-large"),
    pytest.param("/nowhere", {}, 404, id="no-route"),
    pytest.param("/health", {}, 405, id="no-method"),
]


@pytest.mark.parametrize(("path", "headers", "status"), EARLY)
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_an_early_answer_closes_the_connection(
    url: str, path: str, headers: dict[str, str], status: int, chunked: bool
) -> None:
    """An early response arrives although the client sends on, and the rest is read only briefly."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    begin = head(path, 10**9, *lines)
    if chunked:
        begin = begin.replace(b"Content-Length: 1000000000", b"Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n" if chunked else b"x" * 65536
    sent, answer = 0, []
    with connected(url) as sock:
        sock.sendall(begin)
        reader = threading.Thread(target=lambda: answer.append(rest(sock)))
        reader.start()
        try:
            while sent < 2**26 and reader.is_alive():
                sent += sock.send(piece)
        except ConnectionError:
            pass
        reader.join(10)
        assert not reader.is_alive()
    found, problem = told(answer[0])
    assert found == problem["status"] == status
    assert b"connection: close" in answer[0].lower()
    assert sent < 2**25


def test_a_connection_stays_open_after_what_was_read_in_whole(url: str) -> None:
    """A connection stays open after a complete request, and pipelined requests are served in their order."""
    key = {"authorization": "Bearer k"}
    with httpx.Client(base_url=url, headers=key) as client:
        for body in (ASK, {"schema": 5}, ASK):
            assert "connection" not in client.post("/v1/extract", json=body).headers
    request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    with connected(url) as sock:
        sock.sendall(request * 3)
        data = b""
        while data.count(b'{"status":"ok"}') < 3:
            data += sock.recv(4096)


def test_the_longest_silent_connection_gives_way_to_a_new_one(serve: Serve) -> None:
    """A new connection replaces the longest silent one, never a busy one: a flood of silent ones blocks no client."""
    engine = FakeEngine([Reply('{"a":1}' + " " * 40, delay=0.1)])
    url = serve(engine, max_connections=20)
    with ExitStack() as stack:
        worker = stack.enter_context(connected(url))
        body = json.dumps(ASK).encode()
        worker.sendall(head(length=len(body)) + body)
        silent = [stack.enter_context(connected(url)) for _ in range(100)]
        assert httpx.get(f"{url}/health").status_code == 200
        assert b" 200 " in worker.recv(65536)
        silent[0].settimeout(5)
        assert silent[0].recv(1) == b""
        silent[-1].sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b" 200 " in silent[-1].recv(4096)


def test_who_finds_no_room_is_told_when_to_come_again(serve: Serve) -> None:
    """A connection beyond the bound gets a 429 with the seconds until a retry if all others are busy."""
    engine = FakeEngine([Reply('{"a":1}' + " " * 80, delay=0.1)])
    url = serve(engine, max_connections=3)
    body = json.dumps(ASK).encode()
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connected(url)).sendall(head(length=len(body)) + body)
        while len(engine.requests) < 3:
            time.sleep(0.01)
        with connected(url) as sock:
            data = rest(sock)
    status, problem = told(data)
    assert (status, problem["type"]) == (429, "/problems/overloaded")
    assert b"retry-after: 2" in data


def test_half_a_body_does_not_hold_up_a_stop(running: Running, protocol: str) -> None:
    """A stopping service refuses an incomplete request and answers a complete one, with either parser."""
    engine = FakeEngine([Reply('{"a":1}' + " " * 40, delay=0.05)])
    body = json.dumps(ASK).encode()
    with ExitStack() as stack:
        with running(engine, shutdown_grace=20) as url:
            half, whole = (stack.enter_context(connected(url)) for _ in range(2))
            silent = stack.enter_context(connected(url))
            half.sendall(head() + b"{")
            whole.sendall(head(length=len(body)) + body)
            while not engine.requests:
                time.sleep(0.01)
            began = time.monotonic()
        assert time.monotonic() - began < 10
        status, problem = told(rest(half))
        assert (status, problem["type"]) == (503, "/problems/engine-unavailable")
        assert b" 200 " in rest(whole)
        assert rest(silent) == b""


def test_a_refused_connection_that_lingers_does_not_break_a_stop(running: Running, protocol: str) -> None:
    """Its response is written already: a stop writes no second one after its end."""
    with ExitStack() as stack:
        with running(FakeEngine([]), timeouts=QUICK) as url:
            half = stack.enter_context(connected(url))
            half.sendall(head() + b"{")
            assert b" 408 " in half.recv(65536)
        assert b" 503 " not in rest(half)


def test_few_descriptors_bound_the_connections() -> None:
    """With 120 open files allowed, 300 silent connections block no client and fill no log."""
    program = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120))\n"
        "from structgen.config import ServerConfig\n"
        "from structgen.engines.fake import FakeEngine\n"
        "from structgen.server.uvicorn_server import make_server\n"
        "make_server(ServerConfig(port=0), FakeEngine(['{\"a\":1}'])).run()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stderr is not None
            url = next(found[0] for line in child.stderr if (found := re.search(r"http://\S+", line)))
            with ExitStack() as stack:
                for _ in range(300):
                    stack.enter_context(connected(url))
                assert httpx.get(f"{url}/health", timeout=20).status_code == 200
                assert httpx.post(f"{url}/v1/extract", json=ASK, timeout=20).status_code == 200
        finally:
            child.terminate()
        log = child.stderr.readlines()
    assert len(log) < 20
    assert not any("Traceback" in line for line in log)


def test_too_few_descriptors_are_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service does not start with too few descriptors, and names the number it needs."""
    from structgen.server.descriptors import allowed_connections

    monkeypatch.setattr(resource, "getrlimit", lambda _: (70, 70))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    with pytest.raises(ConfigError, match="ulimit -n"):
        allowed_connections(1000)


def test_a_document_that_cannot_fit_is_refused_before_it_waits(serve: Serve) -> None:
    """A document that is too long for the context is refused by its length, before the queue and the tokenizer."""
    engine = FakeEngine(['{"a":1}'])
    engine.capabilities = replace(engine.capabilities, context=8192, characters=8192 * 25)
    url = serve(engine)
    refused = httpx.post(f"{url}/v1/extract", json={**ASK, "document": "x" * 4_000_000}, timeout=60)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/prompt-too-long")
    assert refused.json()["tokens"] == 160_000
    assert refused.json()["allowed"] == 8191
    assert engine.requests == []


def test_the_deadline_covers_the_arrival_of_the_body(serve: Serve) -> None:
    """The deadline runs from the end of the headers, not of the body."""
    url = serve(FakeEngine([Reply('{"a":1}', delay=0.6)]))
    body = json.dumps({**ASK, "limits": {"deadline": 1.0}}).encode()
    with connected(url) as sock:
        sock.sendall(head("/v1/extract", len(body), "Connection: close"))
        time.sleep(1.2)
        sock.sendall(body)
        status, problem = told(rest(sock))
    assert (status, problem["type"]) == (504, "/problems/deadline")
