"""A model as its files' headers tell of it, checked before anything is converted. No torch here."""

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
_LINEAR_A_LAYER = 7
_LEFT_OUT = ("model.embed_tokens.weight", "lm_head.weight")
_PRECISE = {"BF16": 2, "F16": 2, "F32": 4}
"""Bytes of the types that weights may have, as safetensors calls them."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as its file's header tells of it."""

    kind: str
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * _PRECISE[self.kind]


@dataclass(frozen=True, slots=True)
class Source:
    """A model that can be converted: its config, and the tensors by name of each file."""

    folder: Path
    config: dict[str, Any]
    shards: dict[str, dict[str, Tensor]]

    def bytes_to_write(self) -> int:
        """About what the copy will need."""
        tensors = [item for shard in self.shards.values() for item in shard.items()]
        return sum(t.bytes // _PRECISE[t.kind] if LINEAR.fullmatch(n) else t.bytes for n, t in tensors)


def read_source(folder: Path) -> Source:
    """The model in a folder, from headers alone. `ConfigError` tells why it cannot be converted."""
    if not (folder / "config.json").is_file():
        raise ConfigError(f"no model in {folder}: give a Hugging Face folder, with config.json, on this disk")
    config = _json(folder / "config.json")
    if "quantization_config" in config:
        method = config["quantization_config"].get("quant_method", "some method")
        raise ConfigError(
            f"the model in {folder} is quantized already, by {method}: give the one it came from"
        )
    found = ", ".join(config.get("architectures") or ["none"])
    if found not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise ConfigError(f"no FP8 copy is known of the architecture {found}: it is for {known}")
    source = Source(folder, config, _shards(folder))
    _check_layout(source)
    return source


def _shards(folder: Path) -> dict[str, dict[str, Tensor]]:
    """The tensors of each file, of one `model.safetensors` or of those in the index."""
    if (folder / SINGLE).is_file():
        return {SINGLE: _header(folder / SINGLE)}
    if not (folder / INDEX).is_file():
        raise ConfigError(f"no weights in {folder}: it needs {SINGLE}, or {INDEX} and the files it names")
    places: dict[str, str] = _json(folder / INDEX)["weight_map"]
    files = sorted(set(places.values()))
    if missing := [name for name in files if Path(name).name != name or not (folder / name).is_file()]:
        raise ConfigError(
            f"{len(missing)} of {len(files)} weight files are missing, the first is {missing[0]}"
        )
    shards = {name: _header(folder / name) for name in files}
    if lost := [tensor for tensor, place in places.items() if tensor not in shards[place]]:
        raise ConfigError(f"{places[lost[0]]} has no tensor {lost[0]}, though {INDEX} says so")
    return shards


def _header(path: Path) -> dict[str, Tensor]:
    """A safetensors file starts with the length of its header, in 8 bytes, and the header in JSON."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            told = json.loads(file.read(min(length, size)))
    except (struct.error, ValueError) as error:
        raise ConfigError(f"{path.name} is no safetensors file") from error
    told.pop("__metadata__", None)
    end = max((tensor["data_offsets"][1] for tensor in told.values()), default=0)
    if size != 8 + length + end:
        raise ConfigError(f"{path.name} has {size} bytes where {8 + length + end} belong: fetch it again")
    return {name: Tensor(tensor["dtype"], tuple(tensor["shape"])) for name, tensor in told.items()}


def _check_layout(source: Source) -> None:
    """Every tensor is one that is known, and none of a layer is missing."""
    linear = 0
    for shard, tensors in source.shards.items():
        for name, tensor in tensors.items():
            if tensor.kind not in _PRECISE:
                kinds = ", ".join(_PRECISE)
                raise ConfigError(f"{name} in {shard} is of type {tensor.kind}: this converts {kinds}")
            if LINEAR.fullmatch(name) and len(tensor.shape) == 2:
                linear += 1
            elif name not in _LEFT_OUT and len(tensor.shape) != 1:
                raise ConfigError(f"{name} in {shard} is of no known layout, of shape {list(tensor.shape)}")
    wanted = _LINEAR_A_LAYER * int(source.config.get("num_hidden_layers", 0))
    if linear != wanted or not wanted:
        raise ConfigError(
            f"{linear} linear layers where config.json makes {wanted}: the weights are not whole"
        )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ConfigError(f"{path.name} in {path.parent} is no JSON: {error}") from error
