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

from structgen.engines.base import Capabilities, Constraint, Engine, EngineRequest, Health
from structgen.engines.model_card import read_card
from structgen.engines.speculative.document_hints import names_of
from structgen.engines.tokenization import Tokenizing
from structgen.engines.vllm import launch, structured_outputs
from structgen.engines.vllm.detokenizer import Reader
from structgen.engines.vllm.request_protocol import DecodingAccount, DecodingOptions
from structgen.engines.vllm.supervisor import Supervisor
from structgen.errors import (
    BadRequest,
    ConfigError,
    EngineFailed,
    EngineUnavailable,
    MissingExtra,
    Overloaded,
    StructgenError,
)
from structgen.prompts.chat_template import Encoder
from structgen.suggestions import plural
from structgen.types import Chunk, FinishReason, Message, Usage

log = logging.getLogger("structgen.engine")


class VllmEngine(Engine):
    """A model under vLLM: `slots` generations at once, `queue` more may wait.

    `arguments` are vLLM's own engine arguments and win over what is chosen here; `draft_tokens` among
    them is ours: tokens drafted for one pass (16; 0 for none).
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
        # its log-probabilities are those before the mask: no limit of a card was measured on them
        self.card = replace(read_card(model), least_probability=None)
        self.model = self.card.name
        self.arguments, self.queue = dict(arguments or {}), queue
        self.slots = int(self.arguments.get("max_num_seqs", slots))
        self.capabilities = Capabilities(logprobs=True, thinks=True, concurrency=self.slots, context=context)
        self._context = context
        self._priorities = self.arguments.get("scheduling_policy", "priority") == "priority"
        self.encoder: Encoder
        self._tokens: Tokenizing
        self._supervisor: Supervisor | None = None
        self._grammars: Any = None
        self._running = 0

    async def start(self) -> None:
        if self._supervisor is not None:
            return
        await asyncio.to_thread(self._check)
        supervisor = Supervisor(lambda: launch.build(self.source, self.arguments, self.slots, self._context))
        await supervisor.start()
        try:
            await asyncio.to_thread(self._read_tokenizer, supervisor.llm())
        except BaseException:
            await supervisor.close()
            raise
        self._supervisor = supervisor

    def _check(self) -> None:
        folder = Path(self.source)
        if folder.exists() and not (folder / "config.json").is_file():
            raise ConfigError(f"no model in {folder}: give a Hugging Face folder or name with --model")
        if folder.is_dir() and not [*folder.glob("*.safetensors"), *folder.glob("*.bin")]:
            raise ConfigError(f"no weights in {folder}: download the whole checkpoint")

    def _read_tokenizer(self, llm: Any) -> None:
        try:
            from llguidance.hf import from_tokenizer

            from structgen.engines.guidance.grammar_cache import GrammarCache
            from structgen.engines.guidance.shortest_completion import Ways
        except ImportError as error:
            raise MissingExtra("vllm", error) from error
        tokenizer, config = llm.renderer.get_tokenizer(), llm.model_config
        context = int(config.max_model_len)
        vocabulary = tokenizer.get_vocab()
        self._stops = _stops(tokenizer, config.try_get_generation_config())
        self._think_end = vocabulary.get("</think>")
        self._think_start = vocabulary.get("<think>")
        self._positions = context
        self.encoder = Encoder(tokenizer, context, self.card.characters)
        self._tokens = Tokenizing(self.encoder)
        size = max(config.get_vocab_size(), len(tokenizer))
        self._ll_tokenizer = from_tokenizer(tokenizer, n_vocab=size)
        self._grammars, self._ways = GrammarCache(self._ll_tokenizer), Ways(self._ll_tokenizer)
        tuned = launch.tuned()
        self.capabilities = replace(
            self.capabilities, context=context, characters=self.encoder.characters,
            closes=tuned, bounds=tuned,
            thinks=self._think_end is not None and self._think_start is not None,
        )  # fmt: skip

    async def prepare(self, constraint: Constraint) -> None:
        self._serving()
        await self._grammars.matcher(constraint)

    async def count(self, prompt: tuple[Message, ...]) -> int:
        self._serving()
        return await self._tokens.count(prompt)

    def _serving(self) -> Supervisor:
        if self._supervisor is None:
            raise EngineUnavailable("the engine is not started")
        return self._supervisor

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        supervisor = self._serving()
        llm = supervisor.llm()
        if self._running >= self.slots + self.queue:
            raise Overloaded(
                f"{plural(self._running - self.slots, 'request')} in the queue already: send fewer at once"
            )
        self._running += 1
        try:
            async with aclosing(self._generate(llm, request)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except StructgenError:
            raise
        except Exception as error:
            raise self._told(error, supervisor) from error
        finally:
            self._running -= 1

    async def _generate(self, llm: Any, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        ids = await self._prompt(request)
        unread = await asyncio.to_thread(self.encoder.unread, request.prompt)
        matcher = None
        if request.constraint is not None:
            matcher = await self._grammars.matcher(request.constraint)
        budget = min(request.sampling.max_tokens, self._positions - len(ids))
        if matcher is not None and request.constraint is not None and request.close:
            needed = await asyncio.to_thread(self._needed, matcher, budget, request.constraint.key)
            if needed is not None:
                yield Chunk(finish="length", usage=Usage(len(ids)), needed=needed)
                return
        thinking = request.sampling.thinking_tokens is not None
        reader = Reader(self._ll_tokenizer, self._stops, self._think_end, thinking)
        generation = llm.generate(
            {"prompt_token_ids": ids},
            self._params(request, budget, len(ids)),
            f"structgen-{uuid.uuid4().hex}",
            priority=request.priority if self._priorities else 0,
            reasoning_ended=not thinking,
        )
        async with aclosing(generation) as outputs:
            async for output in outputs:
                chunk = self._chunk(output, reader, matcher, request, len(ids))
                yield replace(chunk, unread=unread) if output.finished else chunk

    async def _prompt(self, request: EngineRequest) -> list[int]:
        ids = await self._tokens.encode(request.prompt)
        if request.sampling.thinking_tokens is None:
            return ids
        if not self.capabilities.thinks:
            raise ConfigError(
                f"{self.model} has no <think> and </think> among its tokens: it cannot think first"
            )
        return [*ids, self._think_start]

    def _needed(self, matcher: Any, budget: int, key: str) -> int | None:
        """Tokens of the shortest valid answer and the end of its turn, where the budget is smaller."""
        from structgen.engines.guidance.json_outline import Outline

        way = self._ways.shortest(matcher, Outline(), 100 * budget, key)
        return None if way is None or len(way) < budget else len(way) + 1

    def _params(self, request: EngineRequest, budget: int, prompt: int) -> Any:
        from vllm.sampling_params import RequestOutputKind, SamplingParams

        sampling, structured = request.sampling, None
        if request.constraint is not None:
            structured = structured_outputs.structured(request.constraint, tuned=self.capabilities.closes)
        thoughts = sampling.thinking_tokens
        most = budget if thoughts is None else min(budget + thoughts + 8, self._positions - prompt)
        names = () if request.constraint is None else tuple(names_of(request.constraint.schema))
        options = DecodingOptions(request.close, request.bounds, self._think_end, names)
        return SamplingParams(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            top_k=sampling.top_k,
            seed=sampling.seed,
            max_tokens=most,
            stop_token_ids=sorted(self._stops),
            logprobs=0 if request.logprobs and not request.close else None,
            detokenize=False,
            skip_special_tokens=False,
            output_kind=RequestOutputKind.DELTA,
            structured_outputs=structured,
            thinking_token_budget=thoughts,
            extra_args=options.to_extra_args(),
        )

    def _chunk(self, output: Any, reader: Reader, matcher: Any, request: EngineRequest, prompt: int) -> Chunk:
        made = output.outputs[0]
        account = DecodingAccount.from_transfer_params(output.kv_transfer_params)
        logprobs = reader.logprobs(made.logprobs, made.token_ids)
        thought, text = reader.read(made.token_ids, last=output.finished)
        cached = output.num_cached_tokens or 0
        if not output.finished:
            so_far = Usage(prompt, reader.tokens, cached)
            return Chunk(text, usage=so_far, logprobs=logprobs, thought=thought)
        finish: FinishReason = "length" if made.finish_reason == "length" else "stop"
        if made.finish_reason == "abort" and self._supervisor is None:
            raise EngineUnavailable("the engine was closed")
        if made.finish_reason not in ("stop", "length"):
            raise EngineFailed(f"vLLM ended the request with {made.finish_reason!r}")
        if matcher is not None and finish == "stop" and not reader.thinking:
            structured_outputs.replay(matcher, reader.answer)
        return Chunk(
            text,
            finish,
            Usage(prompt, reader.tokens, cached, account.forced, account.steps),
            logprobs,
            thought=thought,
            written=None if account.closed_at is None else self._written(reader, account.closed_at),
        )

    def _written(self, reader: Reader, closed: int) -> int:
        """Characters of the answer before the token at which the budget began to write it."""
        own = reader.answer[: max(0, closed - (reader.tokens - len(reader.answer)))]
        return len(self._ll_tokenizer.decode_bytes(own).decode("utf-8", "ignore")) if own else 0

    def _told(self, error: Exception, supervisor: Supervisor) -> StructgenError:
        """vLLM's errors as ours."""
        from vllm.exceptions import GracefulHTTPError, VLLMValidationError
        from vllm.v1.engine.exceptions import EngineDeadError

        if isinstance(error, EngineDeadError):
            return EngineUnavailable(
                "the engine died while it answered", supervisor.unavailable().retry_after
            )
        if isinstance(error, GracefulHTTPError):
            return Overloaded(f"vLLM takes no more requests: {error}"[:300])
        if isinstance(error, VLLMValidationError):
            return BadRequest(f"vLLM refuses the request: {error}"[:500])
        return EngineFailed(f"vLLM failed: {type(error).__name__}: {error}"[:500])

    async def health(self) -> Health:
        supervisor = self._supervisor
        if supervisor is None:
            return Health(False, detail="not started", closed=True)
        if self._tokens.full:
            return Health(False, detail=f"{self._tokens.waiting} prompts wait for the tokenizer")
        running = min(self._running, self.slots)
        return Health(supervisor.ready, running, self._running - running, supervisor.detail)

    async def close(self) -> None:
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is not None:
            self._grammars.close()
            self._tokens.close()
            await supervisor.close()


def _stops(tokenizer: Any, generation: Mapping[str, Any] | None) -> frozenset[int]:
    """Tokens that end a turn: the checkpoint's, and Llama-3's or ChatML's where it has them."""
    found = (generation or {}).get("eos_token_id")
    ids = {tokenizer.eos_token_id, *(found if isinstance(found, list) else [found])}
    vocabulary = tokenizer.get_vocab()
    ids |= {vocabulary[name] for name in ("<|eot_id|>", "<|im_end|>") if name in vocabulary}
    return frozenset(ids - {None})
