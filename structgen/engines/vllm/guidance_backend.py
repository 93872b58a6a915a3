"""llguidance in vLLM's engine process: cached grammars, canonical tokens, bounded values."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import llguidance
import numpy as np
import torch
from cachetools import LRUCache
from vllm.v1.structured_output.backend_guidance import GuidanceBackend, GuidanceGrammar
from vllm.v1.structured_output.backend_types import StructuredOutputGrammar, StructuredOutputOptions

from structgen.engines.guidance.grammar_cache import TEXT_LIMITS
from structgen.engines.guidance.number_range import JsonScanner, NumberRangeMask
from structgen.engines.guidance.value_sizes import ValueSizeMask, ValueSizes
from structgen.engines.json_regions import JsonRegions
from structgen.engines.vllm.grammar_tokenizer import grammar_tokenizer
from structgen.engines.vllm.structured_outputs import TEXT_MARK
from structgen.schema.declared_sizes import DeclaredSizes

_CACHED = 256
"""Compiled grammars in the cache."""


@dataclass
class CanonicalGrammar(GuidanceGrammar):
    """Allows only the canonical token where the grammar forces the bytes.

    The text is the same, and drafts of forced bytes are always accepted. The mask also keeps numbers within
    the range of a double, which a grammar does not count, and values within their bounds.
    """

    terminated: bool = False
    rollback_lag: int = 0
    range_mask: NumberRangeMask = field(default_factory=lambda: NumberRangeMask(()))
    texts: list[JsonScanner] = field(default_factory=lambda: [JsonScanner()])
    """A scanner after each token, for rollbacks."""
    size_mask: ValueSizeMask | None = None
    sizes: list[ValueSizes] = field(default_factory=list)
    """The sizes after each token, where values are bounded."""

    def begin(self, regions: JsonRegions | None, bounds: DeclaredSizes | None) -> None:
        """Scan only the regions of JSON, and bound the sizes of values; called before the first token."""
        if len(self.texts) > 1:
            return
        self.texts = [JsonScanner(None if regions is None else regions.copy())]
        if bounds is not None:
            self.sizes = [ValueSizes(bounds, None if regions is None else regions.copy())]

    def accept_tokens(self, request_id: str, tokens: list[int]) -> bool:
        if not self.terminated and not _stops(self.ll_tokenizer).isdisjoint(tokens):
            self.rollback_lag = int(self.ll_matcher.is_stopped())  # the token is then not consumed
            self.terminated = True
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
            for token in self.range_mask.forbidden(self.texts[-1]):
                word, bit = divmod(token, 32)
                bitmask[idx, word] &= ~_bit(bit)
            self._narrow(bitmask[idx])
            return
        word, bit = divmod(forced[0], 32)
        bitmask[idx].zero_()
        bitmask[idx, word] = _bit(bit)

    def _narrow(self, row: torch.Tensor) -> None:
        """Remove the tokens that would take a value beyond its bound from a row of the mask."""
        if self.size_mask is None or not self.sizes or not self.size_mask.is_near(self.sizes[-1]):
            return
        words = row.numpy()
        bits = np.unpackbits(words.view(np.uint8), bitorder="little").astype(bool)
        count = self.size_mask.size
        bits[:count] = self.size_mask.apply(self.sizes[-1], bits[:count])
        words[:] = np.packbits(bits, bitorder="little").view(np.int32)


def _stops(tokenizer: Any) -> frozenset[int]:
    return frozenset(tokenizer.eos_tokens)


def _bit(index: int) -> int:
    """Return a signed 32-bit word with that bit set."""
    return 1 << index if index < 31 else -(1 << 31)


class CachingGuidanceBackend(GuidanceBackend):
    """Caches a pristine matcher for each grammar and gives every request a copy."""

    def _build_ll_tokenizer(self, tokenizer: Any, vocab_size: int) -> Any:
        """Build a tokenizer with all end-of-turn tokens: free text ends by whichever the model learnt."""
        if hasattr(tokenizer, "llg_tokenizer"):
            return super()._build_ll_tokenizer(tokenizer, vocab_size)
        generation = self.vllm_config.model_config.try_get_generation_config() or {}
        return grammar_tokenizer(tokenizer, vocab_size, generation.get("eos_token_id"))

    def __post_init__(self) -> None:
        super().__post_init__()
        self._pristine: LRUCache[str, Any] = LRUCache(_CACHED)
        self._lock = threading.Lock()
        pieces = [self.ll_tokenizer.decode_bytes([token]) for token in range(self.ll_tokenizer.vocab_size)]
        self._range_mask, self._size_mask = NumberRangeMask(pieces), ValueSizeMask(pieces)

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
            grammar = grammar_spec.removeprefix(TEXT_MARK)
            limits = TEXT_LIMITS if grammar_spec.startswith(TEXT_MARK) else None
            matcher = llguidance.LLMatcher(self.ll_tokenizer, grammar, log_level=0, limits=limits)
            if matcher.is_error():
                raise ValueError(matcher.get_error())
        with self._lock:
            self._pristine[grammar_spec] = matcher
        return CanonicalGrammar(
            matcher.deep_copy(),
            self.ll_tokenizer,
            self.vocab_size,
            range_mask=self._range_mask,
            size_mask=self._size_mask,
        )
