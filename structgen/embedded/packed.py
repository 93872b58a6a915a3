"""The model's forward pass over examples of one schema: what they share is computed once.

A schema takes more of a prompt than the document and its answer together. A pack is one prefix and
several branches that go on from it; the branches see the prefix and themselves, never one another,
so the loss is that of the examples one by one (`tests/embedded/test_packed.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from structgen.embedded.induction import IGNORE

if TYPE_CHECKING:
    from torch import Tensor

Row = tuple[list[int], list[int]]
"""Token ids and their labels (`IGNORE` where none is wanted)."""
Shape = tuple[int, list[int]]
"""Tokens of a prefix, and of each branch."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A shared prefix and what follows it in each of the examples."""

    prefix: list[int]
    branches: list[Row]

    @property
    def tokens(self) -> int:
        """Tokens of the prefix once, and of all branches."""
        return len(self.prefix) + sum(len(ids) for ids, _ in self.branches)


def pack(rows: list[Row]) -> Pack:
    """Rows with what they have in common at the front told once; no label may lie in it."""
    first, *others = (ids for ids, _ in rows)
    shared = next(i for i, label in enumerate(rows[0][1]) if label != IGNORE) - 1
    for ids in others:
        shared = next((i for i in range(shared) if i >= len(ids) or ids[i] != first[i]), shared)
    return Pack(first[:shared], [(ids[shared:], labels[shared:]) for ids, labels in rows])


def loss(model: Any, packs: list[Pack], weights: Tensor | None = None) -> Tensor:
    """Mean cross-entropy of the labelled tokens of a `LlamaForCausalLM`, over all packs.

    With `weights`, [vocabulary], each of them counts as much as the token before it says.
    """
    import torch

    shapes = [(len(p.prefix), [len(ids) for ids, _ in p.branches]) for p in packs]
    ids: list[int] = []
    labels: list[int] = []
    places: list[int] = []
    for packed, (prefix, _) in zip(packs, shapes, strict=True):
        ids += packed.prefix
        labels += [IGNORE] * prefix
        places += range(prefix)
        for branch, wanted in packed.branches:
            ids += branch
            labels += [*wanted[1:], IGNORE]
            places += range(prefix, prefix + len(branch))
    hidden = _forward(model, torch.tensor(ids), torch.tensor(places), shapes)
    target = torch.tensor(labels)
    known = target != IGNORE
    logits, found = model.lm_head(hidden[known]), target[known]
    if weights is None:
        return torch.nn.functional.cross_entropy(logits, found)
    losses = torch.nn.functional.cross_entropy(logits, found, reduction="none")
    counts = weights[torch.tensor(ids)[known]]
    return (losses * counts).sum() / counts.sum()


def _forward(model: Any, ids: Tensor, places: Tensor, shapes: list[Shape]) -> Tensor:
    """Last hidden states, [tokens, width], of packs laid end to end."""
    body, heads, size = model.model, model.config.num_attention_heads, model.config.head_dim
    hidden = body.embed_tokens(ids)
    cosine, sine = (part[0, :, None] for part in body.rotary_emb(hidden[None], places[None]))
    masks = [[_mask(prefix, length) for length in lengths] for prefix, lengths in shapes]
    for layer in body.layers:
        attention, normed = layer.self_attn, layer.input_layernorm(hidden)
        query, key, value = (
            project(normed).view(-1, heads, size)
            for project in (attention.q_proj, attention.k_proj, attention.v_proj)
        )
        query, key = (x * cosine + _half_turn(x) * sine for x in (query, key))
        mixed = _attend(query, key, value, shapes, masks)
        hidden = hidden + attention.o_proj(mixed)
        hidden = hidden + layer.mlp(layer.post_attention_layernorm(hidden))
    return body.norm(hidden)  # type: ignore[no-any-return]


def _half_turn(x: Tensor) -> Tensor:
    import torch

    one, other = x.chunk(2, -1)
    return torch.cat((-other, one), -1)


def _mask(prefix: int, length: int) -> Tensor:
    """What a branch sees: the prefix, and itself up to each token."""
    import torch

    return torch.full((length, prefix + length), float("-inf")).triu(prefix + 1)


def _attend(
    query: Tensor, key: Tensor, value: Tensor, shapes: list[Shape], masks: list[list[Tensor]]
) -> Tensor:
    """Attention within each pack: [tokens, heads, size] three times, to [tokens, heads * size]."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention as attend

    sizes = [size for prefix, lengths in shapes for size in (prefix, *lengths)]
    parts = zip(*(torch.split(x.transpose(0, 1)[None], sizes, 2) for x in (query, key, value)), strict=True)
    mixed = []
    for seen in masks:
        asked, keys, values = next(parts)
        mixed.append(attend(asked, keys, values, is_causal=True))
        for mask in seen:
            asked, *own = next(parts)
            k, v = (torch.cat(both, 2) for both in zip((keys, values), own, strict=True))
            mixed.append(attend(asked, k, v, attn_mask=mask))
    return torch.cat(mixed, 2)[0].transpose(0, 1).flatten(1)
