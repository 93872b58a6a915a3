"""The loss of many packs at once, for a GPU: laid end to end in rows of one size, each token sees its own pack.

The same sum as in `packed.py`, which computes pack after pack; here every step has the same shapes, and
attention skips the blocks in which no token sees another (`flex_attention`, compiled on a GPU).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from structgen.embedded import packed
from structgen.embedded.induction import IGNORE
from structgen.embedded.packed import Pack

if TYPE_CHECKING:
    from torch import Tensor

SIZE = 8192
_FULL = 0.88
"""Share of a batch's rows that packs come to fill."""
_NO_PACK = -1


def count(batch_tokens: int) -> int:
    """Rows that a batch of so many tokens takes."""
    return max(1, round(batch_tokens / _FULL / SIZE))


def lay(packs: list[Pack], rows: int, size: int = SIZE) -> Tensor:
    """[5, rows, size] of int16: ids, labels of the tokens that follow, places, packs, and branches (0: the prefix).

    The largest come first, each into the first row with room for it; one that finds none is left out.
    """
    import torch

    laid = torch.tensor([0, IGNORE, 0, _NO_PACK, 0], dtype=torch.int16)[:, None, None].repeat(1, rows, size)
    ends = [0] * rows
    for number, one in enumerate(sorted(packs, key=lambda p: -p.tokens)):
        row = next((r for r, end in enumerate(ends) if end + one.tokens <= size), None)
        if row is not None:
            ids, labels, places, branches = packed.columns(one)
            columns = torch.tensor([ids, labels, places, [number] * one.tokens, branches], dtype=torch.int16)
            laid[:, row, ends[row] : ends[row] + one.tokens] = columns
            ends[row] += one.tokens
    return laid


def tokens(laid: Tensor) -> int:
    """Tokens that belong to a pack."""
    return int((laid[3] != _NO_PACK).sum())


def loss(model: Any, laid: Tensor, weights: Tensor | None = None, *, precision: str = "float32") -> Tensor:
    """As `packed.loss`, of packs as `lay` lays them, on the device that they and the model are on."""
    import torch

    ids, labels, places, packs, branches = laid.long()
    mask = _sight(packs, branches)
    with torch.autocast(ids.device.type, getattr(torch, precision), enabled=precision != "float32"):
        hidden = model.model.embed_tokens(ids.flatten())
        turns = [part[0, :, None] for part in model.model.rotary_emb(hidden[None], places.flatten()[None])]
        step = _compiled() if ids.is_cuda else _layer
        for layer in model.model.layers:
            hidden = step(layer, hidden, turns, mask, len(ids))
        hidden = model.model.norm(hidden)
    target = labels.flatten()
    losses = torch.nn.functional.cross_entropy(
        model.lm_head(hidden), target, reduction="none", ignore_index=IGNORE
    )
    counts = (target != IGNORE).float()
    if weights is not None:
        counts = counts * torch.maximum(weights[0, ids.flatten()], weights[1, target.clamp(min=0)])
    mean: Tensor = (losses * counts).sum() / counts.sum()
    return mean


def _sight(packs: Tensor, branches: Tensor) -> Any:
    """Which blocks of a row, [rows, size], see which: a prefix sees itself, a branch the prefix and itself."""
    from torch.nn.attention.flex_attention import create_block_mask

    def seen(row: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        same = packs[row, query] == packs[row, key]
        shared = (branches[row, key] == 0) | (branches[row, key] == branches[row, query])
        return same & shared & (query >= key)

    rows, size = packs.shape
    return create_block_mask(seen, rows, None, size, size, device=packs.device.type)


def _layer(layer: Any, hidden: Tensor, turns: list[Tensor], mask: Any, rows: int) -> Tensor:
    from torch.nn.attention.flex_attention import flex_attention

    def mix(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        parts = [x.to(value.dtype).view(rows, -1, *x.shape[1:]) for x in (query, key, value)]
        q, k, v = (x.transpose(1, 2) for x in parts)
        return flex_attention(q, k, v, block_mask=mask).transpose(1, 2).flatten(0, 1).flatten(1)

    return packed.layer(layer, hidden, slice(None), turns, mix)


@cache
def _compiled() -> Callable[..., Tensor]:
    import torch

    return torch.compile(_layer, fullgraph=True, dynamic=False)
