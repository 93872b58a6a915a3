"""Write an FP8 copy of a Hugging Face model, shard by shard: the model is never loaded whole.

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
from structgen.quantize.checkpoint import INDEX, LINEAR, SINGLE, Checkpoint, read_checkpoint

if TYPE_CHECKING:
    import torch

LARGEST = 448.0
"""The largest number of float8_e4m3fn, to which the largest weight of a row is scaled."""
_ROWS = 4096
"""Rows that are held in float32 at once."""
_COPIED = ("*.json", "*.jinja", "*.txt", "*.model", "LICENSE*")


@dataclass(frozen=True, slots=True)
class Quantized:
    """Report on a conversion."""

    quantized: int
    """Tensors that were converted to FP8."""
    left_out: tuple[str, ...]
    """Matrices that were copied unchanged."""
    bytes_before: int
    bytes_after: int
    largest_error: float
    """Largest error of a weight, relative to the largest weight of its row."""
    worst: str
    """The tensor with the largest error."""

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON members."""
        return {
            "tensors": {"quantized": self.quantized, "left_out": list(self.left_out)},
            "bytes": {"before": self.bytes_before, "after": self.bytes_after},
            "largest_relative_error": self.largest_error,
            "worst_tensor": self.worst,
        }


def quantize(model: Path, out: Path, progress: Callable[[str], None] = lambda _: None) -> Quantized:
    """Write an FP8 copy of the model in the folder `model` to the new folder `out`.

    `ConfigError` where that is impossible; problems that the headers show are raised before anything is
    written. `config.json` is written last, so that an incomplete copy cannot be loaded.
    """
    checkpoint = read_checkpoint(model)
    _check_out(checkpoint, out)
    try:
        import safetensors.torch  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingExtra("local", error) from error
    out.mkdir(parents=True, exist_ok=True)
    errors: dict[str, float] = {}
    weight_map: dict[str, str] = {}
    for number, shard in enumerate(checkpoint.shards, 1):
        progress(f"{shard}: {number} of {len(checkpoint.shards)}")
        errors |= _convert(checkpoint.folder / shard, out / shard, weight_map)
    _write_rest(checkpoint, out, weight_map)
    worst = max(errors, key=lambda name: errors[name])
    matrices = [n for shard in checkpoint.shards.values() for n, t in shard.items() if len(t.shape) > 1]
    return Quantized(
        quantized=len(errors),
        left_out=tuple(sorted(set(matrices) - errors.keys())),
        bytes_before=sum((model / shard).stat().st_size for shard in checkpoint.shards),
        bytes_after=sum((out / shard).stat().st_size for shard in checkpoint.shards),
        largest_error=errors[worst],
        worst=worst,
    )


def to_fp8(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Return weights in FP8, the scale of each row (rows, 1) in float32, and the largest relative error.

    A row of zeros stays zero. `ValueError` for weights that are not finite.
    """
    import torch

    quantized = torch.empty(weight.shape, dtype=torch.float8_e4m3fn)
    scales = torch.empty((weight.shape[0], 1), dtype=torch.float32)
    tiny, worst = torch.finfo(torch.float32).tiny, 0.0
    for start in range(0, weight.shape[0], _ROWS):
        rows = slice(start, start + _ROWS)
        exact = weight[rows].to(torch.float32)
        top = exact.abs().amax(dim=1, keepdim=True)
        if not bool(torch.isfinite(top).all()):
            raise ValueError("it has weights that are not finite")
        scales[rows] = (top / LARGEST).clamp(min=tiny)
        quantized[rows] = (exact / scales[rows]).clamp(-LARGEST, LARGEST).to(torch.float8_e4m3fn)
        off = (quantized[rows].to(torch.float32) * scales[rows] - exact).abs() / top.clamp(min=tiny)
        worst = max(worst, float(off.max()))
    return quantized, scales, worst


def quantization_config() -> dict[str, Any]:
    """Return the member of `config.json` that compressed-tensors reads."""
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


def _check_out(checkpoint: Checkpoint, out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ConfigError(f"{out} is a file: give a new folder with --out")
    if out.is_dir() and any(out.iterdir()):
        raise ConfigError(f"{out} is not empty: give a new folder with --out")
    existing = next(folder for folder in (out, *out.absolute().parents) if folder.is_dir())
    needed, free = checkpoint.bytes_to_write(), shutil.disk_usage(existing).free
    if needed > free:
        sizes = f"the copy needs {needed / 2**30:.1f} GiB and {existing} has {free / 2**30:.1f}"
        raise ConfigError(f"{sizes}: give a folder with room by --out")


def _convert(source: Path, target: Path, weight_map: dict[str, str]) -> dict[str, float]:
    """Write one shard, record its tensors in the weight map, and return the error of each converted one."""
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
    shutil.copymode(source, target)  # safetensors writes files that only their owner can read
    weight_map |= dict.fromkeys(tensors, target.name)
    return errors


def _write_rest(checkpoint: Checkpoint, out: Path, weight_map: dict[str, str]) -> None:
    """Copy tokenizer, template and settings; write the index of the new tensors, and the config last."""
    for path in sorted({path for pattern in _COPIED for path in checkpoint.folder.glob(pattern)}):
        if path.is_file() and path.name not in ("config.json", INDEX):
            shutil.copyfile(path, out / path.name)
    if (checkpoint.folder / INDEX).is_file() and SINGLE not in checkpoint.shards:
        size = sum((out / shard).stat().st_size for shard in checkpoint.shards)
        index = {"metadata": {"total_size": size}, "weight_map": dict(sorted(weight_map.items()))}
        (out / INDEX).write_text(json.dumps(index, indent=2) + "\n", "utf-8")
    config = {**checkpoint.config, "quantization_config": quantization_config()}
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
