"""Whether a model fits on GPUs in some way, and how many tokens then have room: the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from structgen.engines.vllm.hardware import Hardware
from structgen.engines.vllm.model_config import KV_BYTES, ModelShape
from structgen.errors import ConfigError
from structgen.suggestions import plural

GIB = 2**30
UTILIZATION = (0.92, 0.95)
"""vLLM's share of a GPU: its own default, and where that is not enough."""
CACHES = ("auto", "fp8")
BATCHED = 8192
"""Tokens of one forward pass, prefill included."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The arguments, and what they make of the memory (bytes; of one GPU where it says so)."""

    model: str
    hardware: Hardware
    tensor_parallel_size: int
    pipeline_parallel_size: int
    max_model_len: int
    kv_cache_dtype: str
    gpu_memory_utilization: float | None
    """None on a CPU, where `kv_bytes` are asked for instead."""
    max_num_seqs: int
    max_num_batched_tokens: int | None
    weights_per_gpu: int
    working_per_gpu: int
    """For activations, CUDA graphs and communication: an estimate, not measured."""
    kv_bytes: int
    """For keys and values on each GPU."""
    kv_bytes_per_token: int
    """In all layers, heads and GPUs."""
    kv_tokens: int
    dtype: str | None = None
    """What is computed in, where that is not the checkpoint's own."""
    notes: tuple[str, ...] = ()

    @property
    def full_sequences(self) -> float:
        """Sequences of full length that fit at once."""
        return self.kv_tokens / self.max_model_len

    def arguments(self) -> dict[str, Any]:
        """As `AsyncEngineArgs` takes them."""
        shared = {"max_model_len": self.max_model_len, "max_num_seqs": self.max_num_seqs}
        if self.gpu_memory_utilization is None:
            dtype = {} if self.dtype is None else {"dtype": self.dtype}
            return {**shared, "kv_cache_memory_bytes": self.kv_bytes, **dtype}
        made = {"tensor_parallel_size": self.tensor_parallel_size, **shared}
        if self.pipeline_parallel_size > 1:
            made["pipeline_parallel_size"] = self.pipeline_parallel_size
        return {
            **made,
            "max_num_batched_tokens": self.max_num_batched_tokens,
            "kv_cache_dtype": self.kv_cache_dtype,
            "gpu_memory_utilization": self.gpu_memory_utilization,
        }


def ways(shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any]) -> Iterator[Plan]:
    """All that may be tried, the best first, each with the tokens that it has room for."""
    stages = fixed.get("pipeline_parallel_size", 1)
    caches = [fixed["kv_cache_dtype"]] if "kv_cache_dtype" in fixed else CACHES
    shares = [fixed["gpu_memory_utilization"]] if "gpu_memory_utilization" in fixed else UTILIZATION
    sizes = [n for n in range(1, len(hardware.gpus) // stages + 1) if divides(shape, n)]
    if "tensor_parallel_size" in fixed:
        sizes = [fixed["tensor_parallel_size"]]
        if not divides(shape, sizes[0]):
            raise ConfigError(f"the {shape.heads} heads of {shape.name} cannot be shared by {sizes[0]} GPUs")
    if not sizes or sizes[0] * stages > len(hardware.gpus):
        needed = max(sizes or [1]) * stages
        raise ConfigError(
            f"this needs {plural(needed, 'GPU')} and there are {len(hardware.gpus)}: take smaller parallel "
            "sizes, or tell of those on other nodes by --gpus"
        )
    for cache, share, size in product(caches, shares, sizes):
        yield _way(shape, hardware, fixed, (size, stages, cache, share))


def _way(
    shape: ModelShape,
    hardware: Hardware,
    fixed: Mapping[str, Any],
    choice: tuple[int, int, str, float],
) -> Plan:
    size, stages, cache, share = choice
    layers = -(-shape.layers // stages)  # of the fullest stage
    weights = shape.weight_bytes * layers // shape.layers // size
    batched = fixed.get("max_num_batched_tokens", BATCHED)
    working = 3 * GIB + 16 * batched * shape.hidden
    smallest = min(hardware.gpus[: size * stages])
    free = int(smallest * GIB * share) - weights - working
    asked = fixed.get("kv_cache_memory_bytes")  # for which vLLM looks at no share
    kv = max(0, free if asked is None else min(asked, int(smallest * GIB) - weights))
    heads = max(1, shape.kv_heads // size)  # beyond one head a GPU they are kept several times
    a_token = 2 * layers * heads * shape.head_dim * KV_BYTES.get(cache, 2)
    return Plan(
        model=shape.name,
        hardware=hardware,
        tensor_parallel_size=size,
        pipeline_parallel_size=stages,
        max_model_len=0,
        kv_cache_dtype=cache,
        gpu_memory_utilization=share,
        max_num_seqs=0,
        max_num_batched_tokens=batched,
        weights_per_gpu=weights,
        working_per_gpu=working,
        kv_bytes=kv,
        kv_bytes_per_token=shape.kv_bytes(cache),
        kv_tokens=kv // a_token,
    )


def divides(shape: ModelShape, size: int) -> bool:
    kv = shape.kv_heads % size == 0 or size % shape.kv_heads == 0
    return shape.heads % size == 0 and kv


def first(ways: Iterable[Plan], tokens: int) -> Plan | None:
    return next((way for way in ways if way.kv_tokens >= tokens), None)
