"""Start vLLM: its arguments, its environment, and advice where it does not start."""

from __future__ import annotations

import importlib
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from structgen.engines.vllm.plugin import ERRORS, SERVICE
from structgen.errors import ConfigError, MissingExtra

log = logging.getLogger("structgen.engine")
_RELEASE = "0.32."
"""Release of vLLM whose internals the scheduler is written for."""
_CPU_CACHE = 2 * 2**30
"""Bytes of the KV cache on a CPU, where neither plan nor operator sets them."""
_HERE = "structgen.engines.vllm"
_COPIED = "run hf download MODEL_NAME --local-dir FOLDER on a machine with network, and give the folder here"
# Signs in the log of a failed start, and what to change.
_REMEDIES = (
    ("no available memory for the cache", "raise gpu-memory-utilization, or take more GPUs"),
    ("larger than the available kv cache memory", "lower max-model-len, or kv-cache-dtype fp8"),
    ("out of memory", "take more GPUs (tensor-parallel-size), an FP8 model, or a lower max-model-len"),
    ("not enough memory", "lower VLLM_CPU_KVCACHE_SPACE or max-model-len"),
    ("must be divisible by tensor parallel size", "take a tensor-parallel-size that divides the heads"),
    ("traffic has been disabled", f"unset HF_HUB_OFFLINE, or {_COPIED}"),
    ("couldn't connect to", f"no network? Then {_COPIED}"),
    ("cannot find any model weights", "the folder has no weights: download the whole checkpoint"),
)  # fmt: skip


def build(model: str, arguments: Mapping[str, Any], slots: int | None, context: int | None) -> Any:
    """Start an `AsyncLLM` that serves. Blocks; `ConfigError` names what to change."""
    try:
        from vllm.config import StructuredOutputsConfig
        from vllm.engine.arg_utils import AsyncEngineArgs
        from vllm.v1.engine.async_llm import AsyncLLM
    except ImportError as error:
        raise MissingExtra("vllm", error) from error
    _set_environment()
    chosen: dict[str, Any] = {
        "model": model,
        "enable_prefix_caching": True,
        "scheduling_policy": "priority",
        "reasoning_parser": "deepseek_r1",
        "structured_outputs_config": StructuredOutputsConfig(backend="guidance", disable_any_whitespace=True),
        **({"max_num_seqs": slots} if slots else {}),
        **({"max_model_len": context} if context else {}),
        **_scheduling(arguments),
        **_cpu_arguments(arguments),
    }
    chosen |= {name: value for name, value in arguments.items() if name != "draft_tokens"}
    _skip_grammar_validation()
    with tempfile.TemporaryDirectory(prefix="structgen-") as folder:
        errors = Path(folder) / "errors"
        os.environ[ERRORS] = str(errors)
        try:
            return AsyncLLM.from_engine_args(AsyncEngineArgs(**chosen))
        except Exception as error:  # of many kinds, all of them about what was configured
            raise _refusal(model, error, errors) from error


def is_supported_release() -> bool:
    """Return whether the installed vLLM has the internals that the scheduler is written for."""
    try:
        vllm = importlib.import_module("vllm")
        importlib.import_module(f"{_HERE}.scheduler")
    except (ImportError, AttributeError):
        return False
    return str(vllm.__version__).startswith(_RELEASE)


def _scheduling(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of our scheduler; none for an unsupported release, which keeps its own."""
    drafted = int(arguments.get("draft_tokens", 16))
    if not is_supported_release():
        log.warning("this vLLM is not %sx: no drafts, no closing within the budget", _RELEASE)
        return {}
    speculative = {
        "method": "custom_class",
        "model": f"{_HERE}.noop_proposer.NoopProposer",
        "num_speculative_tokens": drafted,
    }
    return {
        "scheduler_cls": f"{_HERE}.scheduler.DraftingScheduler",
        "async_scheduling": False,
        **({"speculative_config": speculative} if drafted else {}),
    }


def _cpu_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments for a CPU: one worker lives in the engine's process, and needs no messages."""
    from vllm.platforms import current_platform
    from vllm.v1.executor.uniproc_executor import UniProcExecutor

    if not current_platform.is_cpu():
        return {}
    one_worker = int(arguments.get("tensor_parallel_size", 1)) == 1
    return {
        **({"kv_cache_memory_bytes": _CPU_CACHE} if "VLLM_CPU_KVCACHE_SPACE" not in os.environ else {}),
        **({"distributed_executor_backend": UniProcExecutor} if one_worker else {}),
    }


def _set_environment() -> None:
    """Set environment variables for the engine's processes, where the operator has not set them."""
    os.environ[SERVICE] = str(os.getpid())
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    from vllm.platforms import current_platform

    if current_platform.is_cpu():  # many threads slow small matrices down
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", "nobind")


def _skip_grammar_validation() -> None:
    """Keep vLLM from parsing each grammar on the event loop: `prepare` has compiled and tried it already."""
    from vllm.v1.structured_output import backend_guidance

    backend_guidance.validate_guidance_grammar = lambda *_, **__: None


def _refusal(model: str, error: Exception, errors: Path) -> ConfigError:
    logged = errors.read_text("utf-8", "replace") if errors.is_file() else ""
    lines = [line for line in f"{logged}\n{error}".splitlines() if line.strip()]
    text = "\n".join(lines).lower()
    remedy = next((fix for sign, fix in _REMEDIES if sign in text), "the log above has the full reason")
    remedy = remedy.replace("MODEL_NAME", model)
    last = next((line for line in reversed(lines) if "Error" in line and "core init" not in line), str(error))
    return ConfigError(f"vLLM does not start with {model}: {last.strip()[:300]} ({remedy})")
