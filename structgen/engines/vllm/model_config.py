"""Model dimensions that sizing needs, from a folder's config or a known name. Loads no weights."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from structgen.errors import ConfigError
from structgen.suggestions import did_you_mean

KV_BYTES = {"auto": 2, "bfloat16": 2, "float16": 2, "fp8": 1, "fp8_e4m3": 1, "fp8_e5m2": 1}
"""Bytes per number in the KV cache; vLLM's `auto` is the type of its computation. Others count as 2."""


@dataclass(frozen=True, slots=True)
class ModelShape:
    """Dimensions of a decoder that determine its memory."""

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
        """Return the KV-cache bytes of one token, in all layers and heads."""
        return 2 * self.layers * self.kv_heads * self.head_dim * KV_BYTES.get(dtype, 2)

    def in_fp8(self) -> ModelShape:
        """Estimate the copy of `structgen model quantize`, which keeps embeddings and the last layer."""
        unconverted = min(self.weight_bytes, 2 * 2 * self.vocab * self.hidden)
        halved = unconverted + (self.weight_bytes - unconverted) // 2
        return self if self.quantized else replace(self, weight_bytes=halved, quantized=True)


def read_model_shape(model: str) -> ModelShape:
    """Return the shape of a Hugging Face folder, or of a known name (`NousResearch/Hermes-4-405B-FP8`).

    `ConfigError` for an unknown model.
    """
    folder = Path(model)
    if (folder / "config.json").is_file():
        return _read(folder)
    shape = KNOWN.get(model.rstrip("/").rsplit("/", 1)[-1].lower())
    if shape is None:
        known = ", ".join(shape.name for shape in KNOWN.values())
        hint = did_you_mean(model.rsplit("/", 1)[-1], [shape.name for shape in KNOWN.values()], 0.8)
        raise ConfigError(f"nothing is known of the model {model}: give its folder, or one of {known}{hint}")
    return shape


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
        raise ConfigError(f"config.json in {folder} does not have the shape of a decoder: {error}") from error


def _weight_bytes(folder: Path) -> int:
    """Return the bytes of the weight files, or of the index where the files are missing."""
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
        raise ConfigError(f"{path.name} in {path.parent} is not a JSON object: {error}") from error


def _dense(
    name: str, layers: int, hidden: int, intermediate: int, heads: int, vocab: int, positions: int
) -> ModelShape:
    """Return the shape of a Llama-like bfloat16 model: heads of 128, 8 KV heads, embeddings not tied."""
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
"""Shapes by lower-case name, from the public configs of Llama 3.1 and Qwen3, the bases of Hermes 4."""
