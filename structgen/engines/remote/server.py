"""The way to the server: requests with bounded retries, all of which end when it closes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from structgen import jsontext
from structgen.engines.remote.answer import Answer
from structgen.engines.remote.failures import lost, refusal
from structgen.errors import ConfigError, EngineUnavailable
from structgen.types import Chunk

T = TypeVar("T")
_FIRST_WAIT, _MAX_WAIT = 0.25, 8.0
"""Seconds before a retry; a server that asks for more patience gets none."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds."""

    connect: float = 10.0
    read: float = 120.0
    """From one piece of an answer to the next: the first one waits in the server's queue."""
    retries: int = 2
    """After 5xx and lost connections, as long as nothing of the answer was given on."""


class Server:
    """An OpenAI-compatible API at `url`, which ends in the version as a rule (`…/v1`)."""

    def __init__(self, url: str, api_key: str | None, patience: Patience) -> None:
        self.url, self._patience = url, patience
        self.counts = True
        """Whether the last answer told its usage."""
        timeout = httpx.Timeout(patience.read, connect=patience.connect, pool=None)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx.AsyncClient(
            base_url=_checked(url, api_key), headers=headers, timeout=timeout, limits=limits
        )
        self._closed = False
        self._readers: set[asyncio.Task[Any]] = set()

    async def models(self) -> list[Mapping[str, Any]]:
        """What the server lists; empty where it serves no list."""
        tries = 0
        while True:
            try:
                return _listed(await self._within(self._http.get("models")))
            except EngineUnavailable as error:
                await self._pause(error, tries)
            tries += 1

    async def status(self, patience: float) -> int:
        """Of the list of models, whose body is left unread: it may be long."""
        async with self._http.stream("GET", "models", timeout=patience) as response:
            return response.status_code

    async def answer(self, body: dict[str, Any]) -> AsyncGenerator[Chunk, None]:
        """The chunks of a completion, or `Refused`."""
        given, tries, content = False, 0, jsontext.dumps(body).encode()
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
        answer = Answer()
        request = self._http.build_request(
            "POST", "chat/completions", content=content, headers={"Content-Type": "application/json"}
        )
        response = await self._within(self._http.send(request, stream=True))
        try:
            if response.status_code != 200:
                body = await self._within(response.aread())
                raise refusal(response.status_code, body, response.headers)
            pieces = response.aiter_bytes()
            while not answer.done and (data := await self._within(_next(pieces))) is not None:
                for chunk in answer.feed(data):
                    yield chunk
            if answer.done:
                await _drain(pieces)
        finally:
            await response.aclose()
        last, self.counts = answer.end()
        yield last

    async def _within(self, step: Coroutine[Any, Any, T]) -> T:
        """The step's result; `EngineUnavailable` where the connection fails, or `close` comes first."""
        task = asyncio.current_task()
        if self._closed or task is None:
            step.close()
            raise EngineUnavailable("the engine is closed")
        self._readers.add(task)
        try:
            return await step
        except httpx.HTTPError as error:
            raise lost(error) from error
        except asyncio.CancelledError:
            if self._closed and task.uncancel() == 0:
                raise EngineUnavailable("the engine was closed") from None
            raise
        finally:
            self._readers.discard(task)

    async def _pause(self, error: EngineUnavailable, tries: int) -> None:
        """Wait before another try, or raise: an answer that was slow to come would be no faster again."""
        wait = max(error.retry_after, _FIRST_WAIT * 2.0**tries) * (1 + random.random() / 2)
        slow = isinstance(error.__cause__, httpx.ReadTimeout)
        if slow or tries >= self._patience.retries or wait > _MAX_WAIT or self._closed:
            raise error
        await self._within(asyncio.sleep(wait))

    async def close(self) -> None:
        self._closed = True
        for reader in list(self._readers):
            reader.cancel()
        await asyncio.sleep(0)
        await self._http.aclose()


def _checked(url: str, api_key: str | None) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise ConfigError(
            f"--url: no server address: {url!r} ({error}); give one as http://HOST:8000/v1"
        ) from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ConfigError(f"--url must begin with http:// or https://: {url!r}")
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise ConfigError("the server's key (STRUCTGEN_REMOTE_KEY) has characters that a header cannot carry")
    return parsed


def _listed(response: httpx.Response) -> list[Mapping[str, Any]]:
    """Servers without the list say 404 or 405."""
    if response.status_code in (404, 405):
        return []
    if response.status_code != 200:
        raise refusal(response.status_code, response.content, response.headers)
    try:
        entries = response.json()["data"]
        return [entry for entry in entries if isinstance(entry["id"], str)]
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{response.url} gives no list of models: is --url an OpenAI-compatible API?"
        ) from error


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    return await anext(pieces, None)


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read to the end, so that the connection can serve again; at once, or never."""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(0.2):
            async for _ in pieces:
                pass
