"""`RemoteEngine`: a model behind any OpenAI-compatible API, such as vLLM, SGLang, Nous, OpenRouter."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from functools import partial
from math import inf

import httpx

from structgen.caching import SingleFlightCache
from structgen.engines.base import (
    AnyConstraint,
    CallConstraint,
    Capabilities,
    Constraint,
    Engine,
    EngineRequest,
    Health,
    TextConstraint,
)
from structgen.engines.remote import model_list, probe
from structgen.engines.remote.chat_completions import ChatCompletions
from structgen.engines.remote.errors import ApiKeyRefused, RequestRefused
from structgen.engines.remote.request_body import CompletionRequest
from structgen.engines.remote.thinking import think_then_answer
from structgen.engines.remote.transport import Transport, TransportSettings
from structgen.errors import ConfigError, EngineUnavailable, SchemaError
from structgen.http_responses import MAX_RESPONSE_BYTES
from structgen.prompts import text_length
from structgen.types import Chunk

log = logging.getLogger("structgen.engines.remote")
HEALTH_CACHED, HEALTH_TIMEOUT = 2.0, 3.0
"""Seconds for which the server's health is cached, and within which it has to answer."""
_CACHED_TRIALS = 512
"""Schemas whose trial is cached."""


class RemoteEngine(Engine):
    """A model of an OpenAI-compatible server; `model` is its name there, "" for the server's only one.

    The server renders the prompt: text that its tokenizer could take for a special token gets an invisible
    space. `slots` generations run at once, more wait. Times in seconds: `connect`, and `read` for the head
    of an answer and then from one line to the next. `retries` follow 5xx and lost connections, as long as
    no chunk was yielded. `max_response_bytes` bounds the text of an answer, and each event of its stream.
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
        max_response_bytes: int = MAX_RESPONSE_BYTES,
    ) -> None:
        if not url:
            raise ConfigError("the remote engine takes the server's address: --url http://HOST:8000/v1")
        self.model = self._requested_model = model
        self.url, self._key = url, api_key
        self._settings = TransportSettings(connect, read, retries, max_response_bytes)
        self.capabilities = Capabilities(
            logprobs=True, supports_thinking=True, native_tools=True, concurrency=slots
        )
        self._chat: ChatCompletions | None = None
        self._schema_support = ""
        self._trials = SingleFlightCache[str, None](_CACHED_TRIALS, error_lifetime=_verdict_lifetime)
        self._running = self._waiting = 0

    async def start(self) -> None:
        if self._chat is not None:
            return
        transport = Transport(self.url, self._key, self._settings)
        try:
            self._chat = await self._connected(transport)
        except BaseException:
            await transport.close()
            raise
        self._slots = asyncio.Semaphore(self.capabilities.concurrency)
        self._health_lock = asyncio.Lock()
        self._health, self._health_at = Health(True, detail=self._schema_support), time.monotonic()
        log.info("remote model %s at %s: %s", self.model, httpx.URL(self.url).host, self._schema_support)

    async def _connected(self, transport: Transport) -> ChatCompletions:
        """Select the model and probe the server; `ConfigError` names the setting to change."""
        try:
            models = await transport.models()
            self.model, profile = model_list.select_model(
                models, self._requested_model, transport.hint, is_ollama=transport.is_ollama
            )
            chat = ChatCompletions(transport, self.model, profile)
            self._schema_support = await probe.probe_schema_support(chat)
            await probe.probe_text_formats(chat)
        except RequestRefused as refused:
            hint = ""
            if refused.status in (404, 405):
                hint = model_list.missing_model(
                    self.model, refused.message, is_ollama=transport.is_ollama
                ) or (transport.hint)
            detail = f"the server does not serve {self.model!r}: {refused.message}{hint}"
            raise ConfigError(detail) from refused
        except ApiKeyRefused as error:
            hint = "is it right?" if self._key else "none was given"
            raise ConfigError(f"{error} (STRUCTGEN_REMOTE_KEY: {hint})") from error
        self._declare(chat)
        return chat

    def _declare(self, chat: ChatCompletions) -> None:
        """Declare the capabilities that the server has shown so far."""
        context = chat.profile.context
        self.capabilities = replace(
            self.capabilities,
            constrained=chat.profile.schema_member is not None,
            constrains_text=chat.profile.follows_text_formats,
            constrains_calls=chat.profile.special_tags is not None,
            logprobs="logprobs" not in chat.profile.refused,
            token_counts=chat.transport.reports_usage,
            context=context,
            characters=None if context is None else text_length.MAX_TOKEN_LENGTH * context,
        )

    def _started(self) -> ChatCompletions:
        if self._chat is None:
            raise EngineUnavailable("the engine is not started")
        return self._chat

    async def prepare(self, constraint: AnyConstraint) -> None:
        """Request a few tokens under the constraint, once; a refusal is cached like a success."""
        chat = self._started()
        if self._constrains(constraint):
            await self._trials.get(constraint.key, partial(probe.try_constraint, chat, constraint))

    def _constrains(self, constraint: AnyConstraint) -> bool:
        """Return whether the server is known to follow a constraint of this kind."""
        match constraint:
            case Constraint():
                return self.capabilities.constrained
            case TextConstraint():
                return self.capabilities.constrains_text
            case CallConstraint():
                return self.capabilities.constrains_calls

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        chat = self._started()
        self.capabilities.check_length(request.prompt.characters)
        constraint = request.constraint
        if constraint is not None and not self._constrains(constraint):
            constraint = constraint if isinstance(constraint, CallConstraint) else None  # its `tool_choice`
        if isinstance(constraint, Constraint) and constraint.schema is False:
            await self.prepare(constraint)
        profile = chat.profile
        asked = CompletionRequest(request.prompt, request.sampling, constraint, request.logprobs)
        asked = replace(asked, thinks=request.prompt.thinking and request.sampling.thinking_tokens is None)
        async with self._slot():
            try:
                async with aclosing(self._answer(chat, asked)) as chunks:
                    async for chunk in chunks:
                        yield chunk
            except RequestRefused as refused:
                if constraint is not None and not refused.about_context:
                    await self.prepare(constraint)  # raises where the constraint is at fault
                raise refused.error() from refused
        if chat.profile is not profile:
            self._declare(chat)

    async def _answer(self, chat: ChatCompletions, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        """Yield the chunks. An end that no grammar allows means that the server dropped the schema."""
        texts: list[str] = []
        budget = request.sampling.thinking_tokens
        completion = chat.stream(request) if budget is None else think_then_answer(chat, request, budget)
        async with aclosing(completion) as chunks:
            async for chunk in chunks:
                texts.append(chunk.text)
                ended = chunk.finish == "stop" and isinstance(request.constraint, Constraint)
                if ended and not probe.is_possible_end("".join(texts), "stop"):
                    raise probe.refused_schema("the server's answer ended and is not JSON")
                yield chunk

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
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
        """Return the server's health; the detail says how it follows schemas."""
        if self._chat is None:
            return Health(False, detail="not started", closed=True)
        async with self._health_lock:
            if time.monotonic() - self._health_at > HEALTH_CACHED:
                self._health = await self._check_health(self._chat.transport)
                self._health_at = time.monotonic()
        return replace(self._health, running=self._running, waiting=self._waiting)

    async def _check_health(self, transport: Transport) -> Health:
        try:
            status = await transport.status(HEALTH_TIMEOUT)
        except httpx.HTTPError as error:
            return Health(False, detail=f"the remote server cannot be reached: {type(error).__name__}")
        except RuntimeError:  # closed meanwhile
            return Health(False, detail="closed")
        ready = status < 500 and status not in (401, 403)
        return Health(
            ready, detail=self._schema_support if ready else f"the remote server says HTTP {status}"
        )

    async def close(self) -> None:
        chat, self._chat = self._chat, None
        if chat is not None:
            await chat.transport.close()
            self._trials.clear()


def _verdict_lifetime(error: Exception) -> float:
    """Keep only verdicts on the schema itself."""
    return inf if isinstance(error, SchemaError) else 0.0
