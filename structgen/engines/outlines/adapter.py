"""Any Outlines model as an engine: transformers, llama.cpp, MLX, Ollama, TGI, SGLang.

Outlines gives a whole text at once and nothing about it: what that leaves out is declared in
`Capabilities`. One generation at a time, in a thread.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from structgen import json_text
from structgen.engines.base import Capabilities, Constraint, Engine, EngineRequest, Health
from structgen.engines.model_card import ModelCard, read_card
from structgen.engines.outlines.backends import BACKENDS
from structgen.errors import (
    BadRequest,
    ConfigError,
    EngineFailed,
    EngineUnavailable,
    InvalidSchema,
    MissingExtra,
    Overloaded,
    PromptTooLong,
    StructgenError,
)
from structgen.suggestions import among, plural
from structgen.types import Chunk, Message, Sampling, Usage, Violation

_BEYOND = re.compile(r"Requested tokens \((\d+)\) exceed context window of (\d+)")


class OutlinesEngine(Engine):
    """An Outlines model; `queue` requests may wait for the one that runs."""

    def __init__(self, kind: str, model: str, *, queue: int = 64) -> None:
        self.kind, self.source, self.queue = kind, model, queue
        name = model.rstrip("/").rsplit("/", 1)[-1]
        self.card = read_card(model) if Path(model).is_dir() else ModelCard(name)
        self.model = self.card.name
        self._backend = BACKENDS[kind]
        self.capabilities = Capabilities(
            streaming=False,
            token_counts=kind == "transformers",
        )
        self._outlines: Any = None
        self._generators: OrderedDict[str, Any] = OrderedDict()
        self._worker: ThreadPoolExecutor | None = None
        self._jobs: set[Future[Chunk]] = set()
        self._callers: set[asyncio.Future[Chunk]] = set()

    async def start(self) -> None:
        if self._worker is not None:
            return
        self._outlines = await asyncio.to_thread(self._opened)
        self.capabilities = replace(
            self.capabilities, context=self._outlines.context, characters=self._outlines.characters
        )
        self._worker = ThreadPoolExecutor(1, "outlines")

    def _opened(self) -> Any:
        if self._backend.steered:
            try:
                import llguidance  # noqa: F401
                import numpy  # noqa: F401
            except ImportError as error:
                raise MissingExtra("outlines", error) from error
        try:
            return self._backend.open(self.source)
        except (StructgenError, MemoryError):
            raise
        except Exception as error:  # of many kinds, all of them about what was configured
            reason = f"{type(error).__name__}: {error}"[:300]
            raise ConfigError(
                f"the Outlines engine cannot open the model {self.source!r} (--model): {reason}"
            ) from error

    async def count(self, prompt: tuple[Message, ...]) -> int | None:
        opened = self._outlines
        if opened is None or not self.capabilities.token_counts:
            return None
        try:
            return int(opened.count_prompt(await asyncio.to_thread(opened.prompt, prompt)))
        except PromptTooLong as error:
            return error.tokens

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        if self._worker is None:
            raise EngineUnavailable("the engine is not started")
        if len(self._jobs) > self.queue:
            raise Overloaded(f"{plural(self.queue, 'request')} in the queue already: send fewer at once")
        if not request.prompt:
            raise BadRequest("the prompt is empty: give at least one message")
        self.capabilities.check_length(sum(len(message.content) for message in request.prompt))
        job = self._worker.submit(self._complete, self._outlines, request)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        yield await self._answer(job)

    async def _answer(self, job: Future[Chunk]) -> Chunk:
        """The job's chunk. A caller may leave; its thread runs on, and the next job waits for that."""
        caller = asyncio.wrap_future(job)
        self._callers.add(caller)
        try:
            return await caller
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._worker is None and not (task and task.cancelling()):
                raise EngineUnavailable("the engine was closed") from None
            raise
        finally:
            self._callers.discard(caller)

    def _complete(self, opened: Any, request: EngineRequest) -> Chunk:
        generator = self._generator(opened, request.constraint)
        prompt = opened.prompt(request.prompt)
        sampling = _fitting(request.sampling, opened.count_prompt(prompt), opened.context)
        request = replace(request, sampling=sampling)
        try:
            text = generator(prompt, **self._backend.arguments(sampling))
        except Exception as error:
            if found := _BEYOND.search(str(error)):  # llama.cpp's binding tells it so
                tokens, context = map(int, found.groups())
                raise _too_long(tokens, context) from error
            raise EngineFailed(f"Outlines failed: {type(error).__name__}: {error}"[:500]) from error
        return self._chunk(opened, prompt, str(text), request)

    def _chunk(self, opened: Any, prompt: Any, text: str, request: EngineRequest) -> Chunk:
        """The text with what can be known of it: a constrained text that is no JSON was cut."""
        tokens = opened.count(text)
        usage = Usage(opened.count_prompt(prompt), tokens)
        full = 0 < request.sampling.max_tokens <= tokens
        if request.constraint is None or (full and text[-1:].isdigit()):  # a cut number is a number still
            return Chunk(text, "length" if full else "stop", usage)
        if not text:
            raise _refused("Outlines gave no text, as it does for a schema that it cannot compile")
        try:
            json_text.loads(text)
        except json_text.JsonFault:
            return Chunk(text, "length", usage)
        return Chunk(text, "stop", usage)

    def _generator(self, opened: Any, constraint: Constraint | None) -> Any:
        """Outlines' generator for the schema; making one reads the whole vocabulary, so some are kept."""
        import outlines

        model = opened.model
        if constraint is None:
            return outlines.Generator(model)
        if constraint.key not in self._generators:
            self._generators[constraint.key] = self._make(outlines, model, constraint)
            while len(self._generators) > 16:
                self._generators.popitem(last=False)
        self._generators.move_to_end(constraint.key)
        return self._generators[constraint.key]

    def _make(self, outlines: Any, model: Any, constraint: Constraint) -> Any:
        if constraint.schema is False:
            raise _refused("the schema false allows no value")
        schema = {} if constraint.schema is True else dict(constraint.schema)
        if self._backend.steered:
            from structgen.engines.guidance.grammar_cache import check

            check(schema)  # Outlines lets a grammar pass that fails on the way
            # The one way to compact JSON in Outlines, and to keywords that llguidance lets pass.
            options = {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}
            schema = {**schema, "x-guidance": options}
        try:
            kind = outlines.json_schema(json.dumps(schema))
            backend = "llguidance" if self._backend.steered else None
            return outlines.Generator(model, kind, backend=backend)
        except Exception as error:
            raise _refused(f"{type(error).__name__}: {error}"[:300]) from error

    async def health(self) -> Health:
        jobs = len(self._jobs)
        closed = self._worker is None
        return Health(not closed, min(1, jobs), max(0, jobs - 1), closed=closed)

    async def close(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.shutdown(wait=False, cancel_futures=True)
            for caller in list(self._callers):
                caller.cancel()
        self._outlines = None
        self._generators = OrderedDict()


def open_outlines(kind: str, model: str, **options: Any) -> OutlinesEngine:
    """The engine for `--engine outlines:KIND`; `model` is a folder, a file, a name or an address."""
    if kind not in BACKENDS:
        raise ConfigError(f"no kind {kind!r} of Outlines models{among(kind, list(BACKENDS))}")
    return OutlinesEngine(kind, model, **options)


def _fitting(sampling: Sampling, prompt: int, context: int | None) -> Sampling:
    """`max_tokens` bounded by the context, where it is known."""
    if context is None:
        return sampling
    if prompt >= context:
        raise _too_long(prompt, context)
    return replace(sampling, max_tokens=min(sampling.max_tokens, context - prompt))


def _too_long(tokens: int, context: int) -> PromptTooLong:
    held = f"this model's context holds {context - 1}"
    return PromptTooLong(f"the prompt has {tokens} tokens, {held}: shorten the document", tokens, context - 1)


def _refused(reason: str) -> InvalidSchema:
    return InvalidSchema(reason, [Violation("", "grammar", reason)])
