"""Kinds of Outlines models: how each is opened, and its names of the sampling arguments."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from structgen.engines import hub_models
from structgen.errors import MissingExtra
from structgen.prompts import chat_template, text_length
from structgen.prompts.base import PromptFormat
from structgen.prompts.server_messages import tagged_messages
from structgen.types import Conversation, Sampling


@dataclass(frozen=True)
class ModelKind:
    """One kind of Outlines model: its loader, and its translation of `Sampling`."""

    open: Callable[[str], Opened]
    arguments: Callable[[Sampling], dict[str, Any]]
    local_grammar: bool = True
    """Whether the grammar runs in this process (llguidance), and not in a server."""


class Opened:
    """An open Outlines model with prompts of type `outlines.inputs.Chat`, which cannot count tokens.

    Outlines renders the prompt: text that its tokenizer could take for a special token gets an invisible
    space.
    """

    context: int | None = None
    characters: int | None = None
    """Characters above which no prompt fits the context."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def prompt(self, conversation: Conversation) -> Any:
        """Return the conversation as the model takes it."""
        from outlines.inputs import Chat

        return Chat(tagged_messages(conversation))

    def render_by(self, prompt_format: PromptFormat) -> None:
        """Render prompts by this format, where they are rendered here and the model has no template."""

    def count(self, text: str) -> int:
        """Count the tokens of a text; 0 where that is impossible."""
        return 0

    def count_prompt(self, prompt: Any) -> int:
        """Count the tokens of a prompt; 0 where that is impossible."""
        return 0


@contextmanager
def _needing(extra: str, package: str = "") -> Iterator[None]:
    """Turn a failed import into an error that names the extra to install."""
    try:
        yield
    except ImportError as error:
        raise MissingExtra(extra, error, package) from error


def _open_transformers(path: str) -> Opened:
    with _needing("outlines,local"):
        import torch
        import transformers
        from outlines.models.transformers import Transformers

    class Encoded(Transformers):  # type: ignore[misc]
        """Takes token ids: Outlines' own tokenization turns user text into special tokens."""

        def _prepare_model_inputs(self, model_input: list[int], is_batch: bool = False) -> Any:
            ids = torch.tensor([model_input])
            return [""], {"input_ids": ids, "attention_mask": torch.ones_like(ids)}

    class Tokenized(Opened):
        def prompt(self, conversation: Conversation) -> list[int]:
            return encoder.encode(conversation)

        def render_by(self, prompt_format: PromptFormat) -> None:
            encoder.prompt_format = prompt_format

        def count(self, text: str) -> int:
            return encoder.count_text(text)

        def count_prompt(self, prompt: list[int]) -> int:
            return len(prompt)

    transformers.utils.logging.disable_progress_bar()
    path = str(hub_models.local_folder(path))
    tokenizer = transformers.AutoTokenizer.from_pretrained(path, local_files_only=True)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        path, local_files_only=True, dtype=torch.float32
    )
    opened = Tokenized(Encoded(model, tokenizer))
    opened.context = getattr(model.config, "max_position_embeddings", None)
    encoder = chat_template.PromptEncoder(tokenizer, opened.context)
    opened.characters = encoder.characters
    return opened


def _open_llamacpp(path: str) -> Opened:
    with _needing("outlines", "llama-cpp-python"):
        import llama_cpp
        import outlines
    opened = Opened(outlines.from_llamacpp(model := llama_cpp.Llama(path, n_ctx=0, verbose=False)))
    opened.context = model.n_ctx()
    opened.characters = text_length.MAX_TOKEN_LENGTH * opened.context
    return opened


def _open_mlxlm(path: str) -> Opened:
    with _needing("outlines", "mlx-lm"):
        import mlx_lm
        import outlines
    return Opened(outlines.from_mlxlm(*mlx_lm.load(path)))


def _open_ollama(name: str) -> Opened:
    with _needing("outlines", "ollama"):
        import ollama
        import outlines
    return Opened(outlines.from_ollama(ollama.Client(), name))


def _open_tgi(address: str) -> Opened:
    with _needing("outlines", "huggingface-hub"):
        import huggingface_hub
        import outlines
    return Opened(outlines.from_tgi(huggingface_hub.InferenceClient(address)))


def _open_sglang(address: str) -> Opened:
    with _needing("outlines", "openai"):
        import openai
        import outlines
    key = os.environ.get("OPENAI_API_KEY", "none")
    return Opened(outlines.from_sglang(openai.OpenAI(base_url=address, api_key=key)))


def _for_transformers(sampling: Sampling) -> dict[str, Any]:
    import torch

    if sampling.seed is None:
        torch.seed()  # transformers uses the global generator: an earlier seed must not last
    else:
        torch.manual_seed(sampling.seed)
    if sampling.temperature <= 0:
        return {"max_new_tokens": sampling.answer_tokens, "do_sample": False}
    return {
        "max_new_tokens": sampling.answer_tokens,
        "do_sample": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
    }


def _for_llamacpp(sampling: Sampling) -> dict[str, Any]:
    return {
        "max_tokens": sampling.answer_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "seed": sampling.seed,
    }


def _for_mlxlm(sampling: Sampling) -> dict[str, Any]:
    from mlx_lm.sample_utils import make_sampler

    sampler = make_sampler(temp=sampling.temperature, top_p=sampling.top_p, top_k=sampling.top_k)
    return {"max_tokens": sampling.answer_tokens, "sampler": sampler}


def _for_ollama(sampling: Sampling) -> dict[str, Any]:
    options = _for_llamacpp(sampling)
    options["num_predict"] = options.pop("max_tokens")
    return {"options": options}


def _for_tgi(sampling: Sampling) -> dict[str, Any]:
    arguments: dict[str, Any] = {"max_new_tokens": sampling.answer_tokens, "seed": sampling.seed}
    if sampling.temperature > 0:
        arguments |= {"do_sample": True, "temperature": sampling.temperature}
        arguments |= {"top_p": sampling.top_p} if sampling.top_p < 1 else {}
        arguments |= {"top_k": sampling.top_k} if sampling.top_k else {}
    return arguments


def _for_sglang(sampling: Sampling) -> dict[str, Any]:
    arguments: dict[str, Any] = {"max_tokens": sampling.answer_tokens, "temperature": sampling.temperature}
    if sampling.top_k:
        arguments["extra_body"] = {"top_k": sampling.top_k}
    return {**arguments, "top_p": sampling.top_p, "seed": sampling.seed}


OUTLINES_KINDS = {
    "transformers": ModelKind(_open_transformers, _for_transformers),
    "llamacpp": ModelKind(_open_llamacpp, _for_llamacpp),
    "mlxlm": ModelKind(_open_mlxlm, _for_mlxlm),
    "ollama": ModelKind(_open_ollama, _for_ollama, local_grammar=False),
    "tgi": ModelKind(_open_tgi, _for_tgi, local_grammar=False),
    "sglang": ModelKind(_open_sglang, _for_sglang, local_grammar=False),
}
