"""llguidance in vLLM's engine process: compiled once for a schema, and one way to write what is forced."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import llguidance
import torch
from vllm.v1.structured_output.backend_guidance import GuidanceBackend, GuidanceGrammar
from vllm.v1.structured_output.backend_types import StructuredOutputGrammar, StructuredOutputOptions

_KEPT = 256
"""Compiled grammars."""


class Canonical(GuidanceGrammar):
    """Where the grammar forces the bytes, only their canonical token may be sampled.

    The text is the same, and what is drafted of it is always confirmed.
    """

    def fill_bitmask(self, bitmask: torch.Tensor, idx: int) -> None:
        forced = [] if self.ll_matcher.is_stopped() else self.ll_matcher.compute_ff_tokens()
        if not forced:
            super().fill_bitmask(bitmask, idx)
            return
        word, bit = divmod(forced[0], 32)
        bitmask[idx].zero_()
        bitmask[idx, word] = 1 << bit if bit < 31 else -(1 << 31)


class CompiledOnce(GuidanceBackend):
    """Pristine matchers by grammar, the least recently used dropped first; each request gets a copy."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._pristine: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def compile_grammar(
        self,
        request_type: StructuredOutputOptions,
        grammar_spec: str,
        stop_token_ids: set[int] | None = None,
    ) -> StructuredOutputGrammar:
        if request_type is not StructuredOutputOptions.GRAMMAR:
            return super().compile_grammar(request_type, grammar_spec, stop_token_ids)
        with self._lock:
            matcher = self._pristine.get(grammar_spec)
        if matcher is None:
            matcher = llguidance.LLMatcher(self.ll_tokenizer, grammar_spec, log_level=0)
            if matcher.is_error():
                raise ValueError(matcher.get_error())
        with self._lock:
            self._pristine[grammar_spec] = matcher
            self._pristine.move_to_end(grammar_spec)
            while len(self._pristine) > _KEPT:
                self._pristine.popitem(last=False)
        return Canonical(matcher.deep_copy(), self.ll_tokenizer, self.vocab_size)
