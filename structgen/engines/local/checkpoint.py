"""Load a Hugging Face folder for the local engine; refuse models that it cannot run."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from structgen.errors import ConfigError


def load(path: Path, dtype: str, device: str) -> tuple[Any, Any]:
    """Load tokenizer and model, the model on its device; `ConfigError` names the setting to change."""
    import torch
    import transformers

    torch_dtype = getattr(torch, dtype, None)
    if not isinstance(torch_dtype, torch.dtype):
        raise ConfigError(f"--dtype {dtype!r} is not a dtype of torch: take float32, bfloat16 or float16")
    _check_device(device)
    transformers.utils.logging.disable_progress_bar()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(path), local_files_only=True)
        # Texts that are too long are counted, never generated from: a warning would mislead.
        tokenizer.deprecation_warnings["sequence-length-is-longer-than-the-specified-maximum"] = True
        model = transformers.AutoModelForCausalLM.from_pretrained(
            str(path), local_files_only=True, dtype=torch_dtype, attn_implementation="sdpa"
        )
        model.to(device).eval()
    except Exception as error:  # of many kinds, all of them about what was configured
        reason = f"{type(error).__name__}: {error}"[:300]
        raise ConfigError(f"no model can be loaded from {path} on {device}: {reason}") from error
    _check_attention(model.config)
    return tokenizer, model


@contextlib.contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the garbage collector: imports make many objects that stay, and a scan of them takes 0.5 s."""
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
        raise ConfigError(f"--device {name!r} is not a device of torch: take cpu or cuda") from error
    if kind == "cuda" and not torch.cuda.is_available():
        lack = "torch sees no GPU" if torch.version.cuda else "this torch is built without CUDA"
        raise ConfigError(f"--device {name}: {lack}: take --device cpu, or install torch with CUDA")


def _check_attention(config: Any) -> None:
    """Refuse all but full attention: the attention masks would be wrong, without an error."""
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    if not hasattr(config, "num_key_value_heads") or kinds != {"full_attention"}:
        raise ConfigError(
            f"the local engine runs Llama-like models of full attention, not {config.model_type}: take "
            "--engine outlines:transformers, or vllm"
        )
    if getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True):
        raise ConfigError("the local engine runs no sliding-window attention: take --engine outlines")
