"""What a plan has to know of a model, from its folder or from its name. Nothing is loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from structgen.errors import ConfigError
from structgen.suggestions import did_you_mean

KV_BYTES = {"auto": 2, "bfloat16": 2, "float16": 2, "fp8": 1, "fp8_e4m3": 1, "fp8_e5m2": 1}
"""Bytes of a number in the cache; vLLM's `auto` is the type that it computes in. Others count as 2."""


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The measures of a decoder that decide how much memory it takes."""

    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    vocab: int
    weight_bytes: int
    max_positions: int
    quantized: bool = False

    def kv_bytes(self, dtype: str = "auto") -> int:
        """Of one token, in all layers and heads."""
        return 2 * self.layers * self.kv_heads * self.head_dim * KV_BYTES.get(dtype, 2)

    def in_fp8(self) -> ModelShape:
        """About what `structgen model quantize` makes of it: embeddings and the last layer stay."""
        kept = min(self.weight_bytes, 2 * 2 * self.vocab * self.hidden)
        halved = kept + (self.weight_bytes - kept) // 2
        return self if self.quantized else replace(self, weight_bytes=halved, quantized=True)


def shape_of(model: str) -> ModelShape:
    """Of a Hugging Face folder, or of a known name (`NousResearch/Hermes-4-405B-FP8`).

    `ConfigError` where nothing is known of it.
    """
    folder = Path(model)
    if (folder / "config.json").is_file():
        return _read(folder)
    found = KNOWN.get(model.rstrip("/").rsplit("/", 1)[-1].lower())
    if found is None:
        known = ", ".join(shape.name for shape in KNOWN.values())
        hint = did_you_mean(model.rsplit("/", 1)[-1], [shape.name for shape in KNOWN.values()], 0.8)
        raise ConfigError(f"nothing is known of the model {model}: give its folder, or one of {known}{hint}")
    return found


def _read(folder: Path) -> ModelShape:
    config = _json(folder / "config.json")
    config = config.get("text_config") or config
    try:
        heads, hidden = int(config["num_attention_heads"]), int(config["hidden_size"])
        return ModelShape(
            name=folder.name,
            layers=int(config["num_hidden_layers"]),
            hidden=hidden,
            heads=heads,
            kv_heads=int(config.get("num_key_value_heads") or heads),
            head_dim=int(config.get("head_dim") or hidden // heads),
            vocab=int(config["vocab_size"]),
            weight_bytes=_weight_bytes(folder),
            max_positions=int(config["max_position_embeddings"]),
            quantized="quantization_config" in config,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"config.json in {folder} does not tell the shape of a decoder: {error}") from error


def _weight_bytes(folder: Path) -> int:
    """Of the files; of the index where the files are not here yet."""
    index = folder / "model.safetensors.index.json"
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    if not size and index.is_file():
        size = int(_json(index)["metadata"]["total_size"])
    if not size:
        raise ConfigError(f"no weights in {folder}: it needs safetensors files, or the index of them")
    return size


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path.name} in {path.parent} is no JSON object: {error}") from error


def _dense(
    name: str, layers: int, hidden: int, intermediate: int, heads: int, vocab: int, positions: int
) -> ModelShape:
    """A Llama-like model in bfloat16, heads of 128, eight of keys and values, embeddings not tied."""
    attention = 2 * hidden * heads * 128 + 2 * hidden * 8 * 128
    weights = layers * (attention + 3 * hidden * intermediate) + 2 * vocab * hidden
    return ModelShape(name, layers, hidden, heads, 8, 128, vocab, 2 * weights, positions)


_HERMES = (
    _dense("Hermes-4-405B", 126, 16384, 53248, 128, 128256, 131072),
    _dense("Hermes-4-70B", 80, 8192, 28672, 64, 128256, 131072),
    _dense("Hermes-4-14B", 40, 5120, 17408, 40, 151936, 40960),
)
KNOWN = {
    shape.name.lower(): shape
    for model in _HERMES
    for shape in (model, replace(model.in_fp8(), name=f"{model.name}-FP8"))
}
"""By name in small letters. From the public configs of Llama 3.1 and Qwen3, on which Hermes 4 is built."""
