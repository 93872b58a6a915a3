"""Forward passes of the model over adjacent slots of the KV cache."""

from __future__ import annotations

from inspect import signature
from typing import Any

import torch

from structgen.engines.local.kv_cache import SlotKVCache


class ModelRunner:
    """The model with its KV cache; `context` bounds the positions of a slot."""

    def __init__(self, model: Any, slots: int, context: int) -> None:
        self._model, self._context = model, context
        self._kv_cache = SlotKVCache(model.config, slots, context, model.dtype, str(model.device))
        # newer models of transformers call the argument `cache`, and warn about the old name
        named = "cache" in signature(model.forward).parameters
        self._cache_argument = {"cache" if named else "past_key_values": self._kv_cache}
        self._output_index: tuple[list[int], list[int]] = ([], [])
        model.get_output_embeddings().register_forward_pre_hook(self._select_outputs)

    def forward(
        self, first: int, lengths: list[int], certain: list[list[int]], drafts: list[list[int]]
    ) -> list[torch.Tensor]:
        """Feed tokens to the slots from `first` on, of which the cache holds `lengths` tokens each.

        Returns for each slot the logits (token, vocabulary) after its last certain token and after each
        drafted one, on the CPU. A slot without tokens takes part with padding, behind what it holds.
        """
        fed = [tokens + draft for tokens, draft in zip(certain, drafts, strict=True)]
        width = max(len(tokens) for tokens in fed)
        starts = torch.tensor([min(length, self._context) for length in lengths])[:, None]
        positions = starts + torch.arange(width)
        last = max(length + len(tokens) for length, tokens in zip(lengths, fed, strict=True) if tokens)
        ids = torch.tensor([tokens + [0] * (width - len(tokens)) for tokens in fed])
        mask = torch.arange(last) <= positions[:, :, None]
        device = self._model.device
        positions = positions.to(device)
        self._kv_cache.select(slice(first, first + len(fed)), positions, last)
        outputs = [range(max(0, len(tokens) - 1), len(fed[row])) for row, tokens in enumerate(certain)]
        rows = [row for row, indices in enumerate(outputs) for _ in indices]
        self._output_index = rows, [index for indices in outputs for index in indices]
        output = self._model(
            ids.to(device),
            attention_mask=mask[:, None].to(device),
            position_ids=positions,
            use_cache=True,
            **self._cache_argument,
        )
        logits: torch.Tensor = output.logits[0].cpu().float()
        return list(torch.split(logits, [len(indices) for indices in outputs]))

    def _select_outputs(self, _: Any, inputs: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        """Pass only the hidden states (slot, token, width) whose logits are needed to the output layer.

        With a large vocabulary that layer takes as long as several others.
        """
        return (inputs[0][self._output_index][None],)
