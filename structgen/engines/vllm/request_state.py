"""One request in the scheduler: its drafts, its way to the end, and what it cost."""

from __future__ import annotations

from typing import Any

from structgen.engines.guidance.json_outline import Outline
from structgen.engines.guidance.shortest_completion import Ways
from structgen.engines.speculative.acceptance import FORCED
from structgen.engines.speculative.prompt_lookup import Draft, Drafter
from structgen.engines.vllm.request_protocol import DecodingAccount, DecodingOptions

_WATCHED = 256
"""Tokens left from which on the way to the end is looked for at every step."""
MASKS = 64
"""Masks that a search within a step may take: all other requests wait for it."""


class Ledger:
    """`request` is vLLM's; `asked` says whether to draft and to close, and which token ends a thought."""

    def __init__(self, request: Any, options: DecodingOptions, drafter: Drafter, ways: Ways) -> None:
        self._request, self._options, self._drafter, self._ways = request, options, drafter, ways
        prompt = list(request.prompt_token_ids or ())
        self._source = drafter.source_of(prompt, options.property_names, self.stops)
        self._draft: Draft | None = None
        self._text, self._read = Outline(), 0
        self._way = 0
        """Tokens of the way to the end that was found last."""
        structured = request.sampling_params.structured_outputs
        self._key = str(hash(structured.grammar)) if structured is not None else ""
        self.steps = self.forced = 0
        self.closed_at: int | None = None

    def account(self) -> DecodingAccount:
        """Return the counts so far."""
        return DecodingAccount(self.steps, self.forced, self.closed_at)

    @property
    def thinking(self) -> bool:
        """Whether the answer has not begun yet."""
        asked = self._request.structured_output_request
        return asked is not None and asked.reasoning_ended is False

    @property
    def stops(self) -> set[int]:
        """Tokens that end the turn."""
        params = self._request.sampling_params
        return {*(params.stop_token_ids or ()), params.eos_token_id} - {None}

    def draft(self, running: int) -> list[int]:
        """Tokens for the next pass, which so many requests share, to confirm."""
        matcher, request = self._matcher(), self._request
        room = request.max_tokens - request.num_output_tokens - 1
        if matcher is None or room <= 0:
            return []
        fresh = request.all_token_ids[len(self._source.lookup) :]
        self._source.go_on(fresh, min(len(fresh), len(self._answer())))
        self._draft = self._drafter.draft(matcher, self._source, room, running)
        return list(self._draft.tokens)

    def take(self, sampled: list[int], drafted: int) -> list[int] | None:
        """Count a pass; the whole rest of the answer where there is no choice left, or no room for one.

        `drafted` is how many tokens of the draft took part in the pass.
        """
        if not sampled:
            return None
        self.steps += self._request.num_output_tokens > 0
        draft, self._draft = self._draft, None
        if draft is not None:
            kinds, confirmed = draft.kinds[:drafted], len(sampled) - 1
            self.forced += kinds[:confirmed].count(FORCED)
            self._drafter.odds.learn(kinds, confirmed)
        matcher = self._matcher()
        if matcher is None or matcher.is_error() or self._request.sampling_params.num_logprobs is not None:
            return None  # what is put in here has no log-probabilities
        if self._options.close and (way := self._closing(matcher, sampled)) is not None:
            return way
        return self._forced_end(matcher, sampled)

    def _matcher(self) -> Any:
        """The grammar's state after all that is certain; None while the model thinks, or without one."""
        if self.thinking:
            return None
        grammar: Any = getattr(self._request.structured_output_request, "grammar", None)
        if self._options.bounds is not None and hasattr(grammar, "bound"):
            grammar.bound(self._options.bounds)
        return getattr(grammar, "ll_matcher", None)

    def _forced_end(self, matcher: Any, sampled: list[int]) -> list[int] | None:
        """The sampled tokens and the rest, where the grammar leaves only one."""
        left = self._request.max_tokens - self._request.num_output_tokens - len(sampled)
        ahead = matcher.deep_copy()
        if left <= 0 or not ahead.consume_tokens(sampled):
            return None
        forced = [] if ahead.is_stopped() else ahead.compute_ff_tokens()
        if forced:
            ahead.consume_tokens(forced)
        if not ahead.is_stopped() or ahead.is_error() or len(forced) >= left:
            return None
        if sampled[-1] in self.stops:
            return None
        self.forced += len(forced)
        return [*sampled, *forced, *self._end()]

    def _closing(self, matcher: Any, sampled: list[int]) -> list[int] | None:
        """What was sampled up to the point where only the shortest way still fits, and that way."""
        ways = self._ways
        left = self._request.max_tokens - self._request.num_output_tokens - 1  # one for the end of the turn
        self._follow()
        if left - len(sampled) > max(_WATCHED, 2 * self._way):
            return None
        ahead, text = matcher.deep_copy(), self._text.copy()
        for place, token in enumerate(sampled):
            before, text_before = ahead.deep_copy(), text.copy()
            if token in self._ways.tokenizer.eos_tokens or not ahead.consume_token(token):
                return None
            text.take(self._ways.tokenizer.decode_bytes([token]))
            left -= 1
            way = None if left < 0 else ways.shortest(ahead, text, left, self._key, MASKS)
            if way is not None:
                self._way = len(way)
                continue
            way = ways.shortest(before, text_before, left + 1, self._key)
            if way is not None:
                self.closed_at = self._request.num_output_tokens + place
                self.forced += len(way)
                return [*sampled[:place], *way, *self._end()]
        return None

    def _answer(self) -> list[int]:
        """Tokens of the answer, thoughts left out."""
        written = list(self._request.output_token_ids)
        if self._options.think_end in written:
            return written[written.index(self._options.think_end) + 1 :]
        return written

    def _follow(self) -> None:
        """Read on in the answer: whether it is inside a string now."""
        answer = self._answer()
        fresh, self._read = answer[self._read :], len(answer)
        self._text.take(self._ways.tokenizer.decode_bytes(fresh))

    def _end(self) -> list[int]:
        """The token that ends the turn."""
        params = self._request.sampling_params
        stop = params.eos_token_id
        return [stop if stop is not None else params.stop_token_ids[0]]
