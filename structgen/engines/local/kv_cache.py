"""KV cache of all slots in one block; a forward pass reads and writes some of its rows."""

from __future__ import annotations

from typing import Any

import torch
from transformers.cache_utils import Cache

MARGIN = 64
"""Positions beyond the context, where the padding of uneven rows is written and never read."""


class SlotKVCache(Cache):  # type: ignore[misc]
    """Keys and values, shaped (layer, slot, position, head, dimension). `select` aims the next pass."""

    def __init__(self, config: Any, slots: int, context: int, dtype: Any, device: str) -> None:
        super().__init__(layers=[])
        heads = config.num_key_value_heads or config.num_attention_heads
        width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        shape = (config.num_hidden_layers, slots, context + MARGIN, heads, width)
        self.keys = torch.zeros(shape, dtype=dtype, device=device)  # zeros: a masked NaN is a NaN still
        self.values = torch.zeros(shape, dtype=dtype, device=device)
        self.rows = slice(0, 1)
        self.positions = torch.zeros((1, 1), dtype=torch.long)
        self.end = 1

    def select(self, rows: slice, positions: torch.Tensor, end: int) -> None:
        """Write the next pass at `positions` (row, token) of the slots `rows`; attend below `end`."""
        self.rows, self.positions, self.end = rows, positions, end
        self._index = torch.arange(positions.shape[0], device=positions.device)[:, None]

    def update(
        self,
        key_states: torch.Tensor,
        value_states: torch.Tensor,
        layer_idx: int,
        *_: Any,
        **__: Any,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Store the keys and values of one layer; return those to attend to, (row, head, position, dim)."""
        keys, values = self.keys[layer_idx, self.rows], self.values[layer_idx, self.rows]
        keys[self._index, self.positions] = key_states.transpose(1, 2)
        values[self._index, self.positions] = value_states.transpose(1, 2)
        return keys[:, : self.end].transpose(1, 2), values[:, : self.end].transpose(1, 2)
