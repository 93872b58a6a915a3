"""Any Outlines model as an engine: transformers, llama.cpp, MLX, Ollama, TGI, SGLang.

Outlines gives a whole text at once and nothing about it: what that leaves out is declared in
`Capabilities`. One generation at a time, in a thread.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from structgen import jsontext
from structgen.engines.base import Capabilities, Constraint, Engine, EngineRequest, Health
from structgen.errors import (
    BadRequest,
    ConfigError,
    EngineFailed,
    EngineUnavailable,
    InvalidSchema,
    MissingExtra,
    Overloaded,
    PromptTooLong,
)
from structgen.prompts import template
from structgen.types import Chunk, Message, Sampling, Usage, Violation


@dataclass(frozen=True)
class Backend:
    """One kind of Outlines model: how it is opened, and how its sampling arguments are called."""

    open: Callable[[str], Any]
    arguments: Callable[[Sampling], dict[str, Any]]
    steered: bool = True
    """The grammar runs here (llguidance), not in a server."""
    seeds: bool = True


class OutlinesEngine(Engine):
    """An Outlines model; `queue` requests may wait for the one that runs."""

    def __init__(self, kind: str, model: str, *, queue: int = 64) -> None:
        self.kind, self.source, self.queue = kind, model, queue
        self.model = model.rstrip("/").rsplit("/", 1)[-1]
        self._backend = BACKENDS[kind]
        self.capabilities = Capabilities(
            streaming=False,
            cancellation=False,
            seeds=self._backend.seeds,
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
        self._outlines = await asyncio.to_thread(self._backend.open, self.source)
        self.capabilities = replace(self.capabilities, context=self._outlines.context)
        self._worker = ThreadPoolExecutor(1, "outlines")

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        if self._worker is None:
            raise EngineUnavailable("the engine is not started")
        if len(self._jobs) > self.queue:
            raise Overloaded(f"{self.queue} requests are waiting already")
        messages = [part for part in request.prompt if isinstance(part, Message)]
        if not messages:
            raise BadRequest("Outlines models take messages, not token ids")
        job = self._worker.submit(self._complete, self._outlines, messages, request)
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

    def _complete(self, opened: Any, messages: Sequence[Message], request: EngineRequest) -> Chunk:
        generator = self._generator(opened, request.constraint)
        prompt = opened.prompt(messages)
        sampling = _fitting(request.sampling, opened.count_prompt(prompt), opened.context)
        request = replace(request, sampling=sampling)
        try:
            text = generator(prompt, **self._backend.arguments(sampling))
        except Exception as error:
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
            jsontext.loads(text)
        except jsontext.JsonFault:
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
            from structgen.engines.local.grammar import check

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
        return Health(self._worker is not None, min(1, jobs), max(0, jobs - 1))

    async def close(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.shutdown(wait=False, cancel_futures=True)
            for caller in list(self._callers):
                caller.cancel()
        self._outlines = None
        self._generators = OrderedDict()


class _Opened:
    """An Outlines model with prompts as `outlines.inputs.Chat`, and no way to count tokens."""

    context: int | None = None

    def __init__(self, model: Any) -> None:
        self.model = model

    def prompt(self, messages: Sequence[Message]) -> Any:
        from outlines.inputs import Chat

        return Chat([{"role": m.role, "content": m.content} for m in messages])

    def count(self, text: str) -> int:
        return 0

    def count_prompt(self, prompt: Any) -> int:
        return 0


def open_outlines(kind: str, model: str, **options: Any) -> OutlinesEngine:
    """The engine for `--engine outlines:KIND`; `model` is a folder, a file, a name or an address."""
    if kind not in BACKENDS:
        raise ConfigError(f"no Outlines model {kind!r}: take one of {', '.join(BACKENDS)}")
    return OutlinesEngine(kind, model, **options)


def _open_transformers(path: str) -> _Opened:
    try:
        import torch
        import transformers
        from outlines.models.transformers import Transformers
    except ImportError as error:
        raise MissingExtra("outlines,local", error) from error

    class Encoded(Transformers):  # type: ignore[misc]
        """Takes token ids: Outlines' own way would let user text make special tokens."""

        def _prepare_model_inputs(self, model_input: list[int], is_batch: bool = False) -> Any:
            ids = torch.tensor([model_input])
            return [""], {"input_ids": ids, "attention_mask": torch.ones_like(ids)}

    class Opened(_Opened):
        def prompt(self, messages: Sequence[Message]) -> list[int]:
            return template.encode(tokenizer, messages)

        def count(self, text: str) -> int:
            return len(tokenizer.encode(text, add_special_tokens=False))

        def count_prompt(self, prompt: list[int]) -> int:
            return len(prompt)

    transformers.utils.logging.disable_progress_bar()
    tokenizer = transformers.AutoTokenizer.from_pretrained(path, local_files_only=True)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        path, local_files_only=True, dtype=torch.float32
    )
    opened = Opened(Encoded(model, tokenizer))
    opened.context = getattr(model.config, "max_position_embeddings", None)
    return opened


def _open_llamacpp(path: str) -> _Opened:
    try:
        import llama_cpp
        import outlines
    except ImportError as error:
        raise MissingExtra("outlines", error, "llama-cpp-python") from error
    return _Opened(outlines.from_llamacpp(llama_cpp.Llama(path, n_ctx=0, verbose=False)))


def _open_mlxlm(path: str) -> _Opened:
    try:
        import mlx_lm
        import outlines
    except ImportError as error:
        raise MissingExtra("outlines", error, "mlx-lm") from error
    return _Opened(outlines.from_mlxlm(*mlx_lm.load(path)))


def _open_ollama(name: str) -> _Opened:
    try:
        import ollama
        import outlines
    except ImportError as error:
        raise MissingExtra("outlines", error, "ollama") from error
    return _Opened(outlines.from_ollama(ollama.Client(), name))


def _open_tgi(address: str) -> _Opened:
    try:
        import huggingface_hub
        import outlines
    except ImportError as error:
        raise MissingExtra("outlines", error, "huggingface-hub") from error
    return _Opened(outlines.from_tgi(huggingface_hub.InferenceClient(address)))


def _open_sglang(address: str) -> _Opened:
    try:
        import openai
        import outlines
    except ImportError as error:
        raise MissingExtra("outlines", error, "openai") from error
    key = os.environ.get("OPENAI_API_KEY", "none")
    return _Opened(outlines.from_sglang(openai.OpenAI(base_url=address, api_key=key)))


def _for_transformers(sampling: Sampling) -> dict[str, Any]:
    import torch

    if sampling.seed is None:
        torch.seed()  # transformers knows the global generator alone: an earlier seed must not last
    else:
        torch.manual_seed(sampling.seed)
    if sampling.temperature <= 0:
        return {"max_new_tokens": sampling.max_tokens, "do_sample": False}
    return {
        "max_new_tokens": sampling.max_tokens,
        "do_sample": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
    }


def _for_llamacpp(sampling: Sampling) -> dict[str, Any]:
    return {
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "seed": sampling.seed,
    }


def _for_mlxlm(sampling: Sampling) -> dict[str, Any]:
    from mlx_lm.sample_utils import make_sampler

    sampler = make_sampler(temp=sampling.temperature, top_p=sampling.top_p, top_k=sampling.top_k)
    return {"max_tokens": sampling.max_tokens, "sampler": sampler}


def _for_ollama(sampling: Sampling) -> dict[str, Any]:
    options = _for_llamacpp(sampling)
    options["num_predict"] = options.pop("max_tokens")
    return {"options": options}


def _for_tgi(sampling: Sampling) -> dict[str, Any]:
    asked: dict[str, Any] = {"max_new_tokens": sampling.max_tokens, "seed": sampling.seed}
    if sampling.temperature > 0:
        asked |= {"do_sample": True, "temperature": sampling.temperature}
        asked |= {"top_p": sampling.top_p} if sampling.top_p < 1 else {}
        asked |= {"top_k": sampling.top_k} if sampling.top_k else {}
    return asked


def _for_sglang(sampling: Sampling) -> dict[str, Any]:
    asked = {"max_tokens": sampling.max_tokens, "temperature": sampling.temperature}
    return {**asked, "top_p": sampling.top_p, "seed": sampling.seed}


BACKENDS = {
    "transformers": Backend(_open_transformers, _for_transformers),
    "llamacpp": Backend(_open_llamacpp, _for_llamacpp),
    "mlxlm": Backend(_open_mlxlm, _for_mlxlm, seeds=False),
    "ollama": Backend(_open_ollama, _for_ollama, steered=False),
    "tgi": Backend(_open_tgi, _for_tgi, steered=False),
    "sglang": Backend(_open_sglang, _for_sglang, steered=False),
}


def _fitting(sampling: Sampling, prompt: int, context: int | None) -> Sampling:
    """`max_tokens` bounded by the context, where it is known."""
    if context is None:
        return sampling
    if prompt >= context:
        detail = f"the prompt has {prompt} tokens, this model's context holds {context - 1}"
        raise PromptTooLong(detail, prompt, context - 1)
    return replace(sampling, max_tokens=min(sampling.max_tokens, context - prompt))


def _refused(reason: str) -> InvalidSchema:
    return InvalidSchema(reason, [Violation("", "grammar", reason)])
