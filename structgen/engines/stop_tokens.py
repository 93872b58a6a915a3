"""Tokens that end a turn."""

from __future__ import annotations

from typing import Any

_END_OF_TURN = ("<|eot_id|>", "<|im_end|>")
"""End-of-turn tokens of Llama 3 and ChatML, which checkpoints do not always configure."""


def stop_tokens(tokenizer: Any, configured: int | list[int] | None) -> frozenset[int]:
    """Return the end-of-turn tokens of the tokenizer, those `configured`, and known ones that it has."""
    ids = {tokenizer.eos_token_id, *(configured if isinstance(configured, list) else [configured])}
    vocabulary = tokenizer.get_vocab()
    ids |= {vocabulary[name] for name in _END_OF_TURN if name in vocabulary}
    return frozenset(ids - {None})
