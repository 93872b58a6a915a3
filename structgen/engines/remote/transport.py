"""The way to the server: requests with bounded retries, all of which end when it closes."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from structgen import json_text
from structgen.endpoint import endpoint
from structgen.engines.remote.completion_stream import Answer
from structgen.engines.remote.errors import lost, refusal, slow
from structgen.errors import ConfigError, EngineFailed, EngineUnavailable
from structgen.http_responses import MAX_ANSWER_BYTES, BodyDecoder, WireFault, too_large
from structgen.types import Chunk

T = TypeVar("T")
_FIRST_WAIT, _MAX_WAIT = 0.25, 8.0
"""Seconds before a retry; a server that asks for more patience gets none."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds."""

    connect: float = 10.0
    read: float = 120.0
    """For the head of an answer, which waits in the server's queue, and then from one line to the next."""
    retries: int = 2
    """After 5xx and lost connections, as long as nothing of the answer was given on."""
    max_answer_bytes: int = MAX_ANSWER_BYTES
    """Of the text of one answer, or of one event of its stream."""


class Server:
    """An OpenAI-compatible API at `url`, which ends in the version as a rule (`…/v1`)."""

    def __init__(self, url: str, api_key: str | None, patience: Patience) -> None:
        self.url, self._patience = url, patience
        self.counts = True
        """Whether the last answer told its usage."""
        self._endpoint = known = endpoint(url, api_key, setting="--url")
        timeout = httpx.Timeout(patience.read, connect=patience.connect, pool=None)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        self._http = httpx.AsyncClient(
            base_url=known.url,
            headers=dict(known.headers),
            timeout=timeout,
            transport=httpx.AsyncHTTPTransport(verify=known.secure, limits=limits, proxy=known.proxy),
            trust_env=False,  # a .netrc would replace the key
        )
        self._closed = False
        self._readers: set[asyncio.Task[Any]] = set()

    @property
    def hint(self) -> str:
        """What the address may lack, for messages about something that is not found there."""
        path = self._endpoint.url.path.rstrip("/")
        for end in ("/chat/completions", "/models"):
            if path.endswith(end):
                return f"; give --url without {end}"
        return "" if "/v" in path else f"; the API is often at {self._endpoint.shown}/v1"

    async def models(self) -> list[Mapping[str, Any]]:
        """What the server lists; empty where it serves no list."""
        tries = 0
        while True:
            try:
                status, content, headers = await self._within(self._list(), self._patience.read)
                return _listed(f"{self._endpoint.shown}/models", status, content, headers)
            except EngineUnavailable as error:
                await self._pause(error, tries)
            tries += 1

    async def status(self, patience: float) -> int:
        """Of the list of models, whose body is left unread: it may be long."""
        try:
            async with (
                asyncio.timeout(patience),
                self._http.stream("GET", "models", timeout=patience) as response,
            ):
                return response.status_code
        except TimeoutError as error:
            raise httpx.ReadTimeout("the time ran out") from error

    async def _list(self) -> tuple[int, bytes, httpx.Headers]:
        async with self._http.stream("GET", "models") as response:
            return response.status_code, await self._body(response), response.headers

    async def _body(self, response: httpx.Response) -> bytes:
        """The whole body, within the bound."""
        allowed = self._patience.max_answer_bytes
        try:
            decoder, content = BodyDecoder(response.headers.get("content-encoding", "")), bytearray()
            async for data in response.aiter_raw():
                for piece in decoder.feed(data):
                    content += piece
                    if len(content) > allowed:
                        raise too_large(allowed)
        except WireFault as fault:
            raise EngineFailed(f"the remote server's answer cannot be read: {fault}") from fault
        return bytes(content)

    async def answer(self, body: dict[str, Any]) -> AsyncGenerator[Chunk, None]:
        """The chunks of a completion, or `Refused`."""
        given, tries, content = False, 0, json_text.dumps(body).encode()
        while True:
            try:
                async with aclosing(self._once(content)) as chunks:
                    async for chunk in chunks:
                        given = True
                        yield chunk
                return
            except EngineUnavailable as error:
                if given:
                    raise
                await self._pause(error, tries)
            tries += 1

    async def _once(self, content: bytes) -> AsyncGenerator[Chunk, None]:
        patience = self._patience
        answer = Answer(patience.max_answer_bytes)
        request = self._http.build_request(
            "POST", "chat/completions", content=content, headers={"Content-Type": "application/json"}
        )
        sending = self._http.send(request, stream=True)
        response = await self._within(sending, patience.connect + patience.read)
        try:
            if response.status_code != 200:
                body = await self._within(self._body(response), patience.read)
                raise refusal(response.status_code, body, response.headers)
            answer.encoded(response.headers.get("content-encoding", ""))
            pieces, line = response.aiter_raw(), time.monotonic()
            while not answer.done:
                left = line + patience.read - time.monotonic()
                if (data := await self._within(_next(pieces), left)) is None:
                    break
                if b"\n" in data or b"\r" in data:
                    line = time.monotonic()
                for chunk in answer.feed(data):
                    yield chunk
            if answer.done:
                await _drain(pieces)
        finally:
            await response.aclose()
        last, self.counts = answer.end()
        yield last

    async def _within(self, step: Coroutine[Any, Any, T], patience: float | None = None) -> T:
        """The step's result; `EngineUnavailable` where the connection fails, it takes more seconds than
        `patience`, or `close` comes first."""
        task = asyncio.current_task()
        if self._closed or task is None:
            step.close()
            raise EngineUnavailable("the engine is closed")
        self._readers.add(task)
        try:
            async with asyncio.timeout(patience):
                return await step
        except TimeoutError as error:
            raise lost(httpx.ReadTimeout("the time ran out"), self._endpoint) from error
        except httpx.HTTPError as error:
            raise lost(error, self._endpoint) from error
        except asyncio.CancelledError:
            if self._closed and task.uncancel() == 0:
                raise EngineUnavailable("the engine was closed") from None
            raise
        finally:
            self._readers.discard(task)

    async def _pause(self, error: EngineUnavailable, tries: int) -> None:
        """Wait before another try, or raise: an answer that was slow to come would be no faster again."""
        wait = max(error.retry_after, _FIRST_WAIT * 2.0**tries) * (1 + random.random() / 2)
        if slow(error) or tries >= self._patience.retries or wait > _MAX_WAIT or self._closed:
            raise error
        await self._within(asyncio.sleep(wait))

    async def close(self) -> None:
        self._closed = True
        for reader in list(self._readers):
            reader.cancel()
        await asyncio.sleep(0)
        await self._http.aclose()


def _listed(address: str, status: int, content: bytes, headers: httpx.Headers) -> list[Mapping[str, Any]]:
    """Servers without the list say 404 or 405."""
    if status in (404, 405):
        return []
    if status != 200:
        raise refusal(status, content, headers)
    try:
        entries = json.loads(content)["data"]
        return [entry for entry in entries if isinstance(entry["id"], str)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(f"{address} gives no list of models: is --url an OpenAI-compatible API?") from error


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    return await anext(pieces, None)


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read to the end, so that the connection can serve again; at once, or never."""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(0.2):
            async for _ in pieces:
                pass
