"""Bound the tokens of a text without tokenizing all of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

SLICE_CHARACTERS = 2**14
"""Characters that are tokenized at once: between two slices, other threads run and a count can be stopped."""
MAX_UNCOUNTED = 4 * SLICE_CHARACTERS
"""Characters of a prompt up to which it is encoded without a count before."""
TOLERANCE_PER_CUT = 16
"""Tokens by which the sum over slices may differ from the count of the whole text, for each cut."""
MAX_TOKEN_LENGTH = 512
"""Characters of the longest token, where the vocabulary is not known: far more than any has."""
_SHRINKING_NORMALIZERS = {"NFC": 4, "NFD": 1, "Prepend": 1, "Lowercase": 4}
"""Normalizers, and how many characters one may stand for after them."""
_LOSSLESS_PRE_TOKENIZERS = ("ByteLevel", "Split", "Digits", "Metaspace", "Punctuation", "UnicodeScripts")
"""Pre-tokenizers that drop no text."""


def characters_per_token(tokenizer: Any) -> int | None:
    """Return the most characters of a text that one token can stand for, None where there is no bound.

    A tokenizer that drops or merges unknown characters has none.
    """
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None or type(backend.model).__name__ != "BPE":
        return None
    vocabulary = tokenizer.get_vocab()
    pre = list(_steps(backend.pre_tokenizer, "pretokenizers"))
    if any(s["type"] not in _LOSSLESS_PRE_TOKENIZERS or s.get("behavior") == "Removed" for s in pre):
        return None
    bytewise = any(step["type"] == "ByteLevel" for step in pre)
    if not _complete(vocabulary, bytewise, backend.model):
        return None
    shrink = 1
    for step in _steps(backend.normalizer, "normalizers"):
        if step["type"] == "Replace":
            pattern = step["pattern"].get("String")
            if pattern is None or len(pattern) > len(step["content"]):
                return None
        elif step["type"] in _SHRINKING_NORMALIZERS:
            shrink *= _SHRINKING_NORMALIZERS[step["type"]]
        else:
            return None
    return shrink * max(map(len, vocabulary))


def _steps(component: Any, members: str) -> Iterator[dict[str, Any]]:
    """Yield the steps of a normalizer or pre-tokenizer, in order."""
    todo = [] if component is None else [json.loads(component.__getstate__())]
    while todo:
        step = todo.pop(0)
        if step["type"] == "Sequence":
            todo = [*step[members], *todo]
        else:
            yield step


def _complete(vocabulary: dict[str, int], bytewise: bool, model: Any) -> bool:
    """Return whether the vocabulary covers every character: no text is unknown."""
    if bytewise:
        from tokenizers.pre_tokenizers import ByteLevel

        return set(ByteLevel.alphabet()) <= vocabulary.keys()
    return bool(model.byte_fallback) and all(f"<0x{byte:02X}>" in vocabulary for byte in range(256))


def count_beyond(tokenizer: Any, texts: list[str], context: int, ended: threading.Event) -> int | None:
    """Count tokens slice by slice; return the count once the texts surely do not fit, None where they may.

    Raises `InterruptedError` where `ended` is set meanwhile.
    """
    tokens = cuts = 0
    for text in texts:
        for start in range(0, len(text), SLICE_CHARACTERS):
            if ended.is_set():
                raise InterruptedError
            tokens += _count(tokenizer, text[start : start + SLICE_CHARACTERS])
            cuts += 1
            if tokens > 1.1 * context + TOLERANCE_PER_CUT * cuts:
                return tokens
    return None


def _count(tokenizer: Any, text: str) -> int:
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return len(tokenizer.encode(text, add_special_tokens=False))
    backend.encode_special_tokens = True  # texts hold no special tokens
    return len(backend.encode_batch_fast([text], add_special_tokens=False)[0])
