"""How a model is served on what there is: vLLM's arguments, and the memory arithmetic behind them.

Pure: nothing is looked for and nothing is loaded here. On a GPU vLLM takes a share of the memory;
weights and working memory go from it, and keys and values get the rest. A plan takes the fewest GPUs
on which `COMFORT` sequences of full length fit, and an FP8 cache only where none do without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from structgen.engines.vllm.hardware import Hardware as Hardware
from structgen.engines.vllm.memory_estimate import GIB, divides, first, ways
from structgen.engines.vllm.memory_estimate import Plan as Plan
from structgen.engines.vllm.model_config import ModelShape as ModelShape
from structgen.errors import ConfigError

CONTEXT = 65_440
"""Positions that are wanted of a model which has them: as the public recipe for the 405B model."""
CPU_CONTEXT = 8192
CPU_BLOCK = 128
"""Tokens that vLLM reserves at once there."""
LEAST = 4096
"""Positions below which a service of documents is of no use."""
SHORT = 8192
"""Positions that one sequence gets rather than two with less."""
COMFORT = 2
"""Sequences of full length that should fit at once."""
TYPICAL = 2048
"""Tokens of a usual request: so many sequences run at once as fit of these."""
FLOAT32 = "float32"
COUNTS = (1, 2, 4, 8, 16, 32)
UNPLANNED = frozenset(
    {"cpu_offload_gb", "data_parallel_size", "decode_context_parallel_size", "hf_overrides"}
    | {"prefill_context_parallel_size", "quantization"}
)
"""Arguments that change the memory in ways that are not counted here."""
COUNTED = (
    "tensor_parallel_size", "pipeline_parallel_size", "max_model_len", "max_num_seqs",
    "max_num_batched_tokens", "kv_cache_memory_bytes",
)  # fmt: skip


def plan(shape: ModelShape, hardware: Hardware, given: Mapping[str, Any] | None = None) -> Plan:
    """The plan for a model, around the arguments that are given already.

    `ConfigError` where it does not fit, with what would; and for arguments that cannot be.
    """
    fixed = _checked(shape, given or {})
    if not hardware.gpus:
        return _on_cpu(shape, hardware, fixed)
    made = _best(shape, list(ways(shape, hardware, fixed)), fixed)
    if made.kv_tokens < _least(shape, fixed):
        raise ConfigError(_too_large(shape, hardware, fixed, made))
    usual = min(256, made.kv_tokens // TYPICAL)
    seqs = fixed.get("max_num_seqs") or (usual // 8 * 8 if usual > 8 else max(1, usual))
    return _noted(shape, replace(made, max_num_seqs=seqs))


def _best(shape: ModelShape, found: list[Plan], fixed: Mapping[str, Any]) -> Plan:
    """The first way that gives the length wanted; where none does, the one with most room, and its length."""
    wanted = fixed.get("max_model_len") or min(shape.max_positions, CONTEXT)
    chosen = first(found, COMFORT * wanted)
    if chosen is None and "max_model_len" in fixed:
        chosen = first(found, wanted)
    if chosen is None:
        chosen = max(found, key=lambda way: (way.kv_tokens, way.tensor_parallel_size))
        room = chosen.kv_tokens
        wanted = min(wanted, max(room // COMFORT, min(room, SHORT))) // 16 * 16
    return replace(chosen, max_model_len=wanted)


def _least(shape: ModelShape, fixed: Mapping[str, Any]) -> int:
    """Tokens that must have room."""
    return int(fixed.get("max_model_len") or min(LEAST, shape.max_positions))


def _checked(shape: ModelShape, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the arguments that bear on the plan."""
    fixed = {name: given[name] for name in COUNTED if name in given}
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


def _on_cpu(shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any]) -> Plan:
    """In float32 where bfloat16 takes several times as long, if memory and context allow it."""
    made = _cpu_plan(shape, hardware, fixed, 4 if fixed.get("dtype") in (FLOAT32, "float") else 2)
    if hardware.bf16 or shape.quantized or "dtype" in fixed:
        return made
    with suppress(ConfigError):
        wide = _cpu_plan(shape, hardware, fixed, 4)
        taken = wide.weights_per_gpu + wide.working_per_gpu + wide.kv_bytes
        if taken <= hardware.memory_gib * GIB and wide.max_model_len == made.max_model_len:
            return replace(wide, dtype=FLOAT32)
    return made


def _cpu_plan(shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any], width: int) -> Plan:
    """Keys and values for as many sequences as the threads may serve, in at most half of what is left.

    Numbers take `width` bytes; the weights are stored in two each, or quantized.
    """
    seqs = fixed.get("max_num_seqs") or max(32, min(256, 16 * hardware.cpu_threads))
    wanted = fixed.get("max_model_len") or min(shape.max_positions, CPU_CONTEXT)
    working = GIB
    weights = shape.weight_bytes if shape.quantized else shape.weight_bytes * width // 2
    left = int(hardware.memory_gib * GIB) - weights - working
    a_token = shape.kv_bytes() * width // 2
    kv = fixed.get("kv_cache_memory_bytes") or max(0, min(left // 2, seqs * (wanted + CPU_BLOCK) * a_token))
    tokens = kv // a_token
    least = _least(shape, fixed)
    if tokens < least:
        needed = (weights + working + 2 * least * a_token) / GIB
        raise ConfigError(
            f"{shape.name} needs {needed:.1f} GiB of memory for {least} positions and "
            f"{hardware.memory_gib:.1f} are free: take a smaller model, or a GPU"
        )
    made = Plan(
        model=shape.name,
        hardware=hardware,
        tensor_parallel_size=1,
        pipeline_parallel_size=1,
        max_model_len=wanted if tokens >= wanted else tokens // 16 * 16,
        kv_cache_dtype="auto",
        gpu_memory_utilization=None,
        max_num_seqs=seqs,
        max_num_batched_tokens=None,
        weights_per_gpu=weights,
        working_per_gpu=working,
        kv_bytes=kv,
        kv_bytes_per_token=a_token,
        kv_tokens=tokens,
    )
    return _noted(shape, made)


def _noted(shape: ModelShape, made: Plan) -> Plan:
    """With what the operator should know before choosing otherwise."""
    notes = _of_gpus(made) if made.hardware.gpus else iter(())
    return replace(made, notes=(*notes, *_of_room(shape, made)))


def _of_gpus(made: Plan) -> Iterator[str]:
    used = made.tensor_parallel_size * made.pipeline_parallel_size
    if left := len(made.hardware.gpus) - used:
        yield (
            f"{left} of {len(made.hardware.gpus)} GPUs are not used: run a replica on each further {used} "
            "(CUDA_VISIBLE_DEVICES), or give a larger --tensor-parallel-size"
        )
    if made.kv_cache_dtype.startswith("fp8"):
        yield "keys and values in FP8, without calibrated scales: measure what that costs your answers"
    if 0 < made.hardware.cpu_threads < used + 2:
        yield f"{made.hardware.cpu_threads} CPU threads: each GPU keeps one busy, the service needs two more"


def _of_room(shape: ModelShape, made: Plan) -> Iterator[str]:
    if made.max_model_len < min(shape.max_positions, CONTEXT):
        yield f"no more than {made.max_model_len} of {shape.max_positions} positions"
    if made.full_sequences < COMFORT:
        yield "sequences of full length run one at a time"


def _too_large(shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any], best: Plan) -> str:
    """What lacks, and each thing that would help by itself."""
    least = _least(shape, fixed)
    used = best.tensor_parallel_size * best.pipeline_parallel_size
    has = min(hardware.gpus[:used]) * float(best.gpu_memory_utilization or 0)
    detail = (
        f"{shape.name} does not fit: of {has:.1f} GiB on each of {used} GPUs, weights take "
        f"{best.weights_per_gpu / GIB:.1f}, working memory {best.working_per_gpu / GIB:.1f}, and "
        f"{best.kv_tokens} of the {least} tokens wanted have room"
    )
    return f"{detail}. Take " + ", or ".join(_help(shape, hardware, fixed, best, least))


def _help(
    shape: ModelShape, hardware: Hardware, fixed: Mapping[str, Any], best: Plan, least: int
) -> Iterator[str]:
    each = min(hardware.gpus)
    free = {name: value for name, value in fixed.items() if name != "tensor_parallel_size"}
    if "max_model_len" in fixed and best.kv_tokens >= LEAST:
        yield f"max_model_len {best.kv_tokens // 16 * 16} at most"
    for candidate, words in ((shape, ""), (shape.in_fp8(), " for a copy in FP8 (structgen model quantize)")):
        if not words or not shape.quantized:
            if count := _enough(candidate, replace(hardware, gpus=(each,)), free, least):
                yield f"{count} GPU{'s' * (count > 1)} of {each:g} GiB{words}"
            else:
                yield f"GPUs of more than {each:g} GiB{words}"


def _enough(shape: ModelShape, one: Hardware, fixed: Mapping[str, Any], least: int) -> int | None:
    """How many such GPUs would do."""
    stages = fixed.get("pipeline_parallel_size", 1)
    for count in (n for n in COUNTS if n % stages == 0 and divides(shape, n // stages)):
        more = replace(one, gpus=one.gpus * count)
        if first(ways(shape, more, fixed), least):
            return count
    return None
