"""State of one request in the scheduler: its drafts, its shortest completion, and its counts."""

from __future__ import annotations

from typing import Any

from structgen.engines.guidance.json_outline import JsonOutline
from structgen.engines.guidance.shortest_completion import MASKS_PER_STEP, WATCHED_TOKENS, ShortestCompletions
from structgen.engines.speculative.acceptance import DraftSource
from structgen.engines.speculative.prompt_lookup import Draft, Drafter
from structgen.engines.vllm.request_protocol import DecodingAccount, DecodingOptions


class RequestState:
    """Drafts and completes one request; `request` is vLLM's own object."""

    def __init__(
        self, request: Any, options: DecodingOptions, drafter: Drafter, completions: ShortestCompletions
    ) -> None:
        self._request, self._options, self._drafter = request, options, drafter
        self._completions = completions
        prompt = list(request.prompt_token_ids or ())
        self._draft_state = drafter.state_for(
            prompt, options.property_names, self.stops, options.json_regions()
        )
        self._draft: Draft | None = None
        self._text, self._read = JsonOutline(options.json_regions()), 0
        self._completion_length = 0
        """Tokens of the shortest completion that was found last."""
        structured = request.sampling_params.structured_outputs
        self._grammar_key = str(hash(structured.grammar)) if structured is not None else ""
        self._steps = self._forced = 0
        self._begun = False
        self._closed_at: int | None = None

    def begin(self) -> None:
        """Tell the grammar which parts of the answer are JSON, and the bounds of values."""
        grammar: Any = getattr(self._request.structured_output_request, "grammar", None)
        if not self._begun and hasattr(grammar, "begin"):
            grammar.begin(self._options.json_regions(), self._options.bounds)
            self._begun = True

    def account(self) -> DecodingAccount:
        """Return the counts so far."""
        return DecodingAccount(self._steps, self._forced, self._closed_at)

    @property
    def thinking(self) -> bool:
        """Whether the answer has not begun yet."""
        structured = self._request.structured_output_request
        return structured is not None and structured.reasoning_ended is False

    @property
    def stops(self) -> set[int]:
        """Tokens that end the turn."""
        params = self._request.sampling_params
        return {*(params.stop_token_ids or ()), params.eos_token_id} - {None}

    def draft(self, running: int) -> list[int]:
        """Draft tokens for the next pass, which `running` requests share."""
        matcher, request = self._matcher(), self._request
        room = request.max_tokens - request.num_output_tokens - 1
        if matcher is None or room <= 0:
            return []
        accepted = request.all_token_ids[len(self._draft_state.ngrams) :]
        self._draft_state.extend(accepted, min(len(accepted), len(self._answer())))
        self._draft = self._drafter.draft(matcher, self._draft_state, room, running)
        return list(self._draft.tokens)

    def finish_early(self, sampled: list[int], drafted: int) -> list[int] | None:
        """Count a pass; return the whole rest of the answer where no more pass is needed for it.

        `drafted` is the number of draft tokens that took part in the pass. The rest is known where the
        grammar forces it, and where only the shortest completion fits the budget.
        """
        if not sampled:
            return None
        self._steps += self._request.num_output_tokens > 0
        draft, self._draft = self._draft, None
        if draft is not None:
            sources, accepted = draft.sources[:drafted], len(sampled) - 1
            self._forced += sources[:accepted].count(DraftSource.FORCED)
            self._drafter.acceptance.update(sources, accepted)
        matcher = self._matcher()
        if matcher is None or matcher.is_error() or self._request.sampling_params.num_logprobs is not None:
            return None  # tokens that are put in here have no log-probabilities
        if self._options.close and (completed := self._completed(matcher, sampled)) is not None:
            return completed
        return self._forced_end(matcher, sampled)

    def _matcher(self) -> Any:
        """Return the grammar's state after all accepted tokens; None during a thought, or without grammar."""
        if self.thinking:
            return None
        grammar: Any = getattr(self._request.structured_output_request, "grammar", None)
        return getattr(grammar, "ll_matcher", None)

    def _forced_end(self, matcher: Any, sampled: list[int]) -> list[int] | None:
        """Return the sampled tokens and the rest of the answer, where the grammar forces all of it."""
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
        self._forced += len(forced)
        return [*sampled, *forced, *self._end_of_turn()]

    def _completed(self, matcher: Any, sampled: list[int]) -> list[int] | None:
        """Return the sampled tokens up to the last completion that fits, and that completion."""
        completions, key = self._completions, self._grammar_key
        left = self._request.max_tokens - self._request.num_output_tokens - 1  # one ends the turn
        self._read_answer()
        if left - len(sampled) > max(WATCHED_TOKENS, 2 * self._completion_length):
            return None
        ahead, text = matcher.deep_copy(), self._text.copy()
        for index, token in enumerate(sampled):
            before, text_before = ahead.deep_copy(), text.copy()
            if token in completions.tokenizer.eos_tokens or not ahead.consume_token(token):
                return None
            text.take(completions.tokenizer.decode_bytes([token]))
            left -= 1
            completion = None if left < 0 else completions.find(ahead, text, left, key, MASKS_PER_STEP)
            if completion is not None:
                self._completion_length = len(completion)
                continue
            completion = completions.find(before, text_before, left + 1, key)
            if completion is not None:
                self._closed_at = self._request.num_output_tokens + index
                self._forced += len(completion)
                return [*sampled[:index], *completion, *self._end_of_turn()]
        return None

    def _answer(self) -> list[int]:
        """Return the tokens of the answer, without the thought before it."""
        output = list(self._request.output_token_ids)
        if self._options.think_end in output:
            return output[output.index(self._options.think_end) + 1 :]
        return output

    def _read_answer(self) -> None:
        """Feed the answer's new tokens to its outline."""
        answer = self._answer()
        unread, self._read = answer[self._read :], len(answer)
        self._text.take(self._completions.tokenizer.decode_bytes(unread))

    def _end_of_turn(self) -> list[int]:
        """Return the token that ends the turn."""
        params = self._request.sampling_params
        stop = params.eos_token_id
        return [stop if stop is not None else params.stop_token_ids[0]]
