"""HTTP transport to the server: bounded retries, and an end of all requests on `close`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from structgen import json_text
from structgen.backoff import Backoff
from structgen.endpoint import validated_endpoint
from structgen.engines.remote.completion_stream import CompletionStream
from structgen.engines.remote.errors import connection_lost, refusal, timed_out
from structgen.errors import ConfigError, EngineFailed, EngineUnavailable
from structgen.http_responses import (
    MAX_RESPONSE_BYTES,
    BodyDecoder,
    ResponseDecodingError,
    response_too_large,
)
from structgen.types import Chunk

T = TypeVar("T")
_BACKOFF = Backoff(first=0.25, longest=8.0, jitter=(1.0, 1.5))
OLLAMA_PORT = 11434
_MAX_DELAY = 8.0
"""Seconds before a retry; where the server names a longer delay, there is no retry."""


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """Timeouts in seconds, retries and bounds of one server's requests."""

    connect: float = 10.0
    read: float = 120.0
    """Timeout of an answer's head, which waits in the server's queue, and then between two lines."""
    retries: int = 2
    """Retries after 5xx and lost connections, as long as no chunk was yielded."""
    max_response_bytes: int = MAX_RESPONSE_BYTES
    """Bound of the text of one answer, and of one event of its stream."""


class Transport:
    """Connections to an OpenAI-compatible API at `url`, which usually ends in the version (`…/v1`)."""

    def __init__(self, url: str, api_key: str | None, settings: TransportSettings) -> None:
        self.url, self._settings = url, settings
        self.reports_usage = True
        """Whether the last answer reported its usage."""
        self._endpoint = known = validated_endpoint(url, api_key, setting="--url")
        timeout = httpx.Timeout(settings.read, connect=settings.connect, pool=None)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        self._http = httpx.AsyncClient(
            base_url=known.url,
            headers=dict(known.headers),
            timeout=timeout,
            transport=httpx.AsyncHTTPTransport(verify=known.secure, limits=limits, proxy=known.proxy),
            trust_env=False,  # a .netrc would replace the key
        )
        self._closed = False
        self._waiting: set[asyncio.Task[Any]] = set()

    @property
    def hint(self) -> str:
        """Advice on the address, for messages about a path that the server does not have."""
        path = self._endpoint.url.path.rstrip("/")
        for end in ("/chat/completions", "/models"):
            if path.endswith(end):
                return f"; give --url without {end}"
        return "" if "/v" in path else f"; the API is often at {self._endpoint.public_url}/v1"

    @property
    def is_ollama(self) -> bool:
        """Whether the address has Ollama's port."""
        return self._endpoint.url.port == OLLAMA_PORT

    async def models(self) -> list[Mapping[str, Any]]:
        """Fetch the list of models; empty where the server has none."""
        tries = 0
        while True:
            try:
                status, content, headers = await self._within(self._list(), self._settings.read)
                return _listed(f"{self._endpoint.public_url}/models", status, content, headers)
            except EngineUnavailable as error:
                await self._pause(error, tries)
            tries += 1

    async def status(self, timeout: float) -> int:  # noqa: ASYNC109
        """Return the HTTP status of the list of models; its body, which may be long, is not read."""
        try:
            async with (
                asyncio.timeout(timeout),
                self._http.stream("GET", "models", timeout=timeout) as response,
            ):
                return response.status_code
        except TimeoutError as error:
            raise httpx.ReadTimeout("the time ran out") from error

    async def _list(self) -> tuple[int, bytes, httpx.Headers]:
        async with self._http.stream("GET", "models") as response:
            return response.status_code, await self._body(response), response.headers

    async def _body(self, response: httpx.Response) -> bytes:
        """Read the whole body, up to the bound."""
        allowed = self._settings.max_response_bytes
        try:
            decoder, content = BodyDecoder(response.headers.get("content-encoding", "")), bytearray()
            async for data in response.aiter_raw():
                for piece in decoder.feed(data):
                    content += piece
                    if len(content) > allowed:
                        raise response_too_large(allowed)
        except ResponseDecodingError as fault:
            raise EngineFailed(f"the remote server's answer cannot be read: {fault}") from fault
        return bytes(content)

    async def completion(self, body: dict[str, Any]) -> AsyncGenerator[Chunk, None]:
        """Yield the chunks of a completion; `RequestRefused` where the server does not accept it."""
        yielded, tries, content = False, 0, json_text.dumps(body).encode()
        while True:
            try:
                async with aclosing(self._once(content)) as chunks:
                    async for chunk in chunks:
                        yielded = True
                        yield chunk
                return
            except EngineUnavailable as error:
                if yielded:
                    raise
                await self._pause(error, tries)
            tries += 1

    async def _once(self, content: bytes) -> AsyncGenerator[Chunk, None]:
        settings = self._settings
        stream = CompletionStream(settings.max_response_bytes)
        request = self._http.build_request(
            "POST", "chat/completions", content=content, headers={"Content-Type": "application/json"}
        )
        sending = self._http.send(request, stream=True)
        response = await self._within(sending, settings.connect + settings.read)
        try:
            if response.status_code != 200:
                body = await self._within(self._body(response), settings.read)
                raise refusal(response.status_code, body, response.headers)
            stream.set_encoding(response.headers.get("content-encoding", ""))
            pieces, last_line = response.aiter_raw(), time.monotonic()
            while not stream.done:
                left = last_line + settings.read - time.monotonic()
                if (data := await self._within(_next(pieces), left)) is None:
                    break
                if b"\n" in data or b"\r" in data:
                    last_line = time.monotonic()
                for chunk in stream.feed(data):
                    yield chunk
            if stream.done:
                await _drain(pieces)
        finally:
            await response.aclose()
        last, self.reports_usage = stream.end()
        yield last

    async def _within(self, step: Coroutine[Any, Any, T], seconds: float | None = None) -> T:
        """Return the step's result within `seconds`.

        `EngineUnavailable` where the connection fails, the time runs out, or the engine is closed.
        """
        task = asyncio.current_task()
        if self._closed or task is None:
            step.close()
            raise EngineUnavailable("the engine is closed")
        self._waiting.add(task)
        try:
            async with asyncio.timeout(seconds):
                return await step
        except TimeoutError as error:
            raise connection_lost(httpx.ReadTimeout("the time ran out"), self._endpoint) from error
        except httpx.HTTPError as error:
            raise connection_lost(error, self._endpoint) from error
        except asyncio.CancelledError:
            if self._closed and task.uncancel() == 0:
                raise EngineUnavailable("the engine was closed") from None
            raise
        finally:
            self._waiting.discard(task)

    async def _pause(self, error: EngineUnavailable, tries: int) -> None:
        """Wait before a retry, or raise the error where none follows; a request that timed out gets none."""
        delay = _BACKOFF.delay(tries, at_least=error.retry_after)
        if timed_out(error) or tries >= self._settings.retries or delay > _MAX_DELAY or self._closed:
            raise error
        await self._within(asyncio.sleep(delay))

    async def close(self) -> None:
        """Cancel the waiting requests and close all connections."""
        self._closed = True
        for task in list(self._waiting):
            task.cancel()
        await asyncio.sleep(0)
        await self._http.aclose()


def _listed(address: str, status: int, content: bytes, headers: httpx.Headers) -> list[Mapping[str, Any]]:
    """Read the list of models; 404 and 405 mean that the server has none."""
    if status in (404, 405):
        return []
    if status != 200:
        raise refusal(status, content, headers)
    try:
        entries = json.loads(content)["data"] or []  # null, where Ollama has no model yet
        return [entry for entry in entries if isinstance(entry["id"], str)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(f"{address} has no list of models: is --url an OpenAI-compatible API?") from error


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    return await anext(pieces, None)


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read a short rest of the response, so that the connection can be reused."""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(0.2):
            async for _ in pieces:
                pass
