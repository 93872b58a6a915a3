"""`OutlinesEngine`: any Outlines model, of transformers, llama.cpp, MLX, Ollama, TGI or SGLang.

Outlines returns a whole text, without token counts or a finish reason; `Capabilities` declares what is
missing. One generation runs at a time, in a thread.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from cachetools import LRUCache

from structgen import json_text
from structgen.engines.base import (
    AnyConstraint,
    Capabilities,
    Constraint,
    Engine,
    EngineRequest,
    Health,
    queue_full,
)
from structgen.engines.model_card import ModelCard, read_card
from structgen.engines.outlines.grammar_generator import GrammarGenerator, grammar_generator
from structgen.engines.outlines.model_kinds import OUTLINES_KINDS
from structgen.errors import (
    BadRequest,
    ConfigError,
    EngineFailed,
    EngineUnavailable,
    InvalidSchema,
    MissingExtra,
    PromptTooLong,
    StructgenError,
)
from structgen.suggestions import name_choices
from structgen.types import Chunk, Conversation, Sampling, Usage, Violation

_CONTEXT_EXCEEDED = re.compile(r"Requested tokens \((\d+)\) exceed context window of (\d+)")


_CACHED_GENERATORS = 16
"""Outlines generators in the cache: the construction of one reads the whole vocabulary."""


class OutlinesEngine(Engine):
    """An Outlines model; `queue` requests may wait for the one that runs."""

    def __init__(self, kind: str, model: str, *, queue: int = 64) -> None:
        self.kind, self.source, self.queue = kind, model, queue
        name = model.rstrip("/").rsplit("/", 1)[-1]
        self.card = read_card(model) if Path(model).is_dir() else ModelCard(name)
        self.model = self.card.name
        self._model_kind = OUTLINES_KINDS[kind]
        self.capabilities = Capabilities(
            streaming=False,
            token_counts=kind == "transformers",
            constrains_text=self._model_kind.local_grammar,
            constrains_calls=self._model_kind.local_grammar,
        )
        self._outlines: Any = None
        self._generators: LRUCache[str, Any] = LRUCache(_CACHED_GENERATORS)
        self._worker: ThreadPoolExecutor | None = None
        self._jobs: set[Future[Chunk]] = set()
        self._callers: set[asyncio.Future[Chunk]] = set()

    async def start(self) -> None:
        if self._worker is not None:
            return
        self._outlines = await asyncio.to_thread(self._open)
        self.capabilities = replace(
            self.capabilities, context=self._outlines.context, characters=self._outlines.characters
        )
        self._worker = ThreadPoolExecutor(1, "outlines")

    def _open(self) -> Any:
        if self._model_kind.local_grammar:
            try:
                import llguidance  # noqa: F401
                import numpy  # noqa: F401
            except ImportError as error:
                raise MissingExtra("outlines", error) from error
        try:
            opened = self._model_kind.open(self.source)
        except (StructgenError, MemoryError):
            raise
        except Exception as error:  # of many kinds, all of them about what was configured
            reason = f"{type(error).__name__}: {error}"[:300]
            raise ConfigError(
                f"the Outlines engine cannot open the model {self.source!r} (--model): {reason}"
            ) from error
        if self.prompt_format is not None:
            opened.render_by(self.prompt_format)
        return opened

    async def count(self, prompt: Conversation) -> int | None:
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
            raise queue_full(self.queue)
        if not request.prompt.messages:
            raise BadRequest("the prompt is empty: give at least one message")
        self.capabilities.check_length(request.prompt.characters)
        job = self._worker.submit(self._complete, self._outlines, request)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        yield await self._answer(job)

    async def _answer(self, job: Future[Chunk]) -> Chunk:
        """Wait for the job's chunk. Cancellation does not stop the thread: the next job waits for it."""
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
        sampling = _within_context(request.sampling, opened.count_prompt(prompt), opened.context)
        request = replace(request, sampling=sampling)
        try:
            text = generator(prompt, **self._model_kind.arguments(sampling))
        except Exception as error:
            if exceeded := _CONTEXT_EXCEEDED.search(str(error)):  # of llama.cpp's binding
                tokens, context = map(int, exceeded.groups())
                raise _too_long(tokens, context) from error
            raise EngineFailed(f"Outlines failed: {type(error).__name__}: {error}"[:500]) from error
        return self._chunk(opened, prompt, str(text), request, generator)

    def _chunk(self, opened: Any, prompt: Any, text: str, request: EngineRequest, generator: Any) -> Chunk:
        """Return the text with an inferred finish: a constrained text that is not JSON was cut."""
        tokens = opened.count(text)
        usage = Usage(opened.count_prompt(prompt), tokens)
        full = 0 < request.sampling.answer_tokens <= tokens
        if isinstance(generator, GrammarGenerator):
            return Chunk(text, generator.finish(text, full=full), usage)
        if request.constraint is None or (
            full and text[-1:].isdigit()
        ):  # a number that was cut is still a number
            return Chunk(text, "length" if full else "stop", usage)
        if not text:
            raise _refused("Outlines gave no text, as it does for a schema that it cannot compile")
        try:
            json_text.loads(text)
        except json_text.JsonError:
            return Chunk(text, "length", usage)
        return Chunk(text, "stop", usage)

    def _generator(self, opened: Any, constraint: AnyConstraint | None) -> Any:
        """Return Outlines' generator for the constraint, a cached one where there is one."""
        import outlines

        model = opened.model
        if constraint is None:
            return outlines.Generator(model)
        generator = self._generators.get(constraint.key)
        if generator is None:
            if isinstance(constraint, Constraint):
                generator = self._constrained_generator(outlines, model, constraint)
            elif self._model_kind.local_grammar:
                generator = grammar_generator(model, constraint)
            else:
                raise BadRequest(f"outlines:{self.kind} decodes no such format: leave the constraint out")
            self._generators[constraint.key] = generator
        return generator

    def _constrained_generator(self, outlines: Any, model: Any, constraint: Constraint) -> Any:
        if constraint.schema is False:
            raise _refused("the schema false allows no value")
        schema = {} if constraint.schema is True else dict(constraint.schema)
        if self._model_kind.local_grammar:
            from structgen.engines.guidance.grammar_cache import check_grammar

            check_grammar(schema)  # Outlines accepts grammars that fail during decoding
            # Outlines has no other option for compact JSON and for keywords that llguidance ignores.
            options = {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}
            schema = {**schema, "x-guidance": options}
        try:
            kind = outlines.json_schema(json.dumps(schema))
            backend = "llguidance" if self._model_kind.local_grammar else None
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
        self._generators.clear()


def open_outlines(kind: str, model: str, **options: Any) -> OutlinesEngine:
    """Return the engine for `--engine outlines:KIND`; `model` is a folder, a file, a name or an address."""
    if kind not in OUTLINES_KINDS:
        raise ConfigError(f"no kind {kind!r} of Outlines models{name_choices(kind, list(OUTLINES_KINDS))}")
    return OutlinesEngine(kind, model, **options)


def _within_context(sampling: Sampling, prompt: int, context: int | None) -> Sampling:
    """Bound `max_tokens` by the context, where it is known."""
    if context is None:
        return sampling
    if prompt >= context:
        raise _too_long(prompt, context)
    return replace(sampling, max_tokens=min(sampling.answer_tokens, context - prompt))


def _too_long(tokens: int, context: int) -> PromptTooLong:
    held = f"this model's context holds {context - 1}"
    return PromptTooLong(f"the prompt has {tokens} tokens, {held}: shorten the document", tokens, context - 1)


def _refused(reason: str) -> InvalidSchema:
    return InvalidSchema(reason, [Violation("", "grammar", reason)])
