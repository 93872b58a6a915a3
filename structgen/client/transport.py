"""The synchronous client's connections: no wait on a socket outlasts the deadline of its call.

httpx bounds each read of a socket alone, so that a server which sends a byte now and then holds a call for
ever. Here every read and write gets what is left of `deadline`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from structgen.endpoint import Endpoint

_until: ContextVar[float] = ContextVar("until", default=float("inf"))
_SLICE = 16 * 1024
"""Bytes that are written under one time-out: fewer than a socket takes at once."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Bound all waits of the block's connections together."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def _left(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    left = _until.get() - time.monotonic()
    if left <= 0:
        raise error("the time ran out")
    return left if timeout is None or left < timeout else timeout


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _SLICE):
            piece = buffer[start : start + _SLICE]
            self._stream.write(piece, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, left, local_address, socket_options))


class Transport(httpx.BaseTransport):
    """Connections to one endpoint, through its proxy where it has one."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._pool = _pool(endpoint)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx():
            response = self._pool.handle_request(asked)
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._response.iter_stream()

    def close(self) -> None:
        with _as_httpx():
            self._response.close()


def _pool(endpoint: Endpoint) -> httpcore.ConnectionPool:
    options: dict[str, Any] = {
        "ssl_context": httpx.create_ssl_context() if endpoint.secure else None,
        "max_connections": 100,
        "max_keepalive_connections": 20,
        "keepalive_expiry": 5.0,
        "network_backend": _Backend(),
    }
    if endpoint.proxy is None:
        return httpcore.ConnectionPool(**options)
    proxy = httpx.Proxy(endpoint.proxy)
    url = httpcore.URL(str(proxy.url))
    if proxy.url.scheme.startswith("socks5"):
        return httpcore.SOCKSProxy(proxy_url=url, proxy_auth=proxy.raw_auth, **options)
    return httpcore.HTTPProxy(proxy_url=url, proxy_auth=proxy.raw_auth, **options)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """Raise httpx's error of the same name: httpx's own transport translates as well."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
    except (httpcore.ProxyError, httpcore.UnsupportedProtocol) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
