"""Estimate the GPU memory of a model under each parallel layout, and the tokens that its KV cache holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from structgen.engines.vllm.hardware import Hardware
from structgen.engines.vllm.model_config import KV_BYTES, ModelShape
from structgen.errors import ConfigError
from structgen.messages import counted

GIB = 2**30
UTILIZATION = (0.92, 0.95)
"""Shares of a GPU's memory to try: vLLM's default, and more where that is not enough."""
KV_CACHE_DTYPES = ("auto", "fp8")
MAX_BATCHED_TOKENS = 8192
"""Tokens of one forward pass, prefill included."""


@dataclass(frozen=True, slots=True)
class DeploymentPlan:
    """vLLM's arguments and the memory that they need, in bytes."""

    model: str
    hardware: Hardware
    tensor_parallel_size: int
    pipeline_parallel_size: int
    max_model_len: int
    kv_cache_dtype: str
    gpu_memory_utilization: float | None
    """None on a CPU, where `kv_bytes` is the argument."""
    max_num_seqs: int
    max_num_batched_tokens: int | None
    weights_per_gpu: int
    working_per_gpu: int
    """Estimate for activations, CUDA graphs and communication."""
    kv_bytes: int
    """KV cache on each GPU."""
    kv_bytes_per_token: int
    """KV cache of a token in all layers, heads and GPUs."""
    kv_tokens: int
    dtype: str | None = None
    """Type of the computation, where it is not the checkpoint's own."""
    notes: tuple[str, ...] = ()

    @property
    def full_sequences(self) -> float:
        """Number of sequences of full length that fit at once."""
        return self.kv_tokens / self.max_model_len

    def arguments(self) -> dict[str, Any]:
        """Return the arguments as `AsyncEngineArgs` takes them."""
        shared = {"max_model_len": self.max_model_len, "max_num_seqs": self.max_num_seqs}
        if self.gpu_memory_utilization is None:
            dtype = {} if self.dtype is None else {"dtype": self.dtype}
            return {**shared, "kv_cache_memory_bytes": self.kv_bytes, **dtype}
        arguments = {"tensor_parallel_size": self.tensor_parallel_size, **shared}
        if self.pipeline_parallel_size > 1:
            arguments["pipeline_parallel_size"] = self.pipeline_parallel_size
        return {
            **arguments,
            "max_num_batched_tokens": self.max_num_batched_tokens,
            "kv_cache_dtype": self.kv_cache_dtype,
            "gpu_memory_utilization": self.gpu_memory_utilization,
        }


def candidates(shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any]) -> Iterator[DeploymentPlan]:
    """Yield a plan for each layout, the preferred first, without lengths and batch sizes."""
    stages = fixed.get("pipeline_parallel_size", 1)
    dtypes = [fixed["kv_cache_dtype"]] if "kv_cache_dtype" in fixed else KV_CACHE_DTYPES
    shares = [fixed["gpu_memory_utilization"]] if "gpu_memory_utilization" in fixed else UTILIZATION
    sizes = [n for n in range(1, len(hardware.gpus) // stages + 1) if divides(shape, n)]
    if "tensor_parallel_size" in fixed:
        sizes = [fixed["tensor_parallel_size"]]
        if not divides(shape, sizes[0]):
            raise ConfigError(f"the {shape.heads} heads of {shape.name} cannot be shared by {sizes[0]} GPUs")
    if not sizes or sizes[0] * stages > len(hardware.gpus):
        needed = max(sizes or [1]) * stages
        raise ConfigError(
            f"this needs {counted(needed, 'GPU')} and there are {len(hardware.gpus)}: take smaller parallel "
            "sizes, or describe those on other nodes with --gpus"
        )
    for cache, share, size in product(dtypes, shares, sizes):
        yield _estimate(shape, hardware, fixed, (size, stages, cache, share))


def _estimate(
    shape: ModelShape,
    hardware: Hardware,
    fixed: Mapping[str, Any],
    choice: tuple[int, int, str, float],
) -> DeploymentPlan:
    size, stages, cache, share = choice
    layers = -(-shape.layers // stages)  # of the largest stage
    weights = shape.weight_bytes * layers // shape.layers // size
    batched_tokens = fixed.get("max_num_batched_tokens", MAX_BATCHED_TOKENS)
    working = 3 * GIB + 16 * batched_tokens * shape.hidden
    smallest = min(hardware.gpus[: size * stages])
    free = int(smallest * GIB * share) - weights - working
    requested = fixed.get("kv_cache_memory_bytes")  # with it, vLLM ignores the share
    kv = max(0, free if requested is None else min(requested, int(smallest * GIB) - weights))
    heads = max(1, shape.kv_heads // size)  # with more GPUs than heads, each head is stored several times
    bytes_per_token = 2 * layers * heads * shape.head_dim * KV_BYTES.get(cache, 2)
    return DeploymentPlan(
        model=shape.name,
        hardware=hardware,
        tensor_parallel_size=size,
        pipeline_parallel_size=stages,
        max_model_len=0,
        kv_cache_dtype=cache,
        gpu_memory_utilization=share,
        max_num_seqs=0,
        max_num_batched_tokens=batched_tokens,
        weights_per_gpu=weights,
        working_per_gpu=working,
        kv_bytes=kv,
        kv_bytes_per_token=shape.kv_bytes(cache),
        kv_tokens=kv // bytes_per_token,
    )


def divides(shape: ModelShape, size: int) -> bool:
    """Return whether the model's heads can be shared by `size` GPUs."""
    kv = shape.kv_heads % size == 0 or size % shape.kv_heads == 0
    return shape.heads % size == 0 and kv


def first_fitting(plans: Iterable[DeploymentPlan], tokens: int) -> DeploymentPlan | None:
    """Return the first plan whose KV cache holds so many tokens."""
    return next((plan for plan in plans if plan.kv_tokens >= tokens), None)
