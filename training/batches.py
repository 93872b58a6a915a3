"""The batches of a run: every one is drawn from the seed and its step alone, here or in worker processes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from structgen.errors import StructgenError
from structgen.prompts import hermes4
from training import rows
from training.architecture import END_OF_TURN, SPECIAL
from training.induction import IGNORE, repeated
from training.packed import Pack, Row, pack
from training.plan import Plan
from training.tasks import Mix, cases

if TYPE_CHECKING:
    from tokenizers import Tokenizer

log = logging.getLogger(__name__)


def encode(tokenizer: Tokenizer, messages: Any, answer: str) -> Row:
    """Ids of the prompt and its answer, and the labels: the answer and the end of the turn."""
    ids: list[int] = []
    for segment in hermes4.render(messages):
        if segment.markup:
            ids += tokenizer.encode(segment.text, add_special_tokens=False).ids
        else:
            ids += plain_ids(tokenizer, segment.text)
    end = SPECIAL.index(END_OF_TURN)
    target = [*plain_ids(tokenizer, answer), end]
    return ids + target, [IGNORE] * len(ids) + target


def plain_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Ids of a text in which no special token is recognised."""
    tokenizer.encode_special_tokens = True
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    tokenizer.encode_special_tokens = False
    return ids


def batches(plan: Plan, tokenizer: Tokenizer, start: int) -> Iterable[Any]:
    """Yield the batches from step `start` on: packs on a CPU, tensors from `rows.lay` on a GPU."""
    drawn = Batches(plan, tokenizer)
    steps = range(start, _ENDLESS if plan.seconds else plan.steps)
    if not plan.workers:
        return map(drawn.__getitem__, steps)
    from torch.utils.data import DataLoader

    return DataLoader(
        drawn,  # type: ignore[arg-type]
        None,
        sampler=steps,
        num_workers=plan.workers,
        collate_fn=drawn.as_drawn,
        prefetch_factor=6,
    )


_ENDLESS = 10**9


@dataclass(frozen=True, slots=True)
class Batches:
    """The batch of each step, drawn from the seed and the step alone."""

    plan: Plan
    tokenizer: Tokenizer

    def __getitem__(self, step: int) -> Any:
        packs = self._packs(step)
        return packs if self.plan.device == "cpu" else rows.lay(packs, rows.count(self.plan.batch_tokens))

    def _packs(self, step: int) -> list[Pack]:
        plan, rng = self.plan, Random(f"{self.plan.seed}:{step}")
        if step >= plan.copying:
            return _batch(plan, self.tokenizer, rng, plan.mix(step))
        size, vocabulary = rng.choice([64, 96, 128, 256]), self.tokenizer.get_vocab_size()
        return [Pack([], [repeated(rng, vocabulary, size)]) for _ in range(plan.batch_tokens // size)]

    @staticmethod
    def as_drawn(batch: Any) -> Any:
        """Return a worker's batch unchanged, as the data loader's collate function."""
        return batch


def _batch(plan: Plan, tokenizer: Tokenizer, rng: Random, mix: Mix) -> list[Pack]:
    packs: list[Pack] = []
    tokens = 0
    while tokens < plan.batch_tokens:
        made = _packed(plan, tokenizer, rng, mix)
        packs += made
        tokens += sum(one.tokens for one in made)
    return packs


def _packed(plan: Plan, tokenizer: Tokenizer, rng: Random, mix: Mix) -> list[Pack]:
    """Examples of one schema, in as many packs as rows have room for; none where one could not be written."""
    try:
        drawn = [encode(tokenizer, c.messages, c.answer) for c in cases(rng, mix, plan.branches)]
    except (ValueError, LookupError, TypeError, AttributeError, StructgenError) as error:
        log.warning("a document could not be written: %r", error)
        return []
    kept = [row for row in drawn if len(row[0]) <= plan.longest]
    packs, size = [], 0
    group: list[Row] = []
    for row in kept:
        if group and size + len(row[0]) > _ROOM:
            packs.append(pack(group))
            group, size = [], 0
        group.append(row)
        size += len(row[0])
    return [*packs, pack(group)] if group else packs


_ROOM = 7_800
"""Tokens of a pack at most: a row of a GPU's batch has some more."""
