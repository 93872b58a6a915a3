"""One running sequence of the decode loop: its grammar, sampler, drafts, and tokens yet to be fed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer

from structgen.engines.guidance.grammar_cache import failure
from structgen.engines.guidance.json_outline import JsonOutline
from structgen.engines.guidance.number_range import JsonScanner
from structgen.engines.guidance.replay import replay
from structgen.engines.guidance.shortest_completion import MASKS_PER_STEP, WATCHED_TOKENS
from structgen.engines.guidance.value_sizes import ValueSizes
from structgen.engines.local.job import Job
from structgen.engines.local.sampler import Sampler
from structgen.engines.local.thought import Thought
from structgen.engines.local.token_choice import FORCED, TokenChoice
from structgen.engines.speculative.prompt_lookup import Draft, Drafter
from structgen.errors import EngineFailed
from structgen.types import Chunk, FinishReason, TokenLogprob, Usage


@dataclass(slots=True, eq=False)
class RunningSequence:
    """A job in a slot. The KV cache holds the tokens `computed`; `pending` ones come with the next pass."""

    job: Job
    tokenizer: LLTokenizer
    stops: frozenset[int]
    computed: list[int]
    pending: list[int]
    cached: int
    """Tokens of the prompt that the KV cache held already."""
    completion: int = 0
    """Tokens of the thought and the answer."""
    forced: int = 0
    steps: int = 0
    finish: FinishReason | None = None
    logprobs: list[TokenLogprob] = field(default_factory=list)
    sampler: Sampler = field(init=False)
    decoder: codecs.IncrementalDecoder = field(init=False)
    answer: list[int] = field(default_factory=list)
    """Tokens of the answer, without the end of the turn."""
    delivered: int = 0
    """Tokens of the answer whose text was delivered."""
    max_tokens: int = 0
    """Most tokens of the answer."""
    matcher: LLMatcher | None = None
    thought: Thought | None = None
    text: JsonScanner = field(init=False)
    sizes: ValueSizes | None = None
    completion_length: int = 0
    """Tokens of the shortest completion that was found last."""
    draft: Draft | None = None
    """Tokens after the pending ones, in the pass that runs or is verified."""
    characters: int = 0
    written_before_completion: int | None = None
    shortest_completion_tokens: int | None = None

    def __post_init__(self) -> None:
        """Create the sampler, the decoder and the scanners that the job needs."""
        job = self.job
        self.sampler = Sampler(job.sampling)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.max_tokens = min(job.sampling.answer_tokens, job.room)
        self.matcher = job.matcher.deep_copy() if job.matcher is not None else None
        scanner = JsonScanner if job.completions is None else JsonOutline
        self.text = scanner(job.regions.copy() if job.regions else None)
        if job.bounds is not None and job.matcher is not None:
            self.sizes = ValueSizes(job.bounds, job.regions.copy() if job.regions else None)

    @property
    def thinking(self) -> bool:
        """Whether the answer has not begun yet."""
        return self.thought is not None and not self.thought.ended

    def begin(self) -> None:
        """Append the tokens that come first; end at once where the budget is too small for any answer.

        They open the thought, or the grammar forces them.
        """
        completions, matcher, text = self.job.completions, self.matcher, self.text
        if completions is not None and matcher is not None and isinstance(text, JsonOutline):
            completion = completions.find(matcher, text, 100 * self.max_tokens, self.job.grammar_key)
            self.completion_length = len(completion or ())
            if self.completion_length > self.max_tokens:
                self.shortest_completion_tokens, self.finish = self.completion_length, "length"
                return
        if self.job.thinking is not None:
            self.thought = Thought(self.job.thinking)
            self._append_tag(self.job.thinking.opening)
            return
        self._append_forced()
        if self.answer and self.finish is None:
            self.report()

    def draft_tokens(self, drafter: Drafter, most: int, running: int) -> list[int]:
        """Draft up to `most` tokens after the pending ones, for a pass that `running` sequences share."""
        matcher, state = self.matcher, self.job.draft_state
        room = min(most, self.max_tokens - len(self.answer) - 1)
        if matcher is None or state is None or room <= 0 or self.thinking:
            return []
        known = len(state.ngrams)
        accepted = self.computed[known:] + self.pending[max(0, known - len(self.computed)) :]
        state.extend(accepted, min(len(accepted), len(self.answer)))
        self.draft = drafter.draft(matcher, state, room, running)
        return self.draft.tokens

    def verify(self, drafter: Drafter, logits: torch.Tensor) -> None:
        """Sample after a pass: `logits` (token, vocabulary) follow the last fed token and each drafted one.

        A token is sampled as it would be without a draft; where it equals the drafted one, it is fed already.
        """
        draft = self.draft
        drafted, accepted = draft.tokens if draft else [], 0
        while self.finish is None and accepted == len(self.pending):
            self._sample(logits[accepted])
            while (
                accepted < min(len(self.pending), len(drafted))
                and self.pending[accepted] == drafted[accepted]
            ):
                accepted += 1
        rejected = self.finish is None or accepted < len(self.pending)
        self.computed += self.pending[:accepted]
        del self.pending[:accepted]
        self.draft = None
        if draft:
            drafter.acceptance.update(draft.sources if rejected else draft.sources[:accepted], accepted)

    def _sample(self, logits: torch.Tensor) -> None:
        """Append the token that follows, and the tokens that the grammar forces after it."""
        if self.thought is not None and not self.thought.ended:
            self._think(self.thought, logits)
            return
        masked, matcher = self._masked(logits), self.matcher
        token, logprob = self.sampler.draw(masked)
        while matcher is not None and not self.text.fits(self.tokenizer.decode_bytes([token])):
            masked[token] = -torch.inf
            token, logprob = self.sampler.draw(masked)
        if token in self.stops:
            self.finish = "stop"
            return
        if matcher is not None and (completion := self._last_completion(matcher, token)) is not None:
            self._complete(completion)
            return
        signals = self.job.token_signals
        self._append(token, logprob, TokenChoice.of(logits, masked, token, logprob) if signals else FORCED)
        if matcher is not None:
            if not matcher.consume_token(token):
                raise EngineFailed(f"the grammar refused a token it had allowed: {matcher.get_error()}")
            self._append_forced()

    def _think(self, thought: Thought, logits: torch.Tensor) -> None:
        """Append a token to the thought; close it where its budget is spent, and begin the answer."""
        allowed = thought.allowed(logits)
        token, _ = self.sampler.draw(allowed)
        while not thought.fits(self.tokenizer.decode_bytes([token])):
            allowed[token] = -torch.inf
            token, _ = self.sampler.draw(allowed)
        thought.take(self.tokenizer.decode_bytes([token]))
        self.pending.append(token)
        self.completion += 1
        if not thought.ended and thought.exhausted and self.job.thinking is not None:
            closing = self.job.thinking.tags.closing
            thought.take(self.tokenizer.decode_bytes(closing))
            self._append_tag(closing)
        if thought.ended:
            self.max_tokens = min(self.max_tokens, self.job.room - self.completion)
            self._append_forced()

    def _append_tag(self, tokens: list[int]) -> None:
        self.pending += tokens
        self.completion += len(tokens)
        self.forced += len(tokens)

    def _masked(self, logits: torch.Tensor) -> torch.Tensor:
        """Return the logits, -inf for tokens that the grammar or a bound forbids."""
        matcher = self.matcher
        if matcher is None:
            return logits
        mask = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
        if matcher.is_error():
            raise failure(matcher)
        tokens = np.unpackbits(mask, bitorder="little")[: logits.numel()]
        if self.sizes is not None and self.job.size_mask.is_near(self.sizes):
            tokens = self.job.size_mask.apply(self.sizes, tokens.astype(bool))
        allowed = torch.from_numpy(tokens)
        return logits.masked_fill(allowed == 0, -torch.inf)

    def _append_forced(self) -> None:
        """Append the tokens that the grammar forces; finish where it allows no more."""
        matcher = self.matcher
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
        if self.finish == "length" and self._may_end(matcher):
            self.finish = None
            self._complete([])

    def _may_end(self, matcher: LLMatcher) -> bool:
        """Return whether the answer, which must not be cut, may end here."""
        return self.job.completions is not None and not self.job.free_text and bool(matcher.is_accepting())

    def _last_completion(self, matcher: LLMatcher, token: int) -> list[int] | None:
        """Return the completion from here where none would fit the budget after the token, else None."""
        left = self.max_tokens - len(self.answer)
        completions, text, key = self.job.completions, self.text, self.job.grammar_key
        if completions is None or not isinstance(text, JsonOutline):
            return None
        if left > max(WATCHED_TOKENS, 2 * self.completion_length):
            return None
        after, text_after = matcher.deep_copy(), text.copy()
        after.consume_token(token)
        text_after.take(self.tokenizer.decode_bytes([token]))
        completion = completions.find(after, text_after, left - 1, key, MASKS_PER_STEP)
        if completion is not None:
            self.completion_length = len(completion)
            return None
        return completions.find(matcher, text, left, key)

    def _complete(self, completion: list[int]) -> None:
        """Append the completion at once: it needs no pass of the model."""
        self.report()
        self.written_before_completion = self.characters
        for token in completion:
            self._append(token, 0.0)
            self.forced += 1
        self.finish = "stop"

    def _append(self, token: int, logprob: float, choice: TokenChoice = FORCED) -> None:
        piece = self.tokenizer.decode_bytes([token])
        if self.job.logprobs:
            self.logprobs.append(self._token_logprob(token, logprob, choice, len(piece)))
        self.pending.append(token)
        self.answer.append(token)
        self.text.take(piece)
        if self.sizes is not None:
            self.sizes.take(piece)
        self.completion += 1
        self._check_budget()

    def _token_logprob(self, token: int, logprob: float, choice: TokenChoice, size: int) -> TokenLogprob:
        """Return the log-probability of a token that comes next, with its choice where that is asked for."""
        text, draft, at = self.tokenizer.decode_str([token]), self.draft, len(self.pending)
        if not self.job.token_signals:
            return TokenLogprob(text, logprob)
        follows = draft is not None and draft.tokens[: at + 1] == [*self.pending, token]
        copied = follows and draft is not None and draft.copied[at]
        return choice.described(text, logprob, size, copied=copied)

    def _check_budget(self) -> None:
        if self.finish is None and len(self.answer) >= self.max_tokens:
            self.finish = "length"

    def check(self) -> None:
        """Raise the error of an answer that its grammar does not accept, by a fresh matcher."""
        if self.finish == "stop" and self.job.matcher is not None:
            replay(self.job.matcher, self.answer)

    def report(self) -> None:
        """Deliver the new text, and at the end the finish reason and the usage."""
        new, self.delivered = self.answer[self.delivered :], len(self.answer)
        data = self.tokenizer.decode_bytes(new) if new else b""
        text = self.decoder.decode(data, final=self.finish is not None)
        reasoning = self.thought.deliver() if self.thought is not None else ""
        self.characters += len(text)
        chunk = Chunk(text, logprobs=tuple(self.logprobs), usage=self._usage(), reasoning=reasoning)
        self.logprobs.clear()
        if self.finish is not None:
            chunk = replace(
                chunk,
                finish=self.finish,
                shortest_completion_tokens=self.shortest_completion_tokens,
                written_before_completion=self.written_before_completion,
            )
        if chunk.text or chunk.finish or chunk.logprobs or chunk.reasoning:
            self.job.deliver(chunk)

    def _usage(self) -> Usage:
        return Usage(len(self.job.prompt), self.completion, self.cached, self.forced, self.steps)
