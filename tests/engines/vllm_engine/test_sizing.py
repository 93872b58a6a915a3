"""The plan for vLLM: profiles, the arithmetic behind them, and what is said where nothing fits."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.engines.vllm.model_config import KNOWN, read_model_shape
from structgen.engines.vllm.sizing import COMFORT, GIB, DeploymentPlan, Hardware, ModelShape, plan_deployment
from structgen.errors import ConfigError
from structgen.models import DEMO_MODEL


def gpus(count: int, size: float) -> Hardware:
    return Hardware((size,) * count)


def planned(name: str, hardware: Hardware, **fixed: Any) -> DeploymentPlan:
    return plan_deployment(read_model_shape(name), hardware, fixed)


PROFILES = {
    "405B-FP8, 8 x 80": ("Hermes-4-405B-FP8", gpus(8, 80), 8, 65_440, "auto", 0.92),
    "405B-FP8, 8 x 80 as nvidia-smi has it": ("Hermes-4-405B-FP8", gpus(8, 79.6), 8, 65_440, "auto", 0.92),
    "405B-FP8, 4 x 141": ("Hermes-4-405B-FP8", gpus(4, 140.4), 4, 65_440, "auto", 0.92),
    "405B, 16 x 80": ("Hermes-4-405B", gpus(16, 80), 16, 65_440, "auto", 0.92),
    "70B-FP8, 1 x 80": ("Hermes-4-70B-FP8", gpus(1, 80), 1, 14_208, "fp8", 0.95),
    "70B-FP8, 2 x 80": ("Hermes-4-70B-FP8", gpus(2, 80), 2, 65_440, "auto", 0.92),
    "70B-FP8, 1 x 141": ("Hermes-4-70B-FP8", gpus(1, 140.4), 1, 65_440, "auto", 0.92),
    "70B, 2 x 141": ("Hermes-4-70B", gpus(2, 140.4), 2, 65_440, "auto", 0.92),
    "14B, 1 x 80": ("Hermes-4-14B", gpus(1, 80), 1, 40_960, "auto", 0.92),
    "14B-FP8, 1 x 24": ("Hermes-4-14B-FP8", gpus(1, 24), 1, 26_032, "fp8", 0.95),
}


@pytest.mark.parametrize(
    ("name", "hardware", "size", "length", "cache", "share"), PROFILES.values(), ids=PROFILES
)
def test_profiles(name: str, hardware: Hardware, size: int, length: int, cache: str, share: float) -> None:
    """Known models on common GPUs get the expected layout."""
    made = planned(name, hardware)
    assert (made.tensor_parallel_size, made.max_model_len) == (size, length)
    assert (made.kv_cache_dtype, made.gpu_memory_utilization) == (cache, share)
    assert made.full_sequences >= COMFORT
    assert 8 <= made.max_num_seqs <= 256


WEIGHTS = {
    "Hermes-4-405B": 405.85e9 * 2,
    "Hermes-4-405B-FP8": 410e9,
    "Hermes-4-70B": 70.55e9 * 2,
    "Hermes-4-70B-FP8": 72.7e9,
    "Hermes-4-14B": 14.77e9 * 2,
    "Hermes-4-14B-FP8": 16.3e9,
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_of_known_models(name: str) -> None:
    """Weights of known models equal those of their model cards within half a percent."""
    assert read_model_shape(f"NousResearch/{name}").weight_bytes == pytest.approx(WEIGHTS[name], rel=0.005)
    assert read_model_shape(name).quantized == name.endswith("FP8")


@pytest.mark.parametrize(
    ("name", "cache", "size"),
    [
        ("Hermes-4-405B-FP8", "auto", 516_096),
        ("Hermes-4-405B-FP8", "fp8", 258_048),
        ("Hermes-4-70B", "auto", 327_680),
        ("Hermes-4-14B", "auto", 163_840),
        ("Hermes-4-14B", "turboquant_k8v4", 163_840),
    ],
)
def test_kv_cache_of_a_token(name: str, cache: str, size: int) -> None:
    """The KV cache has two vectors per layer and head; unknown types count as two bytes."""
    assert read_model_shape(name).kv_bytes(cache) == size


def test_the_arithmetic_of_one_plan() -> None:
    """Weights, working memory and KV cache add up to vLLM's share."""
    made = planned("Hermes-4-405B-FP8", gpus(8, 80))
    share = int(80 * GIB * 0.92)
    assert made.weights_per_gpu == read_model_shape("Hermes-4-405B-FP8").weight_bytes // 8
    assert made.working_per_gpu == 3 * GIB + 16 * 8192 * 16384
    assert made.weights_per_gpu + made.working_per_gpu + made.kv_bytes == share
    assert made.kv_tokens == made.kv_bytes * 8 // 516_096
    assert made.arguments() == {
        "tensor_parallel_size": 8,
        "max_model_len": 65_440,
        "max_num_seqs": 168,
        "max_num_batched_tokens": 8192,
        "kv_cache_dtype": "auto",
        "gpu_memory_utilization": 0.92,
    }
    assert made.notes == ()


def test_no_more_gpus_than_it_takes() -> None:
    """A note names unused GPUs, and arguments can fix the number."""
    made = planned("Hermes-4-70B-FP8", gpus(8, 80))
    assert made.tensor_parallel_size == 2
    assert "6 of 8 GPUs are not used" in made.notes[0]
    assert planned("Hermes-4-70B-FP8", gpus(8, 80), tensor_parallel_size=8).notes == ()


def test_heads_beyond_those_of_keys_are_kept_several_times() -> None:
    """Sixteen GPUs store each of eight heads twice, and hold no more tokens than eight GPUs."""
    one, two = (planned("Hermes-4-70B", gpus(16, 80), tensor_parallel_size=n) for n in (8, 16))
    assert two.kv_bytes > one.kv_bytes
    assert two.kv_tokens == two.kv_bytes // (2 * 80 * 128 * 2)


def test_stages_on_two_nodes() -> None:
    """Two nodes share the layers, and the eight GPUs of a node share each layer."""
    made = planned("Hermes-4-405B", gpus(16, 80), tensor_parallel_size=8, pipeline_parallel_size=2)
    assert made.weights_per_gpu == read_model_shape("Hermes-4-405B").weight_bytes // 16
    assert made.arguments()["pipeline_parallel_size"] == 2
    assert made.full_sequences > COMFORT


def test_the_smallest_gpu_decides() -> None:
    """The smallest of the used GPUs bounds the plan."""
    mixed = planned("Hermes-4-14B", Hardware((80, 40)), tensor_parallel_size=2)
    assert mixed.kv_tokens == planned("Hermes-4-14B", gpus(2, 40), tensor_parallel_size=2).kv_tokens


def test_given_arguments_hold() -> None:
    """Given arguments are kept, and the others are planned around them."""
    fixed = {
        "tensor_parallel_size": 4,
        "max_model_len": 10_000,
        "kv_cache_dtype": "fp8",
        "gpu_memory_utilization": 0.5,
        "max_num_seqs": 3,
        "max_num_batched_tokens": 2048,
    }
    made = planned("Hermes-4-70B-FP8", gpus(4, 80), **fixed)
    assert made.arguments() == fixed
    assert made.working_per_gpu == 3 * GIB + 16 * 2048 * 8192


def test_a_given_length_may_fill_the_memory() -> None:
    """A given length needs room for one sequence only, which a note says."""
    made = planned("Hermes-4-70B-FP8", gpus(1, 80), max_model_len=28_000)
    assert (made.max_model_len, made.kv_cache_dtype) == (28_000, "fp8")
    assert "sequences of full length run one at a time" in made.notes


def test_a_cpu_without_bfloat16_computes_in_float32() -> None:
    """Without bfloat16 a CPU computes in float32, where memory and operator allow it."""
    small, plain = Hardware((), 8, 40, bf16=False), Hardware((), 8, 40)
    made, other = planned("Hermes-4-14B", replace(small, memory_gib=80)), planned("Hermes-4-14B", plain)
    assert made.arguments()["dtype"] == "float32"
    assert made.weights_per_gpu == 2 * other.weights_per_gpu
    assert made.kv_bytes_per_token == 2 * other.kv_bytes_per_token
    assert planned("Hermes-4-14B", small) == replace(other, hardware=small)
    assert planned("Hermes-4-14B-FP8", small).dtype is None
    assert planned("Hermes-4-14B", small, kv_cache_memory_bytes=GIB).dtype is None
    assert planned("Hermes-4-14B", replace(small, memory_gib=80), dtype="bfloat16").dtype is None
    assert planned("Hermes-4-14B", replace(plain, memory_gib=80), dtype="float32").weights_per_gpu == (
        made.weights_per_gpu
    )
    assert "dtype" not in other.arguments()


def test_a_given_cache_size_is_the_cache_size() -> None:
    """A given KV cache size wins over the share of memory, as in vLLM."""
    made = planned("Hermes-4-14B", gpus(1, 80), kv_cache_memory_bytes=20 * GIB)
    assert made.kv_tokens == 20 * GIB // 163_840
    with pytest.raises(ConfigError, match="does not fit"):
        planned("Hermes-4-14B", gpus(1, 24), kv_cache_memory_bytes=20 * GIB)


TOO_LARGE: dict[str, tuple[str, Hardware, dict[str, Any], list[str]]] = {
    "more GPUs": ("Hermes-4-405B-FP8", gpus(4, 80), {}, ["on each of 4 GPUs", "Take 8 GPUs of 80 GiB"]),
    "FP8 here": (
        "Hermes-4-405B",
        gpus(8, 80),
        {},
        ["Take 16 GPUs of 80 GiB, or 8 GPUs of 80 GiB for a copy in FP8 (structgen model quantize)"],
    ),
    "one card": ("Hermes-4-14B", gpus(1, 24), {}, ["2 GPUs of 24 GiB", "1 GPU of 24 GiB for a copy in FP8"]),
    "length": (
        "Hermes-4-70B-FP8",
        gpus(1, 80),
        {"max_model_len": 100_000},
        ["28416 of the 100000 tokens", "max_model_len 28416 at most", "2 GPUs of 80 GiB"],
    ),
    "larger GPUs": ("Hermes-4-405B", gpus(1, 16), {}, ["GPUs of more than 16 GiB"]),
    "too few taken": ("Hermes-4-405B-FP8", gpus(8, 80), {"tensor_parallel_size": 4}, ["8 GPUs of 80 GiB"]),
    "CPU": ("Hermes-4-70B", Hardware((), 8, 32), {}, ["32.0 are free", "a smaller model, or a GPU"]),
}


@pytest.mark.parametrize(("name", "hardware", "fixed", "told"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_would_fit_is_told(
    name: str, hardware: Hardware, fixed: dict[str, Any], told: list[str]
) -> None:
    """The error lists each change that suffices: more GPUs, FP8, a shorter context."""
    with pytest.raises(ConfigError) as caught:
        planned(name, hardware, **fixed)
    assert all(words in str(caught.value) for words in told), str(caught.value)


WRONG = {
    "heads": ({"tensor_parallel_size": 3}, "64 heads of Hermes-4-70B-FP8 cannot be shared by 3 GPUs"),
    "GPUs": ({"tensor_parallel_size": 8}, "needs 8 GPUs and there are 4"),
    "stages": ({"pipeline_parallel_size": 5}, "needs 5 GPUs and there are 4"),
    "positions": ({"max_model_len": 200_000}, "has 131072 positions"),
    "no number": ({"max_model_len": "64k"}, "max_model_len is a number from 1 on, not '64k'"),
    "not whole": ({"max_num_seqs": 1.5}, "max_num_seqs is a number"),
    "true": ({"tensor_parallel_size": True}, "tensor_parallel_size is a number"),
    "share": ({"gpu_memory_utilization": 92}, "gpu_memory_utilization is a share"),
}


@pytest.mark.parametrize(("fixed", "told"), WRONG.values(), ids=WRONG)
def test_arguments_that_cannot_be(fixed: dict[str, Any], told: str) -> None:
    """Invalid arguments are errors that name them."""
    with pytest.raises(ConfigError, match=told):
        planned("Hermes-4-70B-FP8", gpus(4, 80), **fixed)


def test_on_a_cpu() -> None:
    """On a CPU the KV cache is given in bytes, because vLLM would take nearly all memory."""
    made = planned(str(DEMO_MODEL), Hardware((), 2, 16))
    assert made.arguments() == {
        "max_model_len": 4096,
        "max_num_seqs": 32,
        "kv_cache_memory_bytes": 32 * (4096 + 128) * made.kv_bytes_per_token,
    }


def test_a_large_model_on_a_cpu() -> None:
    """A small CPU gets half of the memory left, and a shorter context where that is little."""
    made = planned("Hermes-4-14B", Hardware((), 16, 32))
    assert made.kv_bytes == (32 * GIB - made.weights_per_gpu - GIB) // 2
    assert made.max_model_len == 8192
    assert planned("Hermes-4-14B", Hardware((), 16, 30)).max_model_len < 8192


@given(
    st.sampled_from(sorted(KNOWN)),
    st.integers(1, 16),
    st.floats(16, 200),
    st.none() | st.integers(64, 40_000),
)
@settings(max_examples=300)
def test_a_plan_keeps_within_its_share(name: str, count: int, size: float, length: int | None) -> None:
    """Every plan fits its hardware, holds one sequence of its length, and divides the heads."""
    shape = read_model_shape(name)
    try:
        made = plan_deployment(shape, gpus(count, size), {"max_model_len": length} if length else {})
    except ConfigError:
        return
    used = (
        made.weights_per_gpu
        + made.working_per_gpu
        + made.kv_tokens
        * made.kv_bytes_per_token
        / (made.tensor_parallel_size if made.tensor_parallel_size <= shape.kv_heads else shape.kv_heads)
    )
    assert used <= size * GIB * 0.95 + 1
    assert 64 <= made.max_model_len <= made.kv_tokens
    assert shape.heads % made.tensor_parallel_size == 0
    assert made.tensor_parallel_size <= count


def write(folder: Path, **config: Any) -> None:
    whole = {
        "num_hidden_layers": 2,
        "hidden_size": 64,
        "num_attention_heads": 4,
        "vocab_size": 100,
        "max_position_embeddings": 512,
        **config,
    }
    (folder / "config.json").write_text(json.dumps(whole))


def test_a_folder_tells_its_shape(tmp_path: Path) -> None:
    """The shape comes from config and file sizes; missing KV heads and head sizes are derived."""
    write(tmp_path)
    (tmp_path / "a.safetensors").write_bytes(b"x" * 30)
    (tmp_path / "b.safetensors").write_bytes(b"x" * 12)
    assert read_model_shape(str(tmp_path)) == ModelShape(tmp_path.name, 2, 64, 4, 4, 16, 100, 42, 512)
    write(tmp_path, num_key_value_heads=2, head_dim=32, quantization_config={})
    read = read_model_shape(str(tmp_path))
    assert (read.kv_heads, read.head_dim, read.quantized) == (2, 32, True)


def test_weights_that_are_still_to_come(tmp_path: Path) -> None:
    """The index has the size of weights that are not downloaded."""
    write(tmp_path)
    (tmp_path / "model.safetensors.index.json").write_text('{"metadata": {"total_size": 77}}')
    assert read_model_shape(str(tmp_path)).weight_bytes == 77


def test_the_shipped_model() -> None:
    """A shipped model is read like any folder."""
    read = read_model_shape(str(DEMO_MODEL))
    assert (read.hidden, read.head_dim, read.max_positions) == (256, 32, 4096)
    assert read.weight_bytes == (DEMO_MODEL / "model.safetensors").stat().st_size


UNKNOWN = {
    "a name": (None, "nothing is known of the model some/model: give its folder, or one of Hermes-4-405B"),
    "no weights": ({}, "no weights in"),
    "another kind": ({"num_hidden_layers": None}, "does not have the shape of a decoder"),
}


@pytest.mark.parametrize(("config", "told"), UNKNOWN.values(), ids=UNKNOWN)
def test_folders_without_a_shape(tmp_path: Path, config: dict[str, Any] | None, told: str) -> None:
    """A folder that cannot be read is an error with advice."""
    if config is not None:
        write(tmp_path, **config)
    with pytest.raises(ConfigError, match=told):
        read_model_shape("some/model" if config is None else str(tmp_path))


def test_fp8_halves_all_but_the_embeddings() -> None:
    """An FP8 copy halves the converted weights, and a quantized model is unchanged."""
    shape = replace(read_model_shape("Hermes-4-14B"), vocab=1000, hidden=10, weight_bytes=140_000)
    assert shape.in_fp8().weight_bytes == 40_000 + 50_000
    assert shape.in_fp8().in_fp8() == shape.in_fp8()
