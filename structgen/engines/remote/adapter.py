"""`RemoteEngine`: a model behind any OpenAI-compatible API, such as vLLM, SGLang, Nous, OpenRouter."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import httpx

from structgen.engines.base import Capabilities, Constraint, Engine, EngineRequest, Health
from structgen.engines.remote import probe
from structgen.engines.remote.chat_completions import Chat
from structgen.engines.remote.errors import KeyRefused, Refused
from structgen.engines.remote.request_body import Dialect
from structgen.engines.remote.transport import Patience, Server
from structgen.errors import ConfigError, EngineUnavailable, SchemaError
from structgen.http_responses import MAX_ANSWER_BYTES
from structgen.prompts import text_length
from structgen.types import Chunk

log = logging.getLogger("structgen.engines.remote")
HEALTH_KEPT, HEALTH_PATIENCE = 2.0, 3.0
"""Seconds that a verdict on the server's health is kept, and that it may take."""
KEPT = 512
"""Verdicts on schemas."""


class RemoteEngine(Engine):
    """`model` as the server names it; "" for the only one there.

    The server renders the prompt: whatever in a text its tokenizer could take for a special token gets an
    invisible space. `slots` generations run at once, more wait. Times in seconds: `connect`, and `read` for
    the head of an answer and then from one line to the next. `retries` follow 5xx and lost connections,
    while nothing of an answer was given on. `max_answer_bytes` bounds the text of an answer, and each event
    of its stream.
    """

    def __init__(
        self,
        model: str = "",
        *,
        url: str | None = None,
        api_key: str | None = None,
        slots: int = 32,
        connect: float = 10.0,
        read: float = 120.0,
        retries: int = 2,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        if not url:
            raise ConfigError("the remote engine takes the server's address: --url http://HOST:8000/v1")
        self.model = self._wanted = model
        self.url, self._key = url, api_key
        self._patience = Patience(connect, read, retries, max_answer_bytes)
        self.capabilities = Capabilities(logprobs=True, concurrency=slots)
        self._chat: Chat | None = None
        self._verdict = ""
        self._trials: OrderedDict[str, asyncio.Task[None]] = OrderedDict()
        self._running = self._waiting = 0

    async def start(self) -> None:
        if self._chat is not None:
            return
        server = Server(self.url, self._key, self._patience)
        try:
            self._chat = await self._met(server)
        except BaseException:
            await server.close()
            raise
        self._slots = asyncio.Semaphore(self.capabilities.concurrency)
        self._looking = asyncio.Lock()
        self._seen, self._seen_at = Health(True, detail=self._verdict), time.monotonic()
        log.info("remote model %s at %s: %s", self.model, httpx.URL(self.url).host, self._verdict)

    async def _met(self, server: Server) -> Chat:
        """`ConfigError` for whatever other settings could mend."""
        try:
            self.model, dialect = probe.chosen(await server.models(), self._wanted, server.hint)
            chat = Chat(server, self.model, dialect)
            self._verdict = await probe.grammar(chat)
        except Refused as refused:
            hint = server.hint if refused.status in (404, 405) else ""
            detail = f"the server does not serve {self.model!r}: {refused.message}{hint}"
            raise ConfigError(detail) from refused
        except KeyRefused as error:
            hint = "is it right?" if self._key else "none was given"
            raise ConfigError(f"{error} (STRUCTGEN_REMOTE_KEY: {hint})") from error
        self._declare(chat.dialect, server.counts)
        return chat

    def _declare(self, dialect: Dialect, counts: bool) -> None:
        self.capabilities = replace(
            self.capabilities,
            constrained=dialect.way is not None,
            logprobs="logprobs" not in dialect.refused,
            token_counts=counts,
            context=dialect.context,
            characters=None if dialect.context is None else text_length.UNKNOWN * dialect.context,
        )

    def _ready(self) -> Chat:
        if self._chat is None:
            raise EngineUnavailable("the engine is not started")
        return self._chat

    async def prepare(self, constraint: Constraint) -> None:
        """Asks the server for a few tokens under the schema, once; the verdict is kept."""
        chat = self._ready()
        if not self.capabilities.constrained:
            return
        if constraint.key not in self._trials:
            self._trials[constraint.key] = asyncio.ensure_future(probe.trial(chat, constraint))
            while len(self._trials) > KEPT:
                self._trials.popitem(last=False)
        self._trials.move_to_end(constraint.key)
        tried = self._trials[constraint.key]
        try:
            await asyncio.shield(tried)
        except SchemaError:
            raise
        except BaseException:  # says nothing of the schema, where it is not the caller who left
            if tried.done() and self._trials.get(constraint.key) is tried:
                del self._trials[constraint.key]
            raise

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        chat = self._ready()
        self.capabilities.check_length(sum(len(message.content) for message in request.prompt))
        constraint = request.constraint if self.capabilities.constrained else None
        if constraint is not None and constraint.schema is False:
            await self.prepare(constraint)
        known = chat.dialect
        async with self._place():
            try:
                async with aclosing(self._answer(chat, request, constraint)) as chunks:
                    async for chunk in chunks:
                        yield chunk
            except Refused as refused:
                if constraint is not None and not refused.context:
                    await self.prepare(constraint)  # tells whether the schema is at fault
                raise refused.error() from refused
        if chat.dialect is not known:
            self._declare(chat.dialect, chat.server.counts)

    async def _answer(
        self, chat: Chat, request: EngineRequest, constraint: Constraint | None
    ) -> AsyncGenerator[Chunk, None]:
        """The chunks. An end that no grammar allows means that the server let the schema go on the way."""
        schema = None if constraint is None else constraint.schema
        parts: list[str] = []
        async with aclosing(
            chat.answer(request.prompt, request.sampling, schema, request.logprobs)
        ) as chunks:
            async for chunk in chunks:
                parts.append(chunk.text)
                ended = chunk.finish == "stop" and constraint is not None
                if ended and not probe.whole("".join(parts), "stop"):
                    raise probe.refused_schema("the server's answer ended and is no JSON")
                yield chunk

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        slots = self._slots
        self._waiting += 1
        try:
            await slots.acquire()
        finally:
            self._waiting -= 1
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            slots.release()

    async def health(self) -> Health:
        """The verdict on how schemas are followed is told in the detail."""
        if self._chat is None:
            return Health(False, detail="not started", closed=True)
        async with self._looking:
            if time.monotonic() - self._seen_at > HEALTH_KEPT:
                self._seen = await self._look(self._chat.server)
                self._seen_at = time.monotonic()
        return replace(self._seen, running=self._running, waiting=self._waiting)

    async def _look(self, server: Server) -> Health:
        try:
            status = await server.status(HEALTH_PATIENCE)
        except httpx.HTTPError as error:
            return Health(False, detail=f"the remote server cannot be reached: {type(error).__name__}")
        except RuntimeError:  # closed meanwhile
            return Health(False, detail="closed")
        ready = status < 500 and status not in (401, 403)
        return Health(ready, detail=self._verdict if ready else f"the remote server says HTTP {status}")

    async def close(self) -> None:
        chat, self._chat = self._chat, None
        if chat is not None:
            await chat.server.close()
            self._trials.clear()
