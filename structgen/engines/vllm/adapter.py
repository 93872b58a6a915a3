"""`VllmEngine`: vLLM in processes of its own, behind the engine contract."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

from structgen.engines.base import AnyConstraint, Capabilities, Engine, EngineRequest, Health, queue_full
from structgen.engines.model_card import read_card
from structgen.engines.speculative.document_hints import property_names
from structgen.engines.stop_tokens import stop_tokens
from structgen.engines.tokenization import TokenizerQueue
from structgen.engines.vllm import launch, structured_outputs
from structgen.engines.vllm.detokenizer import Detokenizer
from structgen.engines.vllm.errors import translated
from structgen.engines.vllm.output_decoder import OutputDecoder
from structgen.engines.vllm.request_protocol import DecodingOptions
from structgen.engines.vllm.supervisor import Supervisor
from structgen.errors import ConfigError, EngineUnavailable, MissingExtra, StructgenError
from structgen.prompts.chat_template import PromptEncoder
from structgen.types import Chunk, Conversation, Usage

log = logging.getLogger("structgen.engine")
_THINK_MARGIN = 8
"""Tokens beyond the thinking budget, with which vLLM ends a thought."""
_LIKELIEST = 2
"""Tokens that vLLM lists where their signals are asked for: one of them is not the sampled one."""


class VllmEngine(Engine):
    """A model under vLLM: `slots` generations at once, `queue` more may wait.

    `arguments` are vLLM's own engine arguments and win over those chosen here; `draft_tokens` among them is
    ours: the tokens drafted for one pass (16; 0 for none).
    """

    def __init__(
        self,
        model: str | Path,
        *,
        arguments: Mapping[str, Any] | None = None,
        slots: int = 32,
        queue: int = 256,
        context: int | None = None,
    ) -> None:
        self.source = str(model)
        # vLLM's log-probabilities are those before the mask: no card's limit was measured on them
        self.card = replace(read_card(model), least_probability=None)
        self.model = self.card.name
        self.arguments, self.queue = dict(arguments or {}), queue
        self.slots = int(self.arguments.get("max_num_seqs", slots))
        self.capabilities = Capabilities(
            logprobs=True,
            supports_thinking=True,
            constrains_text=True,
            constrains_calls=True,
            concurrency=self.slots,
            context=context,
        )
        self._context = context
        self._has_priorities = self.arguments.get("scheduling_policy", "priority") == "priority"
        self.encoder: PromptEncoder
        self._tokenizer: TokenizerQueue
        self._supervisor: Supervisor | None = None
        self._grammars: Any = None
        self._running = 0

    async def start(self) -> None:
        if self._supervisor is not None:
            return
        await asyncio.to_thread(self._check_folder)
        supervisor = Supervisor(lambda: launch.build(self.source, self.arguments, self.slots, self._context))
        await supervisor.start()
        try:
            await asyncio.to_thread(self._read_tokenizer, supervisor.llm())
        except BaseException:
            await supervisor.close()
            raise
        self._supervisor = supervisor

    def _check_folder(self) -> None:
        folder = Path(self.source)
        if folder.exists() and not (folder / "config.json").is_file():
            raise ConfigError(f"no model in {folder}: give a Hugging Face folder or name with --model")
        if folder.is_dir() and not [*folder.glob("*.safetensors"), *folder.glob("*.bin")]:
            raise ConfigError(f"no weights in {folder}: download the whole checkpoint")

    def _read_tokenizer(self, llm: Any) -> None:
        try:
            from structgen.engines.guidance.grammar_cache import GrammarCache
            from structgen.engines.guidance.grammars import special_tokens
            from structgen.engines.guidance.shortest_completion import ShortestCompletions
            from structgen.engines.vllm.grammar_tokenizer import grammar_tokenizer
        except ImportError as error:
            raise MissingExtra("vllm", error) from error
        tokenizer, config = llm.renderer.get_tokenizer(), llm.model_config
        context = int(config.max_model_len)
        vocabulary = tokenizer.get_vocab()
        generation = config.try_get_generation_config() or {}
        self._stops = stop_tokens(tokenizer, generation.get("eos_token_id"))
        self._think_end = vocabulary.get("</think>")
        self._think_start = vocabulary.get("<think>")
        self._positions = context
        self.encoder = PromptEncoder(tokenizer, context, self.card.characters, self.prompt_format)
        self._tokenizer = TokenizerQueue(self.encoder)
        self._ll_tokenizer = grammar_tokenizer(
            tokenizer, config.get_vocab_size(), generation.get("eos_token_id")
        )
        self._grammars = GrammarCache(self._ll_tokenizer)
        self._is_special = special_tokens(self._ll_tokenizer)
        self._completions = ShortestCompletions(self._ll_tokenizer)
        self._own_scheduler = launch.is_supported_release()
        self.capabilities = replace(
            self.capabilities,
            context=context,
            characters=self.encoder.characters,
            completes_in_budget=self._own_scheduler,
            bounds_values=self._own_scheduler,
            supports_thinking=self._think_end is not None and self._think_start is not None,
        )

    async def prepare(self, constraint: AnyConstraint) -> None:
        self._started()
        await self._grammars.matcher(constraint)

    async def count(self, prompt: Conversation) -> int:
        self._started()
        return await self._tokenizer.count(prompt)

    def _started(self) -> Supervisor:
        if self._supervisor is None:
            raise EngineUnavailable("the engine is not started")
        return self._supervisor

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        supervisor = self._started()
        llm = supervisor.llm()
        if self._running >= self.slots + self.queue:
            raise queue_full(self._running - self.slots)
        self._running += 1
        try:
            async with aclosing(self._generate(llm, request)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except StructgenError:
            raise
        except Exception as error:
            raise translated(error, supervisor.unavailable().retry_after) from error
        finally:
            self._running -= 1

    async def _generate(self, llm: Any, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        prompt = await self._prompt(request)
        unreadable = await asyncio.to_thread(self.encoder.unreadable_characters, request.prompt)
        matcher = None
        if request.constraint is not None:
            matcher = await self._grammars.matcher(request.constraint)
        budget = min(request.sampling.answer_tokens, self._positions - len(prompt))
        if request.constraint is not None and request.complete_in_budget:
            needed = await asyncio.to_thread(
                self._shortest_completion_tokens, matcher, budget, request.constraint
            )
            if needed is not None:
                yield Chunk(finish="length", usage=Usage(len(prompt)), shortest_completion_tokens=needed)
                return
        thinking = request.sampling.thinking_tokens is not None
        detokenizer = Detokenizer(self._ll_tokenizer, self._stops, self._think_end, thinking)
        decoder = OutputDecoder(self._ll_tokenizer, detokenizer, matcher, len(prompt))
        generation = llm.generate(
            {"prompt_token_ids": prompt},
            self._sampling_params(request, budget, len(prompt)),
            f"structgen-{uuid.uuid4().hex}",
            priority=request.priority if self._has_priorities else 0,
            reasoning_ended=not thinking,
        )
        async with aclosing(generation) as outputs:
            async for output in outputs:
                if output.outputs[0].finish_reason == "abort" and self._supervisor is None:
                    raise EngineUnavailable("the engine was closed")
                yield decoder.chunk(output, unreadable)

    async def _prompt(self, request: EngineRequest) -> list[int]:
        """Encode the prompt; open a thought where the request has a thinking budget."""
        ids = await self._tokenizer.encode(request.prompt)
        if request.sampling.thinking_tokens is None:
            return ids
        if not self.capabilities.supports_thinking:
            raise ConfigError(
                f"{self.model} has no <think> and </think> among its tokens: it cannot think first"
            )
        return [*ids, self._think_start]

    def _shortest_completion_tokens(self, matcher: Any, budget: int, constraint: AnyConstraint) -> int | None:
        """Count the tokens of the shortest valid answer and of its end, where the budget is smaller."""
        from structgen.engines.guidance.grammars import json_regions
        from structgen.engines.guidance.json_outline import JsonOutline

        outline = JsonOutline(json_regions(constraint))
        completion = self._completions.find(matcher, outline, 100 * budget, constraint.key)
        return None if completion is None or len(completion) < budget else len(completion) + 1

    def _sampling_params(self, request: EngineRequest, budget: int, prompt_tokens: int) -> Any:
        from vllm.sampling_params import RequestOutputKind, SamplingParams

        from structgen.engines.guidance.grammars import json_regions, schemas_of

        sampling, constraint = request.sampling, request.constraint
        names: tuple[str, ...] = ()
        structured = regions = None
        if constraint is not None:
            regions = json_regions(constraint)
            names = tuple(name for schema in schemas_of(constraint) for name in property_names(schema))
            structured = structured_outputs.structured_params(
                constraint, self._is_special, own_scheduler=self._own_scheduler
            )
        max_tokens, thinking = budget, sampling.thinking_tokens
        if thinking is not None:
            max_tokens = min(budget + thinking + _THINK_MARGIN, self._positions - prompt_tokens)
        options = DecodingOptions(
            request.complete_in_budget,
            request.value_limits,
            None if thinking is None else self._think_end,
            None if regions is None else (regions.tagged, regions.response),
            names,
        )
        return SamplingParams(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            top_k=sampling.top_k,
            seed=sampling.seed,
            max_tokens=max_tokens,
            stop_token_ids=sorted(self._stops),
            logprobs=_listed(request),
            detokenize=False,
            skip_special_tokens=False,
            output_kind=RequestOutputKind.DELTA,
            structured_outputs=structured,
            thinking_token_budget=thinking,
            extra_args=options.to_extra_args(),
        )

    async def health(self) -> Health:
        supervisor = self._supervisor
        if supervisor is None:
            return Health(False, detail="not started", closed=True)
        if self._tokenizer.full:
            return Health(False, detail=f"{self._tokenizer.waiting} prompts wait for the tokenizer")
        running = min(self._running, self.slots)
        return Health(supervisor.ready, running, self._running - running, supervisor.detail)

    async def close(self) -> None:
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is not None:
            self._grammars.close()
            self._tokenizer.close()
            await supervisor.close()


def _listed(request: EngineRequest) -> int | None:
    """Return how many of the likeliest tokens vLLM lists; None for no log-probabilities at all."""
    if not request.logprobs or request.complete_in_budget:
        return None
    return _LIKELIEST if request.token_signals else 0
