"""Outlines generators for the grammars of text formats and calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from structgen.engines.base import CallConstraint, TextConstraint
from structgen.types import FinishReason


@dataclass(frozen=True, slots=True)
class GrammarGenerator:
    """An Outlines generator, and the grammar over bytes that tells whole texts from cut ones."""

    generator: Any
    matcher: Any
    free_text: bool

    def __call__(self, prompt: Any, **arguments: Any) -> Any:
        """Return the text that the model writes under the grammar."""
        return self.generator(prompt, **arguments)

    def finish(self, text: str, *, full: bool) -> FinishReason:
        """Infer why the text ended; `full` tells that it has as many tokens as its budget."""
        matcher, data = self.matcher.deep_copy(), list(text.encode())
        if matcher.try_consume_tokens(data) < len(data) or not matcher.is_accepting():
            return "length"
        return "length" if full and self.free_text else "stop"


def grammar_generator(model: Any, constraint: TextConstraint | CallConstraint) -> GrammarGenerator:
    """Return the generator of a text format or of calls; `InvalidSchema` where there is no grammar.

    Tags are ordinary text: Outlines drops special tokens from what it returns.
    """
    import outlines
    from outlines.backends.llguidance import LLGuidanceBackend, LLGuidanceLogitsProcessor

    from structgen.engines.guidance.grammar_cache import byte_matcher
    from structgen.engines.guidance.grammars import grammar_of, is_free_text, special_tokens

    matcher = byte_matcher(constraint)  # Outlines accepts grammars that fail during decoding
    backend = LLGuidanceBackend(model)
    grammar = grammar_of(constraint, special_tokens(backend.llg_tokenizer), special_tags=False)
    processor = LLGuidanceLogitsProcessor(grammar, backend.llg_tokenizer, backend.tensor_library_name)
    generator = outlines.Generator(model, processor=processor)
    return GrammarGenerator(generator, matcher, is_free_text(constraint))
