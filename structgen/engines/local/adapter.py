"""`LocalEngine`: the decode loop behind the engine contract."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from structgen.engines.base import Capabilities, Constraint, Engine, EngineRequest, Health
from structgen.engines.model_card import read_card
from structgen.engines.speculative.document_hints import names_of
from structgen.engines.tokenization import Tokenizing
from structgen.errors import ConfigError, EngineUnavailable, MissingExtra
from structgen.prompts import chat_template
from structgen.types import Chunk, Message, Sampling

log = logging.getLogger("structgen.engine")


class LocalEngine(Engine):
    """A transformers model in this process: `slots` generations at once, `queue` more may wait.

    `dtype` is a torch dtype's name; without it float32 on a CPU, bfloat16 on a GPU. `context` bounds
    prompt and answer together, at most what the model was made for; keys and values for all of it are
    reserved in every slot at the start, so that nothing can run out of memory later. `draft_tokens` are
    guessed at most for one pass to confirm; 0 for none.
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
            closes=True,
            bounds=True,
            concurrency=slots,
            context=context,
        )
        self.encoder: chat_template.Encoder
        self._tokens: Tokenizing
        self._loop: Any = None
        self._grammars: Any = None
        self._drafter: Any = None

    async def start(self) -> None:
        if self._loop is not None:
            return
        if not (self.path / "config.json").is_file():
            raise ConfigError(f"no model in {self.path}: give a Hugging Face folder with --model")
        with _collection_paused():
            await asyncio.to_thread(self._load)

    def _load(self) -> None:
        try:
            import torch
            import transformers
            from llguidance.hf import from_tokenizer

            from structgen.engines.guidance.grammar_cache import GrammarCache
            from structgen.engines.guidance.shortest_completion import Ways
            from structgen.engines.guidance.value_sizes import Limiter
            from structgen.engines.local.decode_loop import Loop
            from structgen.engines.speculative.acceptance import ON_CPU, ON_GPU
            from structgen.engines.speculative.prompt_lookup import Drafter
        except ImportError as error:
            raise MissingExtra("local", error) from error
        dtype = getattr(torch, self.dtype, None)
        if not isinstance(dtype, torch.dtype):
            raise ConfigError(
                f"--dtype {self.dtype!r} is no dtype of torch: take float32, bfloat16 or float16"
            )
        _check_device(self.device)
        if self.threads:
            torch.set_num_threads(self.threads)
        transformers.utils.logging.disable_progress_bar()
        tokenizer, model = _checkpoint(self.path, dtype, self.device)
        context = min(getattr(model.config, "max_position_embeddings", 4096), self.context)
        stops = _stops(model, tokenizer)
        masks = from_tokenizer(tokenizer, n_vocab=model.config.vocab_size, eos_token=sorted(stops))
        self.encoder = chat_template.Encoder(tokenizer, context, self.card.characters)
        self._tokens = Tokenizing(self.encoder)
        self._grammars = GrammarCache(masks)
        self._ways = Ways(masks)
        self._limiter = Limiter([masks.decode_bytes([token]) for token in range(masks.vocab_size)])
        self._drafter = Drafter(masks, self.draft_tokens, ON_CPU if self.device == "cpu" else ON_GPU)
        self._loop = Loop(model, masks, self._drafter, stops, self.slots, self.queue, context)
        self.capabilities = replace(self.capabilities, context=context, characters=self.encoder.characters)

    async def prepare(self, constraint: Constraint) -> None:
        await self._ready()[1].matcher(constraint)

    async def count(self, prompt: tuple[Message, ...]) -> int:
        self._ready()
        return await self._tokens.count(prompt)

    def _ready(self) -> tuple[Any, Any]:
        if self._loop is None:
            raise EngineUnavailable("the engine is not started")
        return self._loop, self._grammars

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        from structgen.engines.guidance.json_outline import Outline
        from structgen.engines.local.sequence import Job

        loop, grammars = self._ready()
        loop.check_room()
        prompt = await self._tokens.encode(request.prompt)
        unread = await asyncio.to_thread(self.encoder.unread, request.prompt)
        matcher = source = None
        if request.constraint is not None:
            matcher = await grammars.matcher(request.constraint)
            if self.draft_tokens:
                source = await asyncio.to_thread(self._source, prompt, request.constraint, loop.stops)
        events: asyncio.Queue[Chunk | Exception] = asyncio.Queue()
        home = asyncio.get_running_loop()

        def deliver(event: Chunk | Exception) -> None:
            with contextlib.suppress(RuntimeError):  # the caller's event loop is gone
                home.call_soon_threadsafe(events.put_nowait, event)

        sampling = _fitting(request.sampling, loop.context - len(prompt))
        ways = self._ways if request.close else None
        key = "" if request.constraint is None else request.constraint.key
        if ways is not None and matcher is not None:  # the long search, off the decode loop: it is remembered
            await asyncio.to_thread(ways.shortest, matcher, Outline(), 100 * sampling.max_tokens, key)
        job = Job(
            prompt,
            sampling,
            matcher,
            request.logprobs,
            deliver,
            ways,
            key,
            source,
            self._limiter,
            request.bounds,
        )
        loop.submit(job)
        try:
            while True:
                event = await events.get()
                if isinstance(event, Exception):
                    raise event
                if event.finish is not None:
                    yield replace(event, unread=unread)
                    return
                yield event
        finally:
            job.cancelled = True

    def _source(self, prompt: list[int], constraint: Constraint, stops: frozenset[int]) -> Any:
        """What drafts are made from; without it an answer takes more passes, and no more than that."""
        try:
            return self._drafter.source_of(prompt, names_of(constraint.schema), stops)
        except Exception:
            log.exception("no drafts for a request")
            return None

    async def health(self) -> Health:
        if self._loop is None:
            return Health(False, detail="not started", closed=True)
        if not self._loop.alive:
            return Health(False, detail="the decode loop has ended; the log says why")
        if self._tokens.full:
            return Health(False, detail=f"{self._tokens.waiting} prompts wait for the tokenizer")
        return Health(True, self._loop.running, len(self._loop.waiting) + self._tokens.waiting)

    async def close(self) -> None:
        if self._loop is not None:
            loop, self._loop = self._loop, None
            self._grammars.close()
            self._tokens.close()
            await asyncio.to_thread(loop.stop)


@contextlib.contextmanager
def _collection_paused() -> Iterator[None]:
    """Pause the garbage collector: imports make objects that stay, and looking through them takes 0.5 s."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _check_device(name: str) -> None:
    """Refuse a device that torch does not know, or that is not on this machine."""
    import torch

    try:
        kind = torch.device(name).type
    except RuntimeError as error:
        raise ConfigError(f"--device {name!r} is no device of torch: take cpu or cuda") from error
    if kind == "cuda" and not torch.cuda.is_available():
        lack = "torch sees no GPU" if torch.version.cuda else "this torch is built without CUDA"
        raise ConfigError(f"--device {name}: {lack}: take --device cpu, or install torch with CUDA")


def _checkpoint(path: Path, dtype: Any, device: str) -> tuple[Any, Any]:
    """Tokenizer and model of a Hugging Face folder, the model on its device and of full attention."""
    import transformers

    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(path), local_files_only=True)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            str(path), local_files_only=True, dtype=dtype, attn_implementation="sdpa"
        )
        model.to(device).eval()
    except Exception as error:  # of many kinds, all of them about what was configured
        reason = f"{type(error).__name__}: {error}"[:300]
        raise ConfigError(f"no model can be loaded from {path} on {device}: {reason}") from error
    _check_attention(model.config)
    return tokenizer, model


def _check_attention(config: Any) -> None:
    """The loop's masks are of full attention: a model made for another kind would go wrong in silence."""
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    if not hasattr(config, "num_key_value_heads") or kinds != {"full_attention"}:
        raise ConfigError(
            f"the local engine runs Llama-like models of full attention, not {config.model_type}: take "
            "--engine outlines:transformers, or vllm"
        )
    if getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True):
        raise ConfigError("the local engine runs no sliding-window attention: take --engine outlines")


def _fitting(sampling: Sampling, room: int) -> Sampling:
    """`max_tokens` bounded by the context; the end is then `length`, not silence."""
    return replace(sampling, max_tokens=min(sampling.max_tokens, room))


def _stops(model: Any, tokenizer: Any) -> frozenset[int]:
    """Tokens that end a turn: the checkpoint's, and Llama-3's or ChatML's where it has them."""
    found = model.generation_config.eos_token_id
    ids = set(found if isinstance(found, list) else [found]) - {None}
    ids.add(tokenizer.eos_token_id)
    for name in ("<|eot_id|>", "<|im_end|>"):
        if name in tokenizer.get_vocab():
            ids.add(tokenizer.convert_tokens_to_ids(name))
    return frozenset(ids - {None})
