"""The model's forward pass over examples of one schema: what they share is computed once.

A schema takes more of a prompt than the document and its answer together. A pack is one prefix and
several branches that go on from it; the branches see the prefix and themselves, never one another,
so the loss is that of the examples one by one (`tests/training/test_packed.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from training.induction import IGNORE

if TYPE_CHECKING:
    from torch import Tensor

Row = tuple[list[int], list[int]]
"""Token ids and their labels (`IGNORE` where none is wanted)."""
Shape = tuple[int, list[int]]
"""Tokens of a prefix, and of each branch."""
Mixed = Callable[["Tensor", "Tensor", "Tensor"], "Tensor"]
"""Attention: queries, keys and values, [tokens, heads, size] each, to [tokens, heads * size]."""


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


def columns(packed: Pack) -> tuple[list[int], list[int], list[int], list[int]]:
    """By token: ids, labels of the tokens that follow, places, and branches (0: the prefix)."""
    prefix = len(packed.prefix)
    ids, labels, places = list(packed.prefix), [IGNORE] * prefix, list(range(prefix))
    branches = [0] * prefix
    for branch, (tokens, wanted) in enumerate(packed.branches, 1):
        ids += tokens
        labels += [*wanted[1:], IGNORE]
        places += range(prefix, prefix + len(tokens))
        branches += [branch] * len(tokens)
    return ids, labels, places, branches


def loss(
    model: Any, packs: list[Pack], weights: Tensor | None = None, *, precision: str = "float32"
) -> Tensor:
    """Mean cross-entropy of the labelled tokens of a `LlamaForCausalLM`, over all packs.

    With `weights`, [2, vocabulary], each of them counts as the token before it says by the first row, or
    it by itself by the second, whichever is more. `precision` is that of the products within the layers;
    attention, logits and sums are in float32.
    """
    import torch

    shapes = [(len(p.prefix), [len(ids) for ids, _ in p.branches]) for p in packs]
    laid = [columns(packed) for packed in packs]
    ids, labels, places = ([token for part in laid for token in part[row]] for row in range(3))
    target = torch.tensor(labels)
    known = target != IGNORE
    with torch.autocast("cpu", getattr(torch, precision), enabled=precision != "float32"):
        hidden = _forward(model, torch.tensor(ids), torch.tensor(places), shapes, known)
    logits, found = model.lm_head(hidden), target[known]
    if weights is None:
        return torch.nn.functional.cross_entropy(logits, found)
    losses = torch.nn.functional.cross_entropy(logits, found, reduction="none")
    counts = torch.maximum(weights[0, torch.tensor(ids)[known]], weights[1, found])
    return (losses * counts).sum() / counts.sum()


def _forward(model: Any, ids: Tensor, places: Tensor, shapes: list[Shape], known: Tensor) -> Tensor:
    """Last hidden states, [known tokens, width], of packs laid end to end.

    The last layer computes no others: nothing reads them.
    """
    import torch

    hidden = model.model.embed_tokens(ids)
    turns = [part[0, :, None] for part in model.model.rotary_emb(hidden[None], places[None])]
    masks = [[_mask(prefix, length) for length in lengths] for prefix, lengths in shapes]
    *layers, last = model.model.layers
    for one in layers:
        hidden = layer(one, hidden, slice(None), turns, partial(_attend, shapes=shapes, masks=masks))
    kept = iter(torch.split(known, [size for prefix, lengths in shapes for size in (prefix, *lengths)]))
    masks = [
        [mask[rows] for mask, rows in zip(seen, islice(kept, 1, len(seen) + 1), strict=True)]
        for seen in masks
    ]
    mix = partial(_attend, shapes=shapes, masks=masks)
    return model.model.norm(layer(last, hidden, known, turns, mix))  # type: ignore[no-any-return]


def layer(weights: Any, hidden: Tensor, rows: Any, turns: list[Tensor], mix: Mixed) -> Tensor:
    """States, [tokens, width], after a layer of a `LlamaForCausalLM`, of the `rows` alone."""
    attention, normed = weights.self_attn, weights.input_layernorm(hidden)
    query, key, value = (
        project(states).unflatten(-1, (-1, attention.head_dim))
        for project, states in (
            (attention.q_proj, normed[rows]),
            (attention.k_proj, normed),
            (attention.v_proj, normed),
        )
    )
    query, key = _turned(query, [turn[rows] for turn in turns]), _turned(key, turns)
    hidden = hidden[rows] + attention.o_proj(mix(query, key, value))
    return hidden + weights.mlp(weights.post_attention_layernorm(hidden))  # type: ignore[no-any-return]


def _turned(x: Tensor, turns: list[Tensor]) -> Tensor:
    cosine, sine = turns
    return x * cosine + _half_turn(x) * sine


def _half_turn(x: Tensor) -> Tensor:
    import torch

    one, other = x.chunk(2, -1)
    return torch.cat((-other, one), -1)


def _mask(prefix: int, length: int) -> Tensor:
    """Build a branch's attention mask: causal within the branch, open to the whole prefix."""
    import torch

    return torch.full((length, prefix + length), float("-inf")).triu(prefix + 1)


def _attend(
    query: Tensor, key: Tensor, value: Tensor, shapes: list[Shape], masks: list[list[Tensor]]
) -> Tensor:
    """Attention within each pack: [tokens, heads, size] three times, to [tokens, heads * size].

    There are as many queries in each branch as its mask has rows; those of the prefixes may be missing.
    """
    import torch
    from torch.nn.functional import scaled_dot_product_attention as attend

    query, key, value = (x.float().transpose(0, 1)[None] for x in (query, key, value))
    whole = query.size(2) == key.size(2)
    wanted = [n for (p, _), seen in zip(shapes, masks, strict=True) for n in (p * whole, *map(len, seen))]
    sizes = [size for prefix, lengths in shapes for size in (prefix, *lengths)]
    asked = iter(torch.split(query, wanted, 2))
    given = zip(torch.split(key, sizes, 2), torch.split(value, sizes, 2), strict=True)
    mixed = []
    with torch.autocast("cpu", enabled=False):  # its backward pass is slower in bfloat16
        for seen in masks:
            first, (keys, values) = next(asked), next(given)
            if whole:
                mixed.append(attend(first, keys, values, is_causal=True))
            for mask in seen:
                k, v = (torch.cat(both, 2) for both in zip((keys, values), next(given), strict=True))
                mixed.append(attend(next(asked), k, v, attn_mask=mask))
    return torch.cat(mixed, 2)[0].transpose(0, 1).flatten(1)
