"""Size a deployment: choose vLLM's arguments for a model and the hardware.

Pure functions, which detect and load nothing. On a GPU vLLM takes a share of the memory; the KV cache gets
what weights and working memory leave. A plan takes the fewest GPUs on which `COMFORT` sequences of full
length fit, and an FP8 cache only where they do not fit without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from structgen.engines.vllm.hardware import Hardware as Hardware
from structgen.engines.vllm.memory_estimate import GIB, candidates, divides, first_fitting
from structgen.engines.vllm.memory_estimate import DeploymentPlan as DeploymentPlan
from structgen.engines.vllm.model_config import ModelShape as ModelShape
from structgen.errors import ConfigError

CONTEXT = 65_440
"""Preferred length of a sequence: that of the public recipe for the 405B model."""
CPU_CONTEXT = 8192
CPU_BLOCK = 128
"""Tokens that vLLM reserves at once on a CPU."""
LEAST = 4096
"""Length of a sequence below which the service is of no use for documents."""
SHORT = 8192
"""Length that one sequence gets, rather than two sequences of less."""
COMFORT = 2
"""Number of sequences of full length that should fit at once."""
TYPICAL = 2048
"""Tokens of a typical request, by which the number of concurrent sequences is chosen."""
FLOAT32 = "float32"
GPU_COUNTS = (1, 2, 4, 8, 16, 32)
UNMODELLED_ARGUMENTS = frozenset(
    {"cpu_offload_gb", "data_parallel_size", "decode_context_parallel_size", "hf_overrides"}
    | {"prefill_context_parallel_size", "quantization"}
)
"""Arguments whose effect on the memory is not modelled."""
MODELLED = (
    "tensor_parallel_size", "pipeline_parallel_size", "max_model_len", "max_num_seqs",
    "max_num_batched_tokens", "kv_cache_memory_bytes",
)  # fmt: skip


def plan_deployment(
    shape: ModelShape, hardware: Hardware, given: Mapping[str, Any] | None = None
) -> DeploymentPlan:
    """Plan the deployment of a model; arguments in `given` are fixed.

    `ConfigError` where the model does not fit, with what would help, and for invalid arguments.
    """
    fixed = _checked(shape, given or {})
    if not hardware.gpus:
        return _on_cpu(shape, hardware, fixed)
    best = _best(shape, list(candidates(shape, hardware, fixed)), fixed)
    if best.kv_tokens < _least(shape, fixed):
        raise ConfigError(_too_large(shape, hardware, fixed, best))
    usual = min(256, best.kv_tokens // TYPICAL)
    seqs = fixed.get("max_num_seqs") or (usual // 8 * 8 if usual > 8 else max(1, usual))
    return _with_notes(shape, replace(best, max_num_seqs=seqs))


def _best(shape: ModelShape, plans: list[DeploymentPlan], fixed: Mapping[str, Any]) -> DeploymentPlan:
    """Return the first plan for the preferred length, else the one with the largest KV cache, shortened."""
    length = fixed.get("max_model_len") or min(shape.max_positions, CONTEXT)
    chosen = first_fitting(plans, COMFORT * length)
    if chosen is None and "max_model_len" in fixed:
        chosen = first_fitting(plans, length)
    if chosen is None:
        chosen = max(plans, key=lambda plan: (plan.kv_tokens, plan.tensor_parallel_size))
        room = chosen.kv_tokens
        length = min(length, max(room // COMFORT, min(room, SHORT))) // 16 * 16
    return replace(chosen, max_model_len=length)


def _least(shape: ModelShape, fixed: Mapping[str, Any]) -> int:
    """Return the number of tokens that the KV cache must hold."""
    return int(fixed.get("max_model_len") or min(LEAST, shape.max_positions))


def _checked(shape: ModelShape, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that affect the plan; `ConfigError` for invalid ones."""
    fixed = {name: given[name] for name in MODELLED if name in given}
    for name, value in fixed.items():
        if type(value) is not int or value < 1:
            raise ConfigError(f"{name} is a number from 1 on, not {value!r}")
    if fixed.get("max_model_len", 0) > shape.max_positions:
        raise ConfigError(f"{shape.name} has {shape.max_positions} positions: max_model_len is at most that")
    if "gpu_memory_utilization" in given:
        share = fixed["gpu_memory_utilization"] = given["gpu_memory_utilization"]
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
            raise ConfigError(f"gpu_memory_utilization is a share, above 0 and at most 1, not {share!r}")
    if "kv_cache_dtype" in given:
        fixed["kv_cache_dtype"] = str(given["kv_cache_dtype"])
    if "dtype" in given:
        fixed["dtype"] = str(given["dtype"])
    return fixed


def _on_cpu(shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any]) -> DeploymentPlan:
    """Plan for a CPU, in float32 where bfloat16 is several times slower and the memory suffices."""
    plan = _cpu_plan(shape, hardware, fixed, 4 if fixed.get("dtype") in (FLOAT32, "float") else 2)
    if hardware.bf16 or shape.quantized or "dtype" in fixed:
        return plan
    with suppress(ConfigError):
        wide = _cpu_plan(shape, hardware, fixed, 4)
        needed = wide.weights_per_gpu + wide.working_per_gpu + wide.kv_bytes
        if needed <= hardware.memory_gib * GIB and wide.max_model_len == plan.max_model_len:
            return replace(wide, dtype=FLOAT32)
    return plan


def _cpu_plan(shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any], width: int) -> DeploymentPlan:
    """Plan for a CPU: a KV cache for the sequences that its threads serve, in half of the memory left.

    `width` is the bytes of a number in the computation; weights are stored in two, or quantized.
    """
    seqs = fixed.get("max_num_seqs") or max(32, min(256, 16 * hardware.cpu_threads))
    length = fixed.get("max_model_len") or min(shape.max_positions, CPU_CONTEXT)
    working = GIB
    weights = shape.weight_bytes if shape.quantized else shape.weight_bytes * width // 2
    left = int(hardware.memory_gib * GIB) - weights - working
    bytes_per_token = shape.kv_bytes() * width // 2
    kv = fixed.get("kv_cache_memory_bytes") or max(
        0, min(left // 2, seqs * (length + CPU_BLOCK) * bytes_per_token)
    )
    tokens = kv // bytes_per_token
    least = _least(shape, fixed)
    if tokens < least:
        needed = (weights + working + 2 * least * bytes_per_token) / GIB
        raise ConfigError(
            f"{shape.name} needs {needed:.1f} GiB of memory for {least} positions and "
            f"{hardware.memory_gib:.1f} are free: take a smaller model, or a GPU"
        )
    plan = DeploymentPlan(
        model=shape.name,
        hardware=hardware,
        tensor_parallel_size=1,
        pipeline_parallel_size=1,
        max_model_len=length if tokens >= length else tokens // 16 * 16,
        kv_cache_dtype="auto",
        gpu_memory_utilization=None,
        max_num_seqs=seqs,
        max_num_batched_tokens=None,
        weights_per_gpu=weights,
        working_per_gpu=working,
        kv_bytes=kv,
        kv_bytes_per_token=bytes_per_token,
        kv_tokens=tokens,
    )
    return _with_notes(shape, plan)


def _with_notes(shape: ModelShape, plan: DeploymentPlan) -> DeploymentPlan:
    """Add notes for the operator on the limits of the plan."""
    notes = _gpu_notes(plan) if plan.hardware.gpus else iter(())
    return replace(plan, notes=(*notes, *_length_notes(shape, plan)))


def _gpu_notes(plan: DeploymentPlan) -> Iterator[str]:
    used = plan.tensor_parallel_size * plan.pipeline_parallel_size
    if left := len(plan.hardware.gpus) - used:
        yield (
            f"{left} of {len(plan.hardware.gpus)} GPUs are not used: run a replica on each further {used} "
            "(CUDA_VISIBLE_DEVICES), or give a larger --tensor-parallel-size"
        )
    if plan.kv_cache_dtype.startswith("fp8"):
        yield "keys and values in FP8, without calibrated scales: measure what that costs your answers"
    if 0 < plan.hardware.cpu_threads < used + 2:
        yield f"{plan.hardware.cpu_threads} CPU threads: each GPU keeps one busy, the service needs two more"


def _length_notes(shape: ModelShape, plan: DeploymentPlan) -> Iterator[str]:
    if plan.max_model_len < min(shape.max_positions, CONTEXT):
        yield f"no more than {plan.max_model_len} of {shape.max_positions} positions"
    if plan.full_sequences < COMFORT:
        yield "sequences of full length run one at a time"


def _too_large(shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any], best: DeploymentPlan) -> str:
    """Say what is missing, and each change that would suffice by itself."""
    least = _least(shape, fixed)
    used = best.tensor_parallel_size * best.pipeline_parallel_size
    has = min(hardware.gpus[:used]) * float(best.gpu_memory_utilization or 0)
    detail = (
        f"{shape.name} does not fit: of {has:.1f} GiB on each of {used} GPUs, weights take "
        f"{best.weights_per_gpu / GIB:.1f}, working memory {best.working_per_gpu / GIB:.1f}, and "
        f"{best.kv_tokens} of the {least} tokens needed fit"
    )
    return f"{detail}. Take " + ", or ".join(_remedies(shape, hardware, fixed, best, least))


def _remedies(
    shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any], best: DeploymentPlan, least: int
) -> Iterator[str]:
    each = min(hardware.gpus)
    free = {name: value for name, value in fixed.items() if name != "tensor_parallel_size"}
    if "max_model_len" in fixed and best.kv_tokens >= LEAST:
        yield f"max_model_len {best.kv_tokens // 16 * 16} at most"
    for candidate, suffix in ((shape, ""), (shape.in_fp8(), " for a copy in FP8 (structgen model quantize)")):
        if not suffix or not shape.quantized:
            if count := _sufficient_gpus(candidate, replace(hardware, gpus=(each,)), free, least):
                yield f"{count} GPU{'s' * (count > 1)} of {each:g} GiB{suffix}"
            else:
                yield f"GPUs of more than {each:g} GiB{suffix}"


def _sufficient_gpus(shape: ModelShape, one: Hardware, fixed: Mapping[str, Any], least: int) -> int | None:
    """Return the least number of such GPUs that suffices, None where none does."""
    stages = fixed.get("pipeline_parallel_size", 1)
    for count in (n for n in GPU_COUNTS if n % stages == 0 and divides(shape, n // stages)):
        more = replace(one, gpus=one.gpus * count)
        if first_fitting(candidates(shape, more, fixed), least):
            return count
    return None
