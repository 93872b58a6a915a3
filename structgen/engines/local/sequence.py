"""One running generation: its grammar, its sampler, and the tokens that wait for a forward pass."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer

from structgen.engines.guidance.grammar_cache import failure
from structgen.engines.guidance.json_outline import Outline
from structgen.engines.guidance.number_range import Text
from structgen.engines.guidance.shortest_completion import Ways
from structgen.engines.guidance.value_sizes import Limiter, Sizes
from structgen.engines.local.sampler import Sampler
from structgen.engines.speculative.prompt_lookup import Draft, Drafter, Source
from structgen.errors import EngineFailed
from structgen.schema.declared_sizes import Extent
from structgen.types import Chunk, FinishReason, Sampling, TokenLogprob, Usage

Deliver = Callable[[Chunk | Exception], None]

_WATCHED = 256
"""Tokens left from which on the way to the end is looked for at every step."""
MASKS = 64
"""Masks that a search within a step may take: the other requests wait for it. Where it needs more, the answer
is closed before the token that was sampled."""


@dataclass(slots=True, eq=False)
class Job:
    """A request as the loop sees it. `deliver` may be called from any thread."""

    prompt: list[int]
    sampling: Sampling
    matcher: LLMatcher | None
    logprobs: bool
    deliver: Deliver
    ways: Ways | None = None
    """Given where the answer is to be closed within its budget."""
    key: str = ""
    """Names the grammar where ways to its end are remembered."""
    source: Source | None = None
    """What drafts are made from, where the answer may be drafted."""
    limiter: Limiter | None = None
    bounds: Extent | None = None
    """Given where values are to be kept within them."""
    cancelled: bool = False


@dataclass(slots=True, eq=False)
class Slot:
    """A job at work. `done` tokens are in memory already, `pending` ones come with the next pass."""

    job: Job
    tokenizer: LLTokenizer
    stops: frozenset[int]
    done: list[int]
    pending: list[int]
    cached: int = 0
    completion: int = 0
    forced: int = 0
    steps: int = 0
    finish: FinishReason | None = None
    logprobs: list[TokenLogprob] = field(default_factory=list)
    sampler: Sampler = field(init=False)
    decoder: codecs.IncrementalDecoder = field(init=False)
    fresh: list[int] = field(default_factory=list)
    text: Text = field(default_factory=Text)
    sizes: Sizes | None = None
    way: int = 0
    """Tokens of the way to the end that was found last."""
    draft: Draft | None = None
    """What was guessed to follow the pending tokens, in the pass that runs."""
    characters: int = 0
    written: int | None = None
    needed: int | None = None

    def __post_init__(self) -> None:
        self.sampler = Sampler(self.job.sampling)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        if self.job.ways is not None:
            self.text = Outline()
        if self.job.bounds is not None and self.job.matcher is not None:
            self.sizes = Sizes(self.job.bounds)

    def begin(self) -> None:
        """Append what the grammar forces before the first token."""
        if self.job.ways is not None and self.job.matcher is not None and isinstance(self.text, Outline):
            most = self.job.sampling.max_tokens
            way = self.job.ways.shortest(self.job.matcher, self.text, 100 * most, self.job.key)
            self.way = len(way or ())
            if self.way > most:
                self.needed, self.finish = self.way, "length"
                return
        self._force()
        if self.fresh and self.finish is None:
            self.report()

    def guess(self, drafter: Drafter, most: int, running: int) -> list[int]:
        """Up to `most` tokens that likely follow the pending ones, for a pass that so many slots share."""
        matcher, source = self.job.matcher, self.job.source
        room = min(most, self.job.sampling.max_tokens - self.completion - 1)
        if matcher is None or source is None or room <= 0:
            return []
        known = len(source.lookup)
        fresh = self.done[known:] + self.pending[max(0, known - len(self.done)) :]
        source.go_on(fresh, min(len(fresh), self.completion))
        self.draft = drafter.draft(matcher, source, room, running)
        return self.draft.tokens

    def take(self, drafter: Drafter, logits: torch.Tensor) -> None:
        """Go on by a pass: `logits` (token, vocabulary) follow what was certain, and each token of the draft.

        A token is drawn as it would be without a draft; where it is the one drafted, it is fed already.
        """
        draft, self.draft = self.draft, None
        guessed, met = draft.tokens if draft else [], 0
        while self.finish is None and met == len(self.pending):
            self.advance(logits[met])
            while met < min(len(self.pending), len(guessed)) and self.pending[met] == guessed[met]:
                met += 1
        refuted = self.finish is None or met < len(self.pending)
        self.done += self.pending[:met]
        del self.pending[:met]
        if draft:
            drafter.odds.learn(draft.kinds if refuted else draft.kinds[:met], met)

    def advance(self, logits: torch.Tensor) -> None:
        """Take the token that follows what was fed, and all that the grammar forces after it."""
        masked, matcher = self._masked(logits), self.job.matcher
        token, logprob = self.sampler.draw(masked)
        while matcher is not None and not self.text.fits(self.tokenizer.decode_bytes([token])):
            masked[token] = -torch.inf
            token, logprob = self.sampler.draw(masked)
        if token in self.stops:
            self.finish = "stop"
            return
        if matcher is not None and (way := self._last_way(matcher, token)) is not None:
            self._close(way)
            return
        self._append(token, logprob)
        if matcher is not None:
            if not matcher.consume_token(token):
                raise EngineFailed(f"the grammar refused a token it had allowed: {matcher.get_error()}")
            self._force()

    def _masked(self, logits: torch.Tensor) -> torch.Tensor:
        matcher = self.job.matcher
        if matcher is None:
            return logits
        mask = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
        if matcher.is_error():
            raise failure(matcher)
        tokens = np.unpackbits(mask, bitorder="little")[: logits.numel()]
        limiter, sizes = self.job.limiter, self.sizes
        if limiter is not None and sizes is not None and limiter.is_near(sizes):
            tokens = limiter.narrowed(sizes, tokens.astype(bool))
        allowed = torch.from_numpy(tokens)
        return logits.masked_fill(allowed == 0, -torch.inf)

    def _force(self) -> None:
        """Append what the grammar leaves no choice about; end where it allows nothing more."""
        matcher = self.job.matcher
        if matcher is None:
            self._check_budget()
            return
        for token in matcher.compute_ff_tokens():
            if self.finish is None and token not in self.stops:
                matcher.consume_token(token)
                self._append(token, 0.0)
                self.forced += 1
        if matcher.is_error():
            raise failure(matcher)
        if matcher.is_stopped():
            self.finish = "stop"
        self._check_budget()

    def _last_way(self, matcher: LLMatcher, token: int) -> list[int] | None:
        """The way to the end from here, where after that token none would be found that fits the budget."""
        left = self.job.sampling.max_tokens - self.completion
        ways, text = self.job.ways, self.text
        if ways is None or not isinstance(text, Outline) or left > max(_WATCHED, 2 * self.way):
            return None
        after, text_after = matcher.deep_copy(), text.copy()
        after.consume_token(token)
        text_after.take(self.tokenizer.decode_bytes([token]))
        way = ways.shortest(after, text_after, left - 1, self.job.key, MASKS)
        if way is not None:
            self.way = len(way)
            return None
        return ways.shortest(matcher, text, left, self.job.key)

    def _close(self, way: list[int]) -> None:
        """Append the way to the end at once: no step of the model's is needed for it."""
        self.report()
        self.written = self.characters
        for token in way:
            self._append(token, 0.0)
            self.forced += 1
        self.finish = "stop"

    def _append(self, token: int, logprob: float) -> None:
        self.pending.append(token)
        self.fresh.append(token)
        piece = self.tokenizer.decode_bytes([token])
        self.text.take(piece)
        if self.sizes is not None:
            self.sizes.take(piece)
        self.completion += 1
        if self.job.logprobs:
            self.logprobs.append(TokenLogprob(self.tokenizer.decode_str([token]), logprob))
        self._check_budget()

    def _check_budget(self) -> None:
        if self.finish is None and self.completion >= self.job.sampling.max_tokens:
            self.finish = "length"

    def report(self) -> None:
        """Deliver the new text, and at the end the finish and the usage."""
        data = self.tokenizer.decode_bytes(self.fresh) if self.fresh else b""
        text = self.decoder.decode(data, final=self.finish is not None)
        self.fresh.clear()
        self.characters += len(text)
        chunk = Chunk(text, logprobs=tuple(self.logprobs), usage=self._usage())
        self.logprobs.clear()
        if self.finish is not None:
            chunk = replace(chunk, finish=self.finish, needed=self.needed, written=self.written)
        if chunk.text or chunk.finish or chunk.logprobs:
            self.job.deliver(chunk)

    def _usage(self) -> Usage:
        return Usage(len(self.job.prompt), self.completion, self.cached, self.forced, self.steps)
