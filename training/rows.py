"""The loss of many packs at once, for a GPU: concatenated in rows of equal size; each token attends to its own pack.

The same sum as in `packed.py`, which computes pack after pack; here every step has the same shapes, and
attention skips the blocks in which no token sees another (`flex_attention`, compiled on a GPU).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from training import packed
from training.induction import IGNORE
from training.packed import Pack

if TYPE_CHECKING:
    from torch import Tensor

SIZE = 8192
_FULL = 0.93
"""Expected fill of a batch's rows."""
_NO_PACK = -1


def count(batch_tokens: int) -> int:
    """Return the number of rows for a batch of the given size."""
    return max(1, round(batch_tokens / _FULL / SIZE))


def lay(packs: list[Pack], rows: int, size: int = SIZE) -> Tensor:
    """Concatenate packs into an int16 tensor, [5, rows, size]: ids, next-token labels, positions, packs, branches (0: prefix).

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
    """Count the tokens that belong to a pack."""
    return int((laid[3] != _NO_PACK).sum())


def loss(model: Any, laid: Tensor, weights: Tensor | None = None, *, precision: str = "float32") -> Tensor:
    """Compute `packed.loss` over the tensor from `lay`, which moves to the model's device."""
    import torch

    labelled = (
        (laid[1].flatten() != IGNORE).nonzero().squeeze(1)
    )  # computed on the CPU, so that no synchronization with the GPU is needed
    device = model.device
    if device.type == "cuda":
        laid, labelled = laid.pin_memory(), labelled.pin_memory()
    ids, labels, places, packs, branches = laid.to(device, non_blocking=True).long()
    labelled = labelled.to(device, non_blocking=True)
    mask = _sight(packs, branches)
    with torch.autocast(device.type, getattr(torch, precision), enabled=precision != "float32"):
        hidden = model.model.embed_tokens(ids.flatten())
        turns = [part[0, :, None] for part in model.model.rotary_emb(hidden[None], places.flatten()[None])]
        step = _compiled() if ids.is_cuda else _layer
        for layer in model.model.layers:
            hidden = step(layer, hidden, turns, mask, len(ids))
        hidden = model.model.norm(hidden[labelled])
    target = labels.flatten()[labelled]
    losses = torch.nn.functional.cross_entropy(model.lm_head(hidden), target, reduction="none")
    if weights is None:
        return losses.mean()
    counts = torch.maximum(weights[0, ids.flatten()[labelled]], weights[1, target])
    mean: Tensor = (losses * counts).sum() / counts.sum()
    return mean


def _sight(packs: Tensor, branches: Tensor) -> Any:
    """Which blocks of a row, [rows, size], see which: a prefix sees itself, a branch the prefix and itself.

    Packs and their branches stand in ascending order, so that the least and the greatest of a block tell.
    """
    from torch.nn.attention.flex_attention import BlockMask

    def seen(row: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        same = packs[row, query] == packs[row, key]
        shared = (branches[row, key] == 0) | (branches[row, key] == branches[row, query])
        return same & shared & (query >= key)

    some, all_of_it = _blocks(packs, branches)
    partial = some & ~all_of_it
    lists = (_listed(partial), _listed(all_of_it))
    return BlockMask.from_kv_blocks(*lists[0], *lists[1], BLOCK_SIZE=_BLOCK, mask_mod=seen)


_BLOCK = 128


def _blocks(packs: Tensor, branches: Tensor) -> tuple[Tensor, Tensor]:
    """Return, per row, query block and key block, whether any query sees a key, and whether all queries see all keys."""
    import torch

    numbers = torch.where(packs < 0, packs.max() + 1, packs).view(len(packs), -1, _BLOCK)
    first, last = numbers.amin(2), numbers.amax(2)
    parts = branches.reshape(len(packs), -1, _BLOCK)
    low, high = parts.amin(2), parts.amax(2)
    index = torch.arange(first.size(1), device=packs.device)
    before = index[:, None] >= index[None, :]
    meet = (last[:, None, :] >= first[:, :, None]) & before
    one = first == last
    within = one[:, :, None] & one[:, None, :] & (first[:, :, None] == first[:, None, :])
    fits = (low[:, None, :] == 0) | (high[:, None, :] >= low[:, :, None])
    some = meet & (~within | fits)
    prefix = high[:, None, :] == 0
    alike = (low == high)[:, :, None] & (low == high)[:, None, :] & (low[:, :, None] == low[:, None, :])
    return some, within & (prefix | alike) & (index[:, None] > index[None, :])


def _listed(dense: Tensor) -> tuple[Tensor, Tensor]:
    """Convert a dense block mask to the counts and indices that `BlockMask` takes."""
    import torch

    counts = dense.sum(2, dtype=torch.int32)[:, None]
    indices = dense.to(torch.int8).argsort(dim=2, descending=True, stable=True).to(torch.int32)[:, None]
    return counts, indices.contiguous()


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
