"""The batches of a run, each determined by the seed and its step, drawn here or in worker processes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from structgen.errors import StructgenError
from structgen.prompts import hermes4
from structgen.types import Conversation
from training import rows
from training.architecture import END_OF_TURN, SPECIAL
from training.config import TrainingConfig
from training.induction import IGNORE, repeated
from training.packed import Pack, Row, pack
from training.tasks import Mix, cases

if TYPE_CHECKING:
    from tokenizers import Tokenizer

log = logging.getLogger(__name__)


def encode(tokenizer: Tokenizer, messages: Any, answer: str) -> Row:
    """Encode a conversation and its answer; the labels cover the answer and the end of the turn."""
    ids: list[int] = []
    for segment in hermes4.render(Conversation(tuple(messages))):
        if segment.markup:
            ids += tokenizer.encode(segment.text, add_special_tokens=False).ids
        else:
            ids += plain_ids(tokenizer, segment.text)
    end = SPECIAL.index(END_OF_TURN)
    target = [*plain_ids(tokenizer, answer), end]
    return ids + target, [IGNORE] * len(ids) + target


def plain_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Encode a text without recognition of special tokens."""
    tokenizer.encode_special_tokens = True
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    tokenizer.encode_special_tokens = False
    return ids


def batches(config: TrainingConfig, tokenizer: Tokenizer, start: int) -> Iterable[Any]:
    """Yield the batches from step `start` on: packs on a CPU, tensors from `rows.lay` on a GPU."""
    drawn = Batches(config, tokenizer)
    steps = range(start, _ENDLESS if config.seconds else config.steps)
    if not config.workers:
        return map(drawn.__getitem__, steps)
    from torch.utils.data import DataLoader

    return DataLoader(
        drawn,  # type: ignore[arg-type]
        None,
        sampler=steps,
        num_workers=config.workers,
        collate_fn=drawn.collate,
        prefetch_factor=6,
    )


_ENDLESS = 10**9


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches by step, each determined by the seed and its step."""

    config: TrainingConfig
    tokenizer: Tokenizer

    def __getitem__(self, step: int) -> Any:
        packs = self._packs(step)
        return packs if self.config.device == "cpu" else rows.lay(packs, rows.count(self.config.batch_tokens))

    def _packs(self, step: int) -> list[Pack]:
        config, rng = self.config, Random(f"{self.config.seed}:{step}")
        if step >= config.copying:
            return _batch(config, self.tokenizer, rng, config.mix(step))
        size, vocabulary = rng.choice([64, 96, 128, 256]), self.tokenizer.get_vocab_size()
        return [Pack([], [repeated(rng, vocabulary, size)]) for _ in range(config.batch_tokens // size)]

    @staticmethod
    def collate(batch: Any) -> Any:
        """Return a worker's batch unchanged, as the data loader's collate function."""
        return batch


def _batch(config: TrainingConfig, tokenizer: Tokenizer, rng: Random, mix: Mix) -> list[Pack]:
    packs: list[Pack] = []
    tokens = 0
    while tokens < config.batch_tokens:
        new_packs = _draw_packs(config, tokenizer, rng, mix)
        packs += new_packs
        tokens += sum(one.tokens for one in new_packs)
    return packs


def _draw_packs(config: TrainingConfig, tokenizer: Tokenizer, rng: Random, mix: Mix) -> list[Pack]:
    """Draw examples of one schema and pack them; return no pack where a document cannot be written."""
    try:
        drawn = [encode(tokenizer, c.messages, c.answer) for c in cases(rng, mix, config.branches)]
    except (ValueError, LookupError, TypeError, AttributeError, StructgenError) as error:
        log.warning("a document could not be written: %r", error)
        return []
    fitting = [row for row in drawn if len(row[0]) <= config.longest]
    packs, size = [], 0
    group: list[Row] = []
    for row in fitting:
        if group and size + len(row[0]) > _ROOM:
            packs.append(pack(group))
            group, size = [], 0
        group.append(row)
        size += len(row[0])
    return [*packs, pack(group)] if group else packs


_ROOM = 7_800
"""Most tokens of a pack, somewhat fewer than a row of a GPU's batch has."""
