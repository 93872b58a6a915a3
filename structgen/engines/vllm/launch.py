"""How vLLM is started: its arguments, what it inherits, and what to change where it does not start."""

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
"""Of vLLM, whose internals the scheduler is written for."""
_CPU_CACHE = 2 * 2**30
"""Bytes for keys and values on a CPU, where neither plan nor operator says otherwise."""
_HERE = "structgen.engines.vllm"
# What a start-up that failed says somewhere, and what to change then.
_REMEDIES = (
    ("no available memory for the cache", "raise gpu-memory-utilization, or take more GPUs"),
    ("larger than the available kv cache memory", "lower max-model-len, or kv-cache-dtype fp8"),
    ("out of memory", "take more GPUs (tensor-parallel-size), an FP8 model, or a lower max-model-len"),
    ("not enough memory", "lower VLLM_CPU_KVCACHE_SPACE or max-model-len"),
    ("must be divisible by tensor parallel size", "take a tensor-parallel-size that divides the heads"),
    ("cannot find any model weights", "the folder has no weights: download the whole checkpoint"),
)  # fmt: skip


def build(model: str, arguments: Mapping[str, Any], slots: int | None, context: int | None) -> Any:
    """An `AsyncLLM` that serves. Blocks; `ConfigError` says what to change."""
    try:
        from vllm.config import StructuredOutputsConfig
        from vllm.engine.arg_utils import AsyncEngineArgs
        from vllm.v1.engine.async_llm import AsyncLLM
    except ImportError as error:
        raise MissingExtra("vllm", error) from error
    _inherit()
    chosen: dict[str, Any] = {
        "model": model,
        "enable_prefix_caching": True,
        "scheduling_policy": "priority",
        "reasoning_parser": "deepseek_r1",
        "structured_outputs_config": StructuredOutputsConfig(backend="guidance", disable_any_whitespace=True),
        **({"max_num_seqs": slots} if slots else {}),
        **({"max_model_len": context} if context else {}),
        **_tuning(arguments),
        **_on_cpu(arguments),
    }
    chosen |= {name: value for name, value in arguments.items() if name != "draft_tokens"}
    _trust_our_checks()
    with tempfile.TemporaryDirectory(prefix="structgen-") as folder:
        errors = Path(folder) / "errors"
        os.environ[ERRORS] = str(errors)
        try:
            return AsyncLLM.from_engine_args(AsyncEngineArgs(**chosen))
        except Exception as error:  # of many kinds, all of them about what was configured
            raise _refusal(model, error, errors) from error


def tuned() -> bool:
    """Whether the installed vLLM has the internals that the scheduler is written for."""
    try:
        vllm = importlib.import_module("vllm")
        importlib.import_module(f"{_HERE}.scheduler")
    except (ImportError, AttributeError):
        return False
    return str(vllm.__version__).startswith(_RELEASE)


def _tuning(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Drafts and closing, or vLLM's own scheduler where it is not the one they are made for."""
    drafted = int(arguments.get("draft_tokens", 16))
    if not tuned():
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


def _on_cpu(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """On one CPU the worker lives in the engine's process: no message passing at every step."""
    from vllm.platforms import current_platform
    from vllm.v1.executor.uniproc_executor import UniProcExecutor

    if not current_platform.is_cpu():
        return {}
    alone = int(arguments.get("tensor_parallel_size", 1)) == 1
    return {
        **({"kv_cache_memory_bytes": _CPU_CACHE} if "VLLM_CPU_KVCACHE_SPACE" not in os.environ else {}),
        **({"distributed_executor_backend": UniProcExecutor} if alone else {}),
    }


def _inherit() -> None:
    """What the engine's processes find in their environment, where the operator has not said otherwise."""
    os.environ[SERVICE] = str(os.getpid())
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    from vllm.platforms import current_platform

    if current_platform.is_cpu():  # many threads on small matrices cost more than they bring
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", "nobind")


def _trust_our_checks() -> None:
    """vLLM parses each grammar again on the event loop: `prepare` has compiled and tried it already."""
    from vllm.v1.structured_output import backend_guidance

    backend_guidance.validate_guidance_grammar = lambda *_, **__: None


def _refusal(model: str, error: Exception, errors: Path) -> ConfigError:
    told = errors.read_text("utf-8", "replace") if errors.is_file() else ""
    lines = [line for line in f"{told}\n{error}".splitlines() if line.strip()]
    text = "\n".join(lines).lower()
    remedy = next((fix for sign, fix in _REMEDIES if sign in text), "the log above has the whole reason")
    last = next((line for line in reversed(lines) if "Error" in line and "core init" not in line), str(error))
    return ConfigError(f"vLLM does not start with {model}: {last.strip()[:300]} ({remedy})")
