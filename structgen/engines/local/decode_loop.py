"""The decode loop: one thread, slots that jobs join and leave between forward passes."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from inspect import signature
from typing import Any

import torch
from llguidance import LLTokenizer

from structgen.engines.local.kv_cache import MARGIN, SlotMemory
from structgen.engines.local.sequence import Job, Slot
from structgen.engines.speculative.prompt_lookup import Drafter
from structgen.errors import EngineFailed, EngineUnavailable, InvalidSchema, Overloaded
from structgen.suggestions import plural

CHUNK = 512
"""Prompt tokens in one pass, so that a long prompt holds the others up for no longer."""
BATCHED = MARGIN
"""A slot with no more pending tokens than this joins the common pass; with a draft it has no more either."""

log = logging.getLogger("structgen.engine")

_FAULT = BaseException
"""A panic in Rust code is no Exception; the others of this kind never reach the thread."""


class Loop:
    """Runs jobs on a model. Methods are for the event loop's side; all else happens in the thread."""

    def __init__(
        self,
        model: Any,
        tokenizer: LLTokenizer,
        drafter: Drafter,
        stops: frozenset[int],
        slots: int,
        queue: int,
        context: int,
    ) -> None:
        self.model, self.tokenizer, self.stops, self.context = model, tokenizer, stops, context
        self.drafter = drafter
        device = str(model.device)
        self.memory = SlotMemory(model.config, slots, context, model.dtype, device)
        # `cache` in newer models of transformers, and the old name warns there
        named = "cache" in signature(model.forward).parameters
        self._memory = {"cache" if named else "past_key_values": self.memory}
        self._asked: tuple[list[int], list[int]] = ([], [])
        model.get_output_embeddings().register_forward_pre_hook(self._asked_alone)
        self.slots: list[Slot | None] = [None] * slots
        self.remembered: list[list[int]] = [[] for _ in range(slots)]
        """Tokens whose keys and values a slot still holds, for prompts that begin alike."""
        self.room = slots + queue
        self.waiting: deque[Job] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="decode", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue the job; what becomes of it is delivered."""
        with self._wake:
            if self._stopping or not self.alive:
                raise EngineUnavailable("the engine is closed")
            self.check_room()
            self.waiting.append(job)
            self._wake.notify()

    def check_room(self) -> None:
        """`Overloaded` where all slots are taken and the queue is full."""
        if self.running + len(self.waiting) >= self.room:
            raise Overloaded(
                f"{plural(len(self.waiting), 'request')} in the queue already: send fewer at once"
            )

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def running(self) -> int:
        return sum(slot is not None for slot in self.slots)

    def stop(self) -> None:
        """End the thread; jobs that run or wait get `EngineUnavailable`."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        with torch.inference_mode():
            while True:
                with self._wake:
                    while not (self._stopping or self.waiting or self.running):
                        self._wake.wait()
                    if self._stopping:
                        break
                try:
                    self._admit()
                    self._step()
                except _FAULT as error:  # a fault of ours; nobody may be left waiting for it
                    for row in range(len(self.slots)):
                        self._fail(row, error)
        jobs = [slot.job for slot in self.slots if slot is not None] + list(self.waiting)
        for job in jobs:
            job.deliver(EngineUnavailable("the engine was closed"))

    def _admit(self) -> None:
        for row, slot in enumerate(self.slots):
            if slot is not None and slot.job.cancelled:
                self._free(row)
        with self._wake:
            self.waiting = deque(job for job in self.waiting if not job.cancelled)
        while self.waiting and self.running < len(self.slots):
            job = self.waiting.popleft()
            try:
                self._join(job)
            except _FAULT as error:
                job.deliver(_failure(error))

    def _join(self, job: Job) -> None:
        """Take the free slot that remembers most of the prompt."""
        free = [row for row, slot in enumerate(self.slots) if slot is None]
        shared = {row: _common(self.remembered[row], job.prompt) for row in free}
        row = max(free, key=lambda r: (shared[r], -r))
        kept = shared[row]
        slot = Slot(job, self.tokenizer, self.stops, job.prompt[:kept], job.prompt[kept:], cached=kept)
        self.slots[row] = slot
        self.remembered[row] = slot.done  # the rest of what it held is overwritten from here on
        self._guarded(row, slot.begin)

    def _step(self) -> None:
        """A chunk of one long prompt, then one pass for all slots that wait for their next token.

        In that each confirms, or refutes, what it guesses to come after.
        """
        for row, slot in enumerate(self.slots):
            if slot is not None and len(slot.pending) > BATCHED:
                size = min(CHUNK, len(slot.pending))
                self._pass(row, row + 1, size, {})
                break
        ready = [r for r, s in enumerate(self.slots) if s is not None and len(s.pending) <= BATCHED]
        guesses = {row: self._guess(row, len(ready)) for row in ready}
        if ready:
            self._pass(ready[0], ready[-1] + 1, BATCHED, guesses)

    def _guess(self, row: int, running: int) -> list[int]:
        """What is likely next may fail to be found, and then the slot goes without from there on."""
        slot = self.slots[row]
        assert slot is not None
        try:
            return slot.guess(self.drafter, BATCHED - len(slot.pending), running)
        except _FAULT:
            log.exception("no more drafts for a request")
            slot.job.source = slot.draft = None
            return []

    def _pass(self, first: int, end: int, most: int, guesses: Mapping[int, list[int]]) -> None:
        """One forward pass over the slots `first` to `end`, each with up to `most` pending tokens, and what
        is guessed to follow them.

        Slots in between that do not take part are fed a dummy behind what they hold.
        """
        fed: list[list[int]] = []
        for row in range(first, end):
            slot = self.slots[row]
            takes_part = slot is not None and (end - first == 1 or len(slot.pending) <= most)
            fed.append(slot.pending[:most] if slot is not None and takes_part else [])
        guessed = [guesses.get(row, []) for row in range(first, end)]
        try:
            logits = self._forward(first, fed, guessed)
        except _FAULT as error:
            for row in range(first, end):
                if fed[row - first]:
                    self._fail(row, error)
            return
        for row in range(first, end):
            if fed[row - first]:
                self._fed(row, len(fed[row - first]), logits[row - first])

    def _forward(self, first: int, certain: list[list[int]], guessed: list[list[int]]) -> list[torch.Tensor]:
        """For each slot the logits (token, vocabulary) that follow its last certain token, and each of
        those guessed, on the CPU."""
        fed = [tokens + guess for tokens, guess in zip(certain, guessed, strict=True)]
        width = max(len(tokens) for tokens in fed)
        lengths = [len(self.remembered[first + i]) for i in range(len(fed))]
        starts = torch.tensor([min(length, self.context) for length in lengths])[:, None]
        positions = starts + torch.arange(width)
        last = max(length + len(tokens) for length, tokens in zip(lengths, fed, strict=True) if tokens)
        ids = torch.tensor([tokens + [0] * (width - len(tokens)) for tokens in fed])
        mask = torch.arange(last) <= positions[:, :, None]
        device = self.model.device
        positions = positions.to(device)
        self.memory.aim(slice(first, first + len(fed)), positions, last)
        asked = [range(max(0, len(tokens) - 1), len(fed[row])) for row, tokens in enumerate(certain)]
        rows = [row for row, places in enumerate(asked) for _ in places]
        self._asked = rows, [place for places in asked for place in places]
        output = self.model(
            ids.to(device),
            attention_mask=mask[:, None].to(device),
            position_ids=positions,
            use_cache=True,
            **self._memory,
        )
        logits: torch.Tensor = output.logits[0].cpu().float()
        return list(torch.split(logits, [len(places) for places in asked]))

    def _asked_alone(self, _: Any, inputs: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        """Of the hidden states (slot, token, width) the output layer gets those that are asked for, and
        with a large vocabulary it takes as long as several others."""
        return (inputs[0][self._asked][None],)

    def _fed(self, row: int, count: int, logits: torch.Tensor) -> None:
        slot = self.slots[row]
        assert slot is not None
        slot.done += slot.pending[:count]
        del slot.pending[:count]
        if slot.pending:
            return
        slot.steps += slot.completion > slot.forced  # what follows the prompt's own pass
        self._guarded(row, partial(slot.take, self.drafter, logits))
        if slot.finish is None and self.slots[row] is slot:
            slot.report()

    def _guarded(self, row: int, act: Callable[[], None]) -> None:
        """Let the slot act; where it ends or fails, free it and tell. The loop and the others go on."""
        slot = self.slots[row]
        assert slot is not None
        try:
            act()
        except _FAULT as error:
            self._fail(row, error)
            return
        if slot.finish is not None:
            self._free(row)
            slot.report()

    def _fail(self, row: int, error: BaseException) -> None:
        slot = self.slots[row]
        if slot is not None:
            self._free(row)
            slot.job.deliver(_failure(error))

    def _free(self, row: int) -> None:
        with self._wake:
            self.slots[row] = None


def _failure(error: BaseException) -> Exception:
    if isinstance(error, EngineFailed | InvalidSchema):
        return error
    return EngineFailed(f"{type(error).__name__}: {error}")


def _common(one: list[int], other: list[int]) -> int:
    """How many tokens both begin with, short of the whole prompt: its last token must be fed."""
    length = 0
    for a, b in zip(one, other[:-1], strict=False):
        if a != b:
            break
        length += 1
    return length
