"""`LocalEngine`: the decode loop behind the engine contract."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

from structgen.engines import hub_models
from structgen.engines.base import AnyConstraint, Capabilities, Engine, EngineRequest, Health
from structgen.engines.local import checkpoint
from structgen.engines.model_card import read_card
from structgen.engines.speculative.document_hints import property_names
from structgen.engines.stop_tokens import stop_tokens
from structgen.engines.tokenization import TokenizerQueue
from structgen.errors import ConfigError, EngineUnavailable, MissingExtra
from structgen.prompts.chat_template import PromptEncoder
from structgen.types import Chunk, Conversation

log = logging.getLogger("structgen.engine")


class LocalEngine(Engine):
    """A transformers model in this process: `slots` sequences run at once, `queue` more may wait.

    `dtype` is a torch dtype's name; without it float32 on a CPU, bfloat16 on a GPU. `context` bounds
    prompt and answer together, up to the model's own maximum; the KV cache for all of it is reserved in
    every slot at the start, so that no request runs out of memory later. `draft_tokens` bounds the draft
    that one pass verifies; 0 for no drafts.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        slots: int = 8,
        queue: int = 64,
        device: str = "cpu",
        dtype: str | None = None,
        threads: int | None = None,
        context: int = 8192,
        draft_tokens: int = 16,
    ) -> None:
        self.path = Path(model)
        self.card = read_card(self.path)
        self.model = self.card.name
        self.slots, self.queue, self.device = slots, queue, device
        self.dtype = dtype or ("float32" if device == "cpu" else "bfloat16")
        self.threads, self.context, self.draft_tokens = threads, context, draft_tokens
        self.capabilities = Capabilities(
            logprobs=True,
            completes_in_budget=True,
            bounds_values=True,
            supports_thinking=True,
            constrains_text=True,
            constrains_calls=True,
            concurrency=slots,
            context=context,
        )
        self.encoder: PromptEncoder
        self._tokenizer: TokenizerQueue
        self._loop: Any = None
        self._grammars: Any = None
        self._drafter: Any = None

    async def start(self) -> None:
        if self._loop is not None:
            return
        self.path = await asyncio.to_thread(hub_models.local_folder, self.path)
        if not (self.path / "config.json").is_file():
            raise ConfigError(f"no model in {self.path}: give a Hugging Face folder or name with --model")
        with checkpoint.collection_paused():
            await asyncio.to_thread(self._load)

    def _load(self) -> None:
        try:
            import torch
            from llguidance.hf import from_tokenizer

            from structgen.engines.guidance.grammar_cache import GrammarCache
            from structgen.engines.guidance.shortest_completion import ShortestCompletions
            from structgen.engines.guidance.value_sizes import ValueSizeMask
            from structgen.engines.local.decode_loop import DecodeLoop
            from structgen.engines.local.model_runner import ModelRunner
            from structgen.engines.local.thought import ThinkingTags
            from structgen.engines.speculative.acceptance import ON_CPU, ON_GPU
            from structgen.engines.speculative.prompt_lookup import Drafter
        except ImportError as error:
            raise MissingExtra("local", error) from error
        if self.threads:
            torch.set_num_threads(self.threads)
        tokenizer, model = checkpoint.load(self.path, self.dtype, self.device)
        context = min(getattr(model.config, "max_position_embeddings", 4096), self.context)
        self._stops = stop_tokens(tokenizer, model.generation_config.eos_token_id)
        grammar_tokenizer = from_tokenizer(
            tokenizer, n_vocab=model.config.vocab_size, eos_token=sorted(self._stops)
        )
        self.encoder = PromptEncoder(tokenizer, context, self.card.characters, self.prompt_format)
        self._tokenizer = TokenizerQueue(self.encoder)
        self._grammars = GrammarCache(grammar_tokenizer)
        self._completions = ShortestCompletions(grammar_tokenizer)
        vocabulary = range(grammar_tokenizer.vocab_size)
        self._size_mask = ValueSizeMask([grammar_tokenizer.decode_bytes([token]) for token in vocabulary])
        self._thinking_tags = ThinkingTags(grammar_tokenizer, self._stops)
        cost = ON_CPU if self.device == "cpu" else ON_GPU
        self._drafter = Drafter(grammar_tokenizer, self.draft_tokens, cost)
        runner = ModelRunner(model, self.slots, context)
        self._loop = DecodeLoop(runner, grammar_tokenizer, self._drafter, self._stops, self.slots, self.queue)
        self.capabilities = replace(self.capabilities, context=context, characters=self.encoder.characters)

    async def prepare(self, constraint: AnyConstraint) -> None:
        self._check_started()
        await self._grammars.matcher(constraint)

    async def count(self, prompt: Conversation) -> int:
        self._check_started()
        return await self._tokenizer.count(prompt)

    def _check_started(self) -> None:
        if self._loop is None:
            raise EngineUnavailable("the engine is not started")

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        self._check_started()
        loop = self._loop
        loop.check_capacity()
        prompt = await self._tokenizer.encode(request.prompt)
        unreadable = await asyncio.to_thread(self.encoder.unreadable_characters, request.prompt)
        events: asyncio.Queue[Chunk | Exception] = asyncio.Queue()
        job = await self._job(request, prompt, events)
        loop.submit(job)
        try:
            while True:
                event = await events.get()
                if isinstance(event, Exception):
                    raise event
                if event.finish is not None:
                    yield replace(event, unreadable_characters=unreadable)
                    return
                yield event
        finally:
            job.cancelled = True

    async def _job(
        self, request: EngineRequest, prompt: list[int], events: asyncio.Queue[Chunk | Exception]
    ) -> Any:
        """Compile the grammar, prepare drafts and completions, and return the job that feeds `events`."""
        from structgen.engines.guidance.grammars import is_free_text, json_regions
        from structgen.engines.guidance.json_outline import JsonOutline
        from structgen.engines.local.job import Job

        home, constraint, sampling = asyncio.get_running_loop(), request.constraint, request.sampling
        matcher = draft_state = regions = None
        if constraint is not None:
            matcher, regions = await self._grammars.matcher(constraint), json_regions(constraint)
            if self.draft_tokens:
                draft_state = await asyncio.to_thread(self._draft_state, prompt, constraint)
        context = self.encoder.context
        room = sampling.answer_tokens if context is None else context - len(prompt)
        completions = self._completions if request.complete_in_budget else None
        key = "" if constraint is None else constraint.key
        if completions is not None and matcher is not None:  # the long search, here: the loop finds it cached
            outline = JsonOutline(regions.copy() if regions else None)
            await asyncio.to_thread(completions.find, matcher, outline, 100 * sampling.answer_tokens, key)

        def deliver(event: Chunk | Exception) -> None:
            with contextlib.suppress(RuntimeError):  # the caller's event loop is closed
                home.call_soon_threadsafe(events.put_nowait, event)

        return Job(
            prompt=prompt,
            sampling=sampling,
            room=room,
            matcher=matcher,
            regions=regions,
            free_text=constraint is not None and is_free_text(constraint),
            thinking=self._thinking_tags.plan(sampling.thinking_tokens, sampling.answer_tokens, prompt, room),
            logprobs=request.logprobs,
            token_signals=request.token_signals,
            deliver=deliver,
            completions=completions,
            grammar_key=key,
            draft_state=draft_state,
            size_mask=self._size_mask,
            bounds=request.value_limits,
        )

    def _draft_state(self, prompt: list[int], constraint: AnyConstraint) -> Any:
        """Return the state of the request's drafts; None after an error, which only costs more passes."""
        from structgen.engines.guidance.grammars import json_regions, schemas_of

        names = [name for schema in schemas_of(constraint) for name in property_names(schema)]
        try:
            return self._drafter.state_for(prompt, names, self._stops, json_regions(constraint))
        except Exception:
            log.exception("no drafts for a request")
            return None

    async def health(self) -> Health:
        if self._loop is None:
            return Health(False, detail="not started", closed=True)
        if not self._loop.alive:
            return Health(False, detail="the decode loop has ended; the log has the reason")
        if self._tokenizer.full:
            return Health(False, detail=f"{self._tokenizer.waiting} prompts wait for the tokenizer")
        return Health(True, self._loop.running, len(self._loop.waiting) + self._tokenizer.waiting)

    async def close(self) -> None:
        if self._loop is not None:
            loop, self._loop = self._loop, None
            self._grammars.close()
            self._tokenizer.close()
            await asyncio.to_thread(loop.stop)
