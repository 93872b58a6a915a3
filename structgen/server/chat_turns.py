"""Chat turns in their place at the engine: schemas checked, grammars compiled, the work counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

from structgen.chat.reply import ChatReply, ChatSink
from structgen.chat.run import compile_turn
from structgen.chat.turn import ChatTurn, Tool
from structgen.errors import BadRequest, InvalidSchema, StructgenError
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.server.admission import Admission
from structgen.server.metrics import Metrics
from structgen.server.openai.located_errors import in_chat_request, located
from structgen.server.openai.requested_turn import ContentFormat, RequestedTool, RequestedTurn
from structgen.server.schema_cache import Checked
from structgen.server.waiting import waiting_within
from structgen.strategies.deadline import deadline_at, seconds_left
from structgen.types import Limits, TextFormat

DEFAULT_DEADLINE = 280.0
"""Seconds that a turn may take where its request names no deadline: Node's fetch gives up after 300."""


@dataclass(frozen=True)
class ChatTurns:
    """Runs the chat turns of requests."""

    generator: Generator
    check_schema: Callable[[Any], Awaitable[Checked]]
    """Checks a schema in a worker process, or returns the outcome of an earlier check."""
    check_text: Callable[[TextFormat], Awaitable[None]]
    """Raises `InvalidSchema` or `SchemaLimit` for a text format without a grammar."""
    require_ready: Callable[[], Awaitable[Any]]
    """Raises `EngineUnavailable` if the engine cannot generate now."""
    admission: Admission
    metrics: Metrics
    max_deadline: float
    """Seconds that a request may take."""

    async def run(self, requested: RequestedTurn, arrived: float, emit: ChatSink | None = None) -> ChatReply:
        """Run a turn in its place at the engine, and count it; `emit` receives the events before the reply.

        The deadline runs from `arrived` (on the monotonic clock).
        """
        limits = requested.limits.within(min(self.max_deadline, DEFAULT_DEADLINE))
        if requested.limits.deadline is not None:
            limits = requested.limits.within(self.max_deadline)
        try:
            async with AsyncExitStack() as stack:
                turn = await self._admitted(requested, limits, arrived, stack)
                reply = await self.generator.chat(turn, emit)
                self.metrics.count_turn(reply.attempts, reply.usage, "completed")
                self.metrics.turn_seconds.observe(time.monotonic() - arrived)
                return reply
        except StructgenError as error:
            self.metrics.count_turn(error.attempts, error.usage, error.name)
            if isinstance(error, BadRequest):
                raise in_chat_request(error) from error
            raise
        except asyncio.CancelledError:
            self.metrics.turns.labels("client-gone").inc()
            raise

    async def _admitted(
        self, requested: RequestedTurn, limits: Limits, arrived: float, stack: AsyncExitStack
    ) -> ChatTurn:
        """Return the turn once it has its place, which `stack` holds."""
        ends_at = deadline_at(limits.deadline, arrived)
        with waiting_within(limits.deadline):
            async with asyncio.timeout(seconds_left(ends_at)):
                await self.require_ready()
                self.generator.engine.capabilities.check_length(requested.characters())
                turn = replace(await self._checked(requested), limits=limits, deadline_at=ends_at)
                began = time.monotonic()
                with located(requested.only_pointer):
                    turn = await compile_turn(turn, self.generator.engine)
                self.metrics.grammars.observe(time.monotonic() - began)
                await stack.enter_async_context(self.admission.place(limits.priority, requested.n))
        return turn

    async def _checked(self, requested: RequestedTurn) -> ChatTurn:
        """Return the turn with its schemas checked; an error of one has its pointer in the request."""
        schema, grammar_error = await self._content_schema(requested.format)
        return ChatTurn(
            requested.messages,
            schema=schema,
            grammar_error=grammar_error,
            show_schema=requested.format.show_schema,
            text_format=requested.format.text,
            tools=tuple([await self._tool(tool) for tool in requested.tools]),
            tool_choice=requested.tool_choice,
            parallel_calls=requested.parallel_calls,
            thinking=requested.thinking,
            keep_thoughts=requested.keep_thoughts,
            sampling=requested.sampling,
            n=requested.n,
            stop=requested.stop,
            logprobs=requested.logprobs,
            on_abandoned=self.metrics.add_usage,
        )

    async def _tool(self, tool: RequestedTool) -> Tool:
        with located(tool.parameters.pointer):
            schema, grammar_error = await self.check_schema(tool.parameters.definition)
        return Tool(tool.name, schema, tool.description, grammar_error)

    async def _content_schema(self, form: ContentFormat) -> tuple[Schema | None, InvalidSchema | None]:
        if form.schema is not None:
            with located(form.schema.pointer):
                return await self.check_schema(form.schema.definition)
        if form.text is not None:
            with located(form.pointer, inside=False):
                await self.check_text(form.text)
        return None, None
