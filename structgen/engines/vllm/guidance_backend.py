"""llguidance in vLLM's engine process: compiled once for a schema, and one way to write what is forced."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import llguidance
import numpy as np
import torch
from vllm.v1.structured_output.backend_guidance import GuidanceBackend, GuidanceGrammar
from vllm.v1.structured_output.backend_types import StructuredOutputGrammar, StructuredOutputOptions

from structgen.engines.guidance.number_range import Ranges, Text
from structgen.engines.guidance.value_sizes import Limiter, Sizes
from structgen.schema.declared_sizes import Extent

_KEPT = 256
"""Compiled grammars."""


@dataclass
class Canonical(GuidanceGrammar):
    """Where the grammar forces the bytes, only their canonical token may be sampled.

    The text is the same, and what is drafted of it is always confirmed. No number leaves the range of a
    double, which a grammar does not see.
    """

    ranges: Ranges = field(default_factory=lambda: Ranges(()))
    texts: list[Text] = field(default_factory=lambda: [Text()])
    """The text after each token, so that tokens can be taken back."""
    limiter: Limiter | None = None
    sizes: list[Sizes] = field(default_factory=list)
    """Likewise, where values are kept within bounds."""

    def bound(self, bounds: Extent) -> None:
        """Keep values within the bounds; called before the first token."""
        if not self.sizes and len(self.texts) == 1:
            self.sizes.append(Sizes(bounds))

    def accept_tokens(self, request_id: str, tokens: list[int]) -> bool:
        for token in tokens:
            text = self.texts[-1].copy()
            text.take(self.ll_tokenizer.decode_bytes([token]))
            self.texts.append(text)
            if self.sizes:
                sizes = self.sizes[-1].copy()
                sizes.take(self.ll_tokenizer.decode_bytes([token]))
                self.sizes.append(sizes)
        return bool(super().accept_tokens(request_id, tokens))

    def rollback(self, num_tokens: int) -> None:
        del self.texts[len(self.texts) - num_tokens :]
        del self.sizes[max(1, len(self.sizes) - num_tokens) :]
        super().rollback(num_tokens)

    def reset(self) -> None:
        del self.texts[1:]
        del self.sizes[1:]
        super().reset()

    def fill_bitmask(self, bitmask: torch.Tensor, idx: int) -> None:
        forced = [] if self.ll_matcher.is_stopped() else self.ll_matcher.compute_ff_tokens()
        if not forced:
            super().fill_bitmask(bitmask, idx)
            for token in self.ranges.barred(self.texts[-1]):
                word, bit = divmod(token, 32)
                bitmask[idx, word] &= ~_bit(bit)
            self._narrow(bitmask[idx])
            return
        word, bit = divmod(forced[0], 32)
        bitmask[idx].zero_()
        bitmask[idx, word] = _bit(bit)

    def _narrow(self, row: torch.Tensor) -> None:
        """Take out of a mask the tokens that would take a value beyond its bound."""
        if self.limiter is None or not self.sizes or not self.limiter.is_near(self.sizes[-1]):
            return
        words = row.numpy()
        bits = np.unpackbits(words.view(np.uint8), bitorder="little").astype(bool)
        count = self.limiter.size
        bits[:count] = self.limiter.narrowed(self.sizes[-1], bits[:count])
        words[:] = np.packbits(bits, bitorder="little").view(np.int32)


def _bit(index: int) -> int:
    """That bit of a signed word of 32."""
    return 1 << index if index < 31 else -(1 << 31)


class CompiledOnce(GuidanceBackend):
    """Pristine matchers by grammar, the least recently used dropped first; each request gets a copy."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._pristine: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()
        pieces = [self.ll_tokenizer.decode_bytes([token]) for token in range(self.ll_tokenizer.vocab_size)]
        self._ranges, self._limiter = Ranges(pieces), Limiter(pieces)

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
        return Canonical(
            matcher.deep_copy(),
            self.ll_tokenizer,
            self.vocab_size,
            ranges=self._ranges,
            limiter=self._limiter,
        )
