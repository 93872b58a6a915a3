"""The decode loop: one thread with continuous batching; sequences join and leave between forward passes."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial

import torch
from llguidance import LLTokenizer

from structgen.engines.base import queue_full
from structgen.engines.local.job import Job
from structgen.engines.local.kv_cache import MARGIN
from structgen.engines.local.model_runner import ModelRunner
from structgen.engines.local.sequence import RunningSequence
from structgen.engines.speculative.prompt_lookup import Drafter
from structgen.errors import EngineFailed, EngineUnavailable, InvalidSchema

PREFILL_CHUNK = 512
"""Prompt tokens in one pass: a longer prompt delays the other sequences for no longer than that."""
MAX_BATCHED = MARGIN
"""Pending and drafted tokens of one sequence in the common pass; a sequence with more is prefilled alone."""

log = logging.getLogger("structgen.engine")

_FAULT = BaseException
"""A panic in Rust code is no `Exception`; other errors of this kind never reach the thread."""


class DecodeLoop:
    """Runs jobs on a model. Public methods are for the event loop's thread; the rest runs in its own."""

    def __init__(
        self,
        runner: ModelRunner,
        tokenizer: LLTokenizer,
        drafter: Drafter,
        stops: frozenset[int],
        slots: int,
        queue: int,
    ) -> None:
        self._runner, self._tokenizer, self._drafter, self._stops = runner, tokenizer, drafter, stops
        self.slots: list[RunningSequence | None] = [None] * slots
        self.prefixes: list[list[int]] = [[] for _ in range(slots)]
        """Tokens in the KV cache of each slot: a prompt with the same prefix reuses them."""
        self._capacity = slots + queue
        self.waiting: deque[Job] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="decode", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue the job; its chunks, or its error, are delivered."""
        with self._wake:
            if self._stopping or not self.alive:
                raise EngineUnavailable("the engine is closed")
            self.check_capacity()
            self.waiting.append(job)
            self._wake.notify()

    def check_capacity(self) -> None:
        """Raise `Overloaded` where all slots are taken and the queue is full."""
        if self.running + len(self.waiting) >= self._capacity:
            raise queue_full(len(self.waiting))

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def running(self) -> int:
        """Number of sequences in slots."""
        return sum(sequence is not None for sequence in self.slots)

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
                    self._schedule()
                    self._step()
                except _FAULT as error:  # a defect of the loop: no caller may wait forever
                    for row in range(len(self.slots)):
                        self._fail(row, error)
        jobs = [sequence.job for sequence in self.slots if sequence is not None] + list(self.waiting)
        for job in jobs:
            job.deliver(EngineUnavailable("the engine was closed"))

    def _schedule(self) -> None:
        """Remove cancelled jobs, and give free slots to waiting ones."""
        for row, sequence in enumerate(self.slots):
            if sequence is not None and sequence.job.cancelled:
                self._free(row)
        with self._wake:
            self.waiting = deque(job for job in self.waiting if not job.cancelled)
        while self.waiting and self.running < len(self.slots):
            job = self.waiting.popleft()
            try:
                self._start(job)
            except _FAULT as error:
                job.deliver(_failure(error))

    def _start(self, job: Job) -> None:
        """Start the job in the free slot whose KV cache holds the longest prefix of the prompt."""
        free = [row for row, sequence in enumerate(self.slots) if sequence is None]
        shared = {row: _shared_prefix(self.prefixes[row], job.prompt) for row in free}
        row = max(free, key=lambda r: (shared[r], -r))
        cached = shared[row]
        sequence = RunningSequence(
            job, self._tokenizer, self._stops, job.prompt[:cached], job.prompt[cached:], cached
        )
        self.slots[row] = sequence
        self.prefixes[row] = sequence.computed  # the rest of the slot's cache is overwritten from here on
        self._guarded(row, sequence.begin)

    def _step(self) -> None:
        """Prefill a chunk of one long prompt, then decode all other sequences in one pass.

        In that pass each sequence verifies its draft.
        """
        for row, sequence in enumerate(self.slots):
            if sequence is not None and len(sequence.pending) > MAX_BATCHED:
                self._pass(row, row + 1, min(PREFILL_CHUNK, len(sequence.pending)), {})
                break
        ready = [r for r, s in enumerate(self.slots) if s is not None and len(s.pending) <= MAX_BATCHED]
        drafts = {row: self._draft(row, len(ready)) for row in ready}
        if ready:
            self._pass(ready[0], ready[-1] + 1, MAX_BATCHED, drafts)

    def _draft(self, row: int, running: int) -> list[int]:
        """Draft tokens for a sequence; after an error it decodes on without drafts."""
        sequence = self.slots[row]
        assert sequence is not None
        try:
            return sequence.draft_tokens(self._drafter, MAX_BATCHED - len(sequence.pending), running)
        except _FAULT:
            log.exception("no more drafts for a request")
            sequence.job.draft_state = sequence.draft = None
            return []

    def _pass(self, first: int, end: int, most: int, drafts: Mapping[int, list[int]]) -> None:
        """Run a forward pass over the slots `first` to `end`: up to `most` pending tokens each, and drafts.

        Idle slots in the range get padding tokens after their cached tokens.
        """
        fed: list[list[int]] = []
        for row in range(first, end):
            sequence = self.slots[row]
            takes_part = sequence is not None and (end - first == 1 or len(sequence.pending) <= most)
            fed.append(sequence.pending[:most] if sequence is not None and takes_part else [])
        lengths = [len(tokens) for tokens in self.prefixes[first:end]]
        try:
            drafted = [drafts.get(row, []) for row in range(first, end)]
            logits = self._runner.forward(first, lengths, fed, drafted)
        except _FAULT as error:
            for row in range(first, end):
                if fed[row - first]:
                    self._fail(row, error)
            return
        for row in range(first, end):
            if fed[row - first]:
                self._advance(row, len(fed[row - first]), logits[row - first])

    def _advance(self, row: int, fed: int, logits: torch.Tensor) -> None:
        """Move the tokens of a pass to the computed ones; sample where none is pending any more."""
        sequence = self.slots[row]
        assert sequence is not None
        sequence.computed += sequence.pending[:fed]
        del sequence.pending[:fed]
        if sequence.pending:
            return
        sequence.steps += sequence.completion > sequence.forced  # the prompt's own pass does not count
        self._guarded(row, partial(sequence.verify, self._drafter, logits))
        if sequence.finish is None and self.slots[row] is sequence:
            sequence.report()

    def _guarded(self, row: int, action: Callable[[], None]) -> None:
        """Run an action of a sequence; free the slot where it ends or fails. The others go on."""
        sequence = self.slots[row]
        assert sequence is not None
        try:
            action()
            if sequence.finish is not None:
                sequence.check()
        except _FAULT as error:
            self._fail(row, error)
            return
        if sequence.finish is not None:
            self._free(row)
            sequence.report()

    def _fail(self, row: int, error: BaseException) -> None:
        sequence = self.slots[row]
        if sequence is not None:
            self._free(row)
            sequence.job.deliver(_failure(error))

    def _free(self, row: int) -> None:
        with self._wake:
            self.slots[row] = None


def _failure(error: BaseException) -> Exception:
    if isinstance(error, EngineFailed | InvalidSchema):
        return error
    return EngineFailed(f"{type(error).__name__}: {error}")


def _shared_prefix(cached: list[int], prompt: list[int]) -> int:
    """Count the leading tokens in common, short of the whole prompt: its last token must be fed."""
    length = 0
    for a, b in zip(cached, prompt[:-1], strict=False):
        if a != b:
            break
        length += 1
    return length
