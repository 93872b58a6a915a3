"""An FP8 copy of a Hugging Face model, made shard by shard: the model is never loaded whole.

The copy is of compressed-tensors' `float-quantized` format, as vLLM and transformers read it: the
linear layers in float8_e4m3fn with one float32 scale per output row, activations scaled per token as
they come. Embeddings, `lm_head`, norms and biases stay as they are.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structgen.errors import ConfigError, MissingExtra
from structgen.quantize.checkpoint import INDEX, LINEAR, SINGLE, Source, read_source

if TYPE_CHECKING:
    import torch

LARGEST = 448.0
"""The largest number of float8_e4m3fn; the largest weight of a row becomes it."""
_ROWS = 4096
"""Rows that are in float32 at once."""
_COPIED = ("*.json", "*.jinja", "*.txt", "*.model", "LICENSE*")


@dataclass(frozen=True, slots=True)
class Quantized:
    """What became of a model."""

    quantized: int
    """Tensors in FP8 now."""
    left_out: tuple[str, ...]
    """Matrices that stayed as they were."""
    bytes_before: int
    bytes_after: int
    largest_error: float
    """Of any weight, relative to the largest of its row."""
    worst: str
    """The tensor that has it."""

    def to_json(self) -> dict[str, Any]:
        return {
            "tensors": {"quantized": self.quantized, "left_out": list(self.left_out)},
            "bytes": {"before": self.bytes_before, "after": self.bytes_after},
            "largest_relative_error": self.largest_error,
            "worst_tensor": self.worst,
        }


def quantize(model: Path, out: Path, progress: Callable[[str], None] = lambda _: None) -> Quantized:
    """Write an FP8 copy of the model in the folder `model` to the new folder `out`.

    `ConfigError` where it cannot be, before anything is written as far as the files' headers tell.
    `config.json` comes last: a copy that was broken off loads nowhere.
    """
    source = read_source(model)
    _check_out(source, out)
    try:
        import safetensors.torch  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingExtra("local", error) from error
    out.mkdir(parents=True, exist_ok=True)
    errors: dict[str, float] = {}
    homes: dict[str, str] = {}
    for number, shard in enumerate(source.shards, 1):
        progress(f"{shard}: {number} of {len(source.shards)}")
        errors |= _convert(source.folder / shard, out / shard, homes)
    _write_rest(source, out, homes)
    worst = max(errors, key=lambda name: errors[name])
    matrices = [n for shard in source.shards.values() for n, t in shard.items() if len(t.shape) > 1]
    return Quantized(
        quantized=len(errors),
        left_out=tuple(sorted(set(matrices) - errors.keys())),
        bytes_before=sum((model / shard).stat().st_size for shard in source.shards),
        bytes_after=sum((out / shard).stat().st_size for shard in source.shards),
        largest_error=errors[worst],
        worst=worst,
    )


def to_fp8(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Weights in FP8, the scale of each row (rows, 1) in float32, and the largest relative error.

    A row of zeros stays one. `ValueError` for weights that are not finite.
    """
    import torch

    small = torch.empty(weight.shape, dtype=torch.float8_e4m3fn)
    scales = torch.empty((weight.shape[0], 1), dtype=torch.float32)
    tiny, worst = torch.finfo(torch.float32).tiny, 0.0
    for start in range(0, weight.shape[0], _ROWS):
        rows = slice(start, start + _ROWS)
        exact = weight[rows].to(torch.float32)
        top = exact.abs().amax(dim=1, keepdim=True)
        if not bool(torch.isfinite(top).all()):
            raise ValueError("it has weights that are not finite")
        scales[rows] = (top / LARGEST).clamp(min=tiny)
        small[rows] = (exact / scales[rows]).clamp(-LARGEST, LARGEST).to(torch.float8_e4m3fn)
        off = (small[rows].to(torch.float32) * scales[rows] - exact).abs() / top.clamp(min=tiny)
        worst = max(worst, float(off.max()))
    return small, scales, worst


def quantization_config() -> dict[str, Any]:
    """The member of `config.json` that compressed-tensors reads."""
    common = {"num_bits": 8, "type": "float", "symmetric": True, "group_size": None, "actorder": None}
    common |= {"block_structure": None, "observer_kwargs": {}}
    weights = {**common, "strategy": "channel", "dynamic": False, "observer": "minmax"}
    activations = {**common, "strategy": "token", "dynamic": True, "observer": None}
    group = {"targets": ["Linear"], "weights": weights, "input_activations": activations}
    return {
        "quant_method": "compressed-tensors",
        "format": "float-quantized",
        "quantization_status": "compressed",
        "global_compression_ratio": None,
        "kv_cache_scheme": None,
        "ignore": ["lm_head"],
        "config_groups": {"group_0": {**group, "output_activations": None}},
    }


def _check_out(source: Source, out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ConfigError(f"{out} is a file: give a new folder with --out")
    if out.is_dir() and any(out.iterdir()):
        raise ConfigError(f"{out} is not empty: give a new folder with --out")
    home = next(folder for folder in (out, *out.absolute().parents) if folder.is_dir())
    needed, free = source.bytes_to_write(), shutil.disk_usage(home).free
    if needed > free:
        sizes = f"the copy needs {needed / 2**30:.1f} GiB and {home} has {free / 2**30:.1f}"
        raise ConfigError(f"{sizes}: name a place with room by --out")


def _convert(source: Path, target: Path, homes: dict[str, str]) -> dict[str, float]:
    """Write one shard, note where its tensors are, and give the error of each that is in FP8 now."""
    from safetensors import safe_open
    from safetensors.torch import save_file

    tensors, errors = {}, {}
    with safe_open(source, framework="pt") as file:
        for name in file.keys():  # noqa: SIM118
            tensors[name] = file.get_tensor(name)
            if LINEAR.fullmatch(name):
                try:
                    tensors[name], tensors[f"{name}_scale"], errors[name] = to_fp8(tensors[name])
                except ValueError as error:
                    raise ConfigError(f"{name} cannot be converted: {error}") from error
    save_file(tensors, target, metadata={"format": "pt"})
    shutil.copymode(source, target)  # safetensors makes files that only their owner reads
    homes |= dict.fromkeys(tensors, target.name)
    return errors


def _write_rest(source: Source, out: Path, homes: dict[str, str]) -> None:
    """Tokenizer, template and settings as they are, the index of the new tensors, and the config."""
    for path in sorted({path for pattern in _COPIED for path in source.folder.glob(pattern)}):
        if path.is_file() and path.name not in ("config.json", INDEX):
            shutil.copyfile(path, out / path.name)
    if (source.folder / INDEX).is_file() and SINGLE not in source.shards:
        size = sum((out / shard).stat().st_size for shard in source.shards)
        index = {"metadata": {"total_size": size}, "weight_map": dict(sorted(homes.items()))}
        (out / INDEX).write_text(json.dumps(index, indent=2) + "\n", "utf-8")
    config = {**source.config, "quantization_config": quantization_config()}
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
