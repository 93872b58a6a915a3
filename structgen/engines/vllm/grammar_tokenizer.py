"""The tokenizer of grammars, the same one in the service and in vLLM's engine process."""

from __future__ import annotations

from typing import Any

from llguidance.hf import from_tokenizer

from structgen.engines.stop_tokens import stop_tokens


def grammar_tokenizer(tokenizer: Any, vocabulary: int, configured_stops: int | list[int] | None) -> Any:
    """Return an `LLTokenizer`, with the tokenizer's own end of turn as the first of all that end a turn."""
    main = tokenizer.eos_token_id
    stops = stop_tokens(tokenizer, configured_stops)
    ends = sorted(stops, key=lambda token: (token != main, token))
    return from_tokenizer(tokenizer, max(vocabulary, len(tokenizer)), eos_token=ends)
