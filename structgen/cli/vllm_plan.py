"""The memory plan for vLLM on the command line: make it, and show it as a table or JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from structgen import json_text
from structgen.cli import console
from structgen.errors import ConfigError, Unplannable

if TYPE_CHECKING:
    from structgen.engines.vllm.sizing import DeploymentPlan


def planned(model: str, gpus: str | None, given: Mapping[str, Any]) -> DeploymentPlan:
    """Return the plan for the GPUs of `--gpus`, or of this machine; `Unplannable` if it cannot be made."""
    from structgen.engines.vllm import hardware
    from structgen.engines.vllm.model_config import read_model_shape
    from structgen.engines.vllm.sizing import UNMODELLED_ARGUMENTS, plan_deployment

    if uncounted := sorted(UNMODELLED_ARGUMENTS & given.keys()):
        raise Unplannable(f"{', '.join(uncounted)} changes the memory in ways that the plan does not count")
    try:
        shape = read_model_shape(model)
    except ConfigError as error:
        raise Unplannable(str(error)) from error
    gpu_memory = (
        hardware.parse_gpus(gpus) if gpus else hardware.detect(os.environ.get("CUDA_VISIBLE_DEVICES"))
    )
    return plan_deployment(shape, gpu_memory, given)


def arguments(model: str, gpus: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the engine: those of the plan, overridden by the given ones.

    Prints the plan on standard error, or that vLLM's defaults are used because there is none.
    """
    try:
        plan = planned(model, gpus, given)
    except Unplannable as reason:
        console.log(f"structgen makes no plan, and vLLM uses its defaults: {reason}")
        return dict(given)
    for note in (summary_line(plan), *plan.notes):
        console.log(f"structgen plans: {note}")
    return {**plan.arguments(), **given}


def show(plan: DeploymentPlan, given: Mapping[str, Any]) -> None:
    """Print a table on a terminal, a JSON object otherwise."""
    chosen = {**plan.arguments(), **given}
    click.echo(table(plan, chosen) if sys.stdout.isatty() else json_text.dumps(as_json(plan, chosen)))


def summary_line(plan: DeploymentPlan) -> str:
    """Return the plan in one line."""
    return (
        f"{plan.model} on {_used(plan)} of {plan.hardware}, {plan.max_model_len} positions, "
        f"{plan.kv_tokens} tokens of KV cache"
    )


def as_json(plan: DeploymentPlan, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plan as a JSON object, with memory in bytes."""
    return {
        "model": plan.model,
        "hardware": {
            "gpus_gib": list(plan.hardware.gpus),
            "cpu_threads": plan.hardware.cpu_threads,
            "memory_gib": plan.hardware.memory_gib,
        },
        "arguments": dict(chosen),
        "memory": {
            "weights_per_gpu": plan.weights_per_gpu,
            "working_per_gpu": plan.working_per_gpu,
            "kv_per_gpu": plan.kv_bytes,
            "kv_bytes_per_token": plan.kv_bytes_per_token,
            "kv_tokens": plan.kv_tokens,
            "full_length_sequences": round(plan.full_sequences, 2),
        },
        "notes": list(plan.notes),
    }


def table(plan: DeploymentPlan, chosen: Mapping[str, Any]) -> str:
    """Return the memory in GiB as a table, and the arguments as vLLM's command line takes them."""
    share = plan.gpu_memory_utilization
    rows = [
        ("weights", _gib(plan.weights_per_gpu)),
        ("working memory, estimated", _gib(plan.working_per_gpu)),
        ("KV cache", _gib(plan.kv_bytes)),
    ]
    if share is not None:
        rows.insert(0, ("vLLM's share" + f" ({share:g})", f"{min(plan.hardware.gpus) * share:8.1f} GiB"))
    counts = [
        ("KV cache of one token", f"{plan.kv_bytes_per_token / 1024:8.0f} KiB ({plan.kv_cache_dtype})"),
        ("tokens that fit", f"{plan.kv_tokens:8}"),
        (f"sequences of {plan.max_model_len}", f"{plan.full_sequences:8.1f}"),
    ]
    options = " ".join(f"--{k.replace('_', '-')} {_word(v)}" for k, v in chosen.items())
    each = "on each GPU" if share is not None else "in memory"
    return "\n".join(
        [
            f"{plan.model} on {_used(plan)} of {plan.hardware}",
            f"{each}:",
            *(f"  {name:30}{value}" for name, value in rows),
            "together:",
            *(f"  {name:30}{value}" for name, value in counts),
            f"arguments: {options}",
            *(f"note: {note}" for note in plan.notes),
        ]
    )


def _used(plan: DeploymentPlan) -> str:
    return str(plan.tensor_parallel_size * plan.pipeline_parallel_size) if plan.hardware.gpus else "the CPU"


def _gib(size: int) -> str:
    return f"{size / 2**30:8.1f} GiB"


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json_text.dumps(value)
