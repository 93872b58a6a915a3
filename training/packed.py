"""The model's forward pass over examples of one schema: the shared prefix is computed once.

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
"""Token ids and labels; `IGNORE` marks tokens outside the loss."""
Shape = tuple[int, list[int]]
"""Token counts of a prefix and of each branch."""
Mixed = Callable[["Tensor", "Tensor", "Tensor"], "Tensor"]
"""Attention: queries, keys and values, [tokens, heads, size] each, to [tokens, heads * size]."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A shared prefix and the branch that follows it in each example."""

    prefix: list[int]
    branches: list[Row]

    @property
    def tokens(self) -> int:
        """Number of tokens of the prefix and all branches."""
        return len(self.prefix) + sum(len(ids) for ids, _ in self.branches)


def pack(rows: list[Row]) -> Pack:
    """Factor out the common prefix of the rows; the prefix has no labels."""
    first, *others = (ids for ids, _ in rows)
    shared = next(i for i, label in enumerate(rows[0][1]) if label != IGNORE) - 1
    for ids in others:
        shared = next((i for i in range(shared) if i >= len(ids) or ids[i] != first[i]), shared)
    return Pack(first[:shared], [(ids[shared:], labels[shared:]) for ids, labels in rows])


def columns(packed: Pack) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return ids, next-token labels, positions and branch numbers (0: the prefix), one per token."""
    prefix = len(packed.prefix)
    ids, labels, places = list(packed.prefix), [IGNORE] * prefix, list(range(prefix))
    branches = [0] * prefix
    for branch, (tokens, branch_labels) in enumerate(packed.branches, 1):
        ids += tokens
        labels += [*branch_labels[1:], IGNORE]
        places += range(prefix, prefix + len(tokens))
        branches += [branch] * len(tokens)
    return ids, labels, places, branches


def loss(
    model: Any, packs: list[Pack], weights: Tensor | None = None, *, precision: str = "float32"
) -> Tensor:
    """Compute a `LlamaForCausalLM`'s mean cross-entropy over the labelled tokens of all packs.

    With `weights`, [2, vocabulary], each of them counts as the token before it says by the first row, or
    it by itself by the second, whichever is more. `precision` is that of the products within the layers;
    attention, logits and sums are in float32.
    """
    import torch

    shapes = [(len(p.prefix), [len(ids) for ids, _ in p.branches]) for p in packs]
    laid = [columns(packed) for packed in packs]
    ids, labels, places = ([token for part in laid for token in part[row]] for row in range(3))
    target = torch.tensor(labels)
    labelled = target != IGNORE
    with torch.autocast("cpu", getattr(torch, precision), enabled=precision != "float32"):
        hidden = _forward(model, torch.tensor(ids), torch.tensor(places), shapes, labelled)
    logits, targets = model.lm_head(hidden), target[labelled]
    if weights is None:
        return torch.nn.functional.cross_entropy(logits, targets)
    losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
    counts = torch.maximum(weights[0, torch.tensor(ids)[labelled]], weights[1, targets])
    return (losses * counts).sum() / counts.sum()


def _forward(model: Any, ids: Tensor, places: Tensor, shapes: list[Shape], labelled: Tensor) -> Tensor:
    """Compute the last hidden states, [labelled tokens, width], of concatenated packs.

    The last layer computes no others: nothing reads them.
    """
    import torch

    hidden = model.model.embed_tokens(ids)
    turns = [part[0, :, None] for part in model.model.rotary_emb(hidden[None], places[None])]
    masks = [[_mask(prefix, length) for length in lengths] for prefix, lengths in shapes]
    *layers, last = model.model.layers
    for one in layers:
        hidden = layer(one, hidden, slice(None), turns, partial(_attend, shapes=shapes, masks=masks))
    selected = iter(
        torch.split(labelled, [size for prefix, lengths in shapes for size in (prefix, *lengths)])
    )
    masks = [
        [mask[rows] for mask, rows in zip(seen, islice(selected, 1, len(seen) + 1), strict=True)]
        for seen in masks
    ]
    mix = partial(_attend, shapes=shapes, masks=masks)
    return model.model.norm(layer(last, hidden, labelled, turns, mix))  # type: ignore[no-any-return]


def layer(weights: Any, hidden: Tensor, rows: Any, turns: list[Tensor], mix: Mixed) -> Tensor:
    """Compute a `LlamaForCausalLM` layer's output, [tokens, width], for the selected `rows` only."""
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
    """Attend within each pack: queries, keys and values of [tokens, heads, size], to [tokens, heads * size].

    There are as many queries in each branch as its mask has rows; those of the prefixes may be missing.
    """
    import torch
    from torch.nn.functional import scaled_dot_product_attention as attend

    query, key, value = (x.float().transpose(0, 1)[None] for x in (query, key, value))
    whole = query.size(2) == key.size(2)
    query_counts = [
        n for (p, _), seen in zip(shapes, masks, strict=True) for n in (p * whole, *map(len, seen))
    ]
    sizes = [size for prefix, lengths in shapes for size in (prefix, *lengths)]
    queries = iter(torch.split(query, query_counts, 2))
    given = zip(torch.split(key, sizes, 2), torch.split(value, sizes, 2), strict=True)
    mixed = []
    with torch.autocast("cpu", enabled=False):  # its backward pass is slower in bfloat16
        for seen in masks:
            first, (keys, values) = next(queries), next(given)
            if whole:
                mixed.append(attend(first, keys, values, is_causal=True))
            for mask in seen:
                k, v = (torch.cat(both, 2) for both in zip((keys, values), next(given), strict=True))
                mixed.append(attend(next(queries), k, v, attn_mask=mask))
    return torch.cat(mixed, 2)[0].transpose(0, 1).flatten(1)
