"""The plan for vLLM on the command line: made of what is found, and told to people and programs."""

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
    from structgen.engines.vllm.sizing import Plan


def planned(model: str, gpus: str | None, given: Mapping[str, Any]) -> Plan:
    """For the GPUs told, or those that are here. `ConfigError` where there can be no plan."""
    from structgen.engines.vllm import hardware
    from structgen.engines.vllm.model_config import shape_of
    from structgen.engines.vllm.sizing import UNPLANNED, plan

    if beyond := sorted(UNPLANNED & given.keys()):
        raise Unplannable(f"{', '.join(beyond)} changes the memory in ways that no plan counts")
    try:
        shape = shape_of(model)
    except ConfigError as error:
        raise Unplannable(str(error)) from error
    here = hardware.told(gpus) if gpus else hardware.found(os.environ.get("CUDA_VISIBLE_DEVICES"))
    return plan(shape, here, given)


def arguments(model: str, gpus: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the engine is given: the plan's arguments, and over them the caller's own.

    Says on standard error what was planned; without a plan vLLM's own defaults stand, and it says so.
    """
    try:
        made = planned(model, gpus, given)
    except Unplannable as reason:
        console.log(f"structgen plans nothing: {reason}; vLLM's defaults hold")
        return dict(given)
    for note in (line(made), *made.notes):
        console.log(f"structgen plans: {note}")
    return {**made.arguments(), **given}


def show(made: Plan, given: Mapping[str, Any]) -> None:
    """A table on a terminal, a JSON object otherwise."""
    chosen = {**made.arguments(), **given}
    click.echo(table(made, chosen) if sys.stdout.isatty() else json_text.dumps(as_json(made, chosen)))


def line(made: Plan) -> str:
    """The plan in one line."""
    return (
        f"{made.model} on {_used(made)} of {made.hardware}, {made.max_model_len} positions, "
        f"{made.kv_tokens} tokens of keys and values"
    )


def as_json(made: Plan, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Memory in bytes."""
    return {
        "model": made.model,
        "hardware": {
            "gpus_gib": list(made.hardware.gpus),
            "cpu_threads": made.hardware.cpu_threads,
            "memory_gib": made.hardware.memory_gib,
        },
        "arguments": dict(chosen),
        "memory": {
            "weights_per_gpu": made.weights_per_gpu,
            "working_per_gpu": made.working_per_gpu,
            "kv_per_gpu": made.kv_bytes,
            "kv_bytes_per_token": made.kv_bytes_per_token,
            "kv_tokens": made.kv_tokens,
            "full_length_sequences": round(made.full_sequences, 2),
        },
        "notes": list(made.notes),
    }


def table(made: Plan, chosen: Mapping[str, Any]) -> str:
    """The memory arithmetic in GiB, and the arguments as vLLM's command line has them."""
    share = made.gpu_memory_utilization
    rows = [
        ("weights", _gib(made.weights_per_gpu)),
        ("working memory, estimated", _gib(made.working_per_gpu)),
        ("keys and values", _gib(made.kv_bytes)),
    ]
    if share is not None:
        rows.insert(0, ("vLLM's share" + f" ({share:g})", f"{min(made.hardware.gpus) * share:8.1f} GiB"))
    counts = [
        ("keys and values of a token", f"{made.kv_bytes_per_token / 1024:8.0f} KiB ({made.kv_cache_dtype})"),
        ("tokens that fit", f"{made.kv_tokens:8}"),
        (f"sequences of {made.max_model_len}", f"{made.full_sequences:8.1f}"),
    ]
    options = " ".join(f"--{k.replace('_', '-')} {_word(v)}" for k, v in chosen.items())
    each = "on each GPU" if share is not None else "in memory"
    return "\n".join(
        [
            f"{made.model} on {_used(made)} of {made.hardware}",
            f"{each}:",
            *(f"  {name:30}{value}" for name, value in rows),
            "together:",
            *(f"  {name:30}{value}" for name, value in counts),
            f"arguments: {options}",
            *(f"note: {note}" for note in made.notes),
        ]
    )


def _used(made: Plan) -> str:
    return str(made.tensor_parallel_size * made.pipeline_parallel_size) if made.hardware.gpus else "the CPU"


def _gib(size: int) -> str:
    return f"{size / 2**30:8.1f} GiB"


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json_text.dumps(value)
