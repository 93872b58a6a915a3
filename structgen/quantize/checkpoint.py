"""Read a checkpoint's layout from the headers of its files, and check it. Needs no torch."""

from __future__ import annotations

import json
import math
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from structgen.errors import ConfigError

ARCHITECTURES = (
    "LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "Qwen3ForCausalLM", "SeedOssForCausalLM",
)  # fmt: skip
LINEAR = re.compile(r"model\.layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)\.weight")
INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
_LINEAR_PER_LAYER = 7
_LEFT_OUT = ("model.embed_tokens.weight", "lm_head.weight")
_PRECISE = {"BF16": 2, "F16": 2, "F32": 4}
"""Bytes per weight, by safetensors' names of types."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """Type and shape of a tensor, from its file's header."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """Size of the tensor."""
        return math.prod(self.shape) * _PRECISE[self.dtype]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model that can be converted: its config, and the tensors of each file by name."""

    folder: Path
    config: dict[str, Any]
    shards: dict[str, dict[str, Tensor]]

    def bytes_to_write(self) -> int:
        """Estimate the size of the copy."""
        tensors = [item for shard in self.shards.values() for item in shard.items()]
        return sum(t.bytes // _PRECISE[t.dtype] if LINEAR.fullmatch(n) else t.bytes for n, t in tensors)


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read the model in a folder, from headers alone; `ConfigError` says why it cannot be converted."""
    if not (folder / "config.json").is_file():
        raise ConfigError(f"no model in {folder}: give a Hugging Face folder, with config.json, on this disk")
    config = _json(folder / "config.json")
    if "quantization_config" in config:
        method = config["quantization_config"].get("quant_method", "some method")
        raise ConfigError(
            f"the model in {folder} is quantized already, by {method}: give the one it came from"
        )
    architecture = ", ".join(config.get("architectures") or ["none"])
    if architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise ConfigError(f"no FP8 copy is known of the architecture {architecture}: it is for {known}")
    checkpoint = Checkpoint(folder, config, _shards(folder))
    _check_layout(checkpoint)
    return checkpoint


def _shards(folder: Path) -> dict[str, dict[str, Tensor]]:
    """Read the tensors of each file: of `model.safetensors`, or of the files in the index."""
    if (folder / SINGLE).is_file():
        return {SINGLE: _header(folder / SINGLE)}
    if not (folder / INDEX).is_file():
        raise ConfigError(f"no weights in {folder}: it needs {SINGLE}, or {INDEX} and the files it names")
    weight_map: dict[str, str] = _json(folder / INDEX)["weight_map"]
    files = sorted(set(weight_map.values()))
    if missing := [name for name in files if Path(name).name != name or not (folder / name).is_file()]:
        raise ConfigError(
            f"{len(missing)} of {len(files)} weight files are missing, the first is {missing[0]}"
        )
    shards = {name: _header(folder / name) for name in files}
    if lost := [tensor for tensor, file in weight_map.items() if tensor not in shards[file]]:
        raise ConfigError(f"{weight_map[lost[0]]} has no tensor {lost[0]}, though {INDEX} says so")
    return shards


def _header(path: Path) -> dict[str, Tensor]:
    """Read the header of a safetensors file: its length in 8 bytes, then JSON."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(min(length, size)))
    except (struct.error, ValueError) as error:
        raise ConfigError(f"{path.name} is not a safetensors file") from error
    header.pop("__metadata__", None)
    end = max((tensor["data_offsets"][1] for tensor in header.values()), default=0)
    if size != 8 + length + end:
        raise ConfigError(f"{path.name} has {size} bytes where {8 + length + end} belong: fetch it again")
    return {name: Tensor(tensor["dtype"], tuple(tensor["shape"])) for name, tensor in header.items()}


def _check_layout(checkpoint: Checkpoint) -> None:
    """Refuse tensors of unknown type or layout, and layers that are not complete."""
    linear = 0
    for shard, tensors in checkpoint.shards.items():
        for name, tensor in tensors.items():
            if tensor.dtype not in _PRECISE:
                kinds = ", ".join(_PRECISE)
                raise ConfigError(f"{name} in {shard} is of type {tensor.dtype}: this converts {kinds}")
            if LINEAR.fullmatch(name) and len(tensor.shape) == 2:
                linear += 1
            elif name not in _LEFT_OUT and len(tensor.shape) != 1:
                raise ConfigError(f"{name} in {shard} has an unknown layout, of shape {list(tensor.shape)}")
    expected = _LINEAR_PER_LAYER * int(checkpoint.config.get("num_hidden_layers", 0))
    if linear != expected or not expected:
        raise ConfigError(
            f"{linear} linear layers where config.json declares {expected}: the weights are incomplete"
        )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ConfigError(f"{path.name} in {path.parent} is not JSON: {error}") from error
