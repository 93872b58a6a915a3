"""Shortest valid completion of an answer, for token budgets that would cut it."""

from __future__ import annotations

import threading
from collections import Counter
from functools import cached_property

import numpy as np
from cachetools import LRUCache
from llguidance import LLMatcher, LLTokenizer

from structgen.engines.guidance.json_outline import JsonOutline

WATCHED_TOKENS = 256
"""When this many tokens or fewer remain, engines compute the shortest completion after every token."""
MASKS_PER_STEP = 64
"""Token masks that a search within a decode step may compute, while all other requests wait. Where it needs
more, the answer is completed before the token that was sampled."""
_LONGEST = 4_000
"""Tokens after which a search gives up."""
_CACHED = 4_096
"""Completions in the cache, by grammar and outline."""
_HEAD = 256
"""Top-ranked tokens that are looked up in a mask first: they hold the best one of nearly every mask."""
# Bytes ranked from closing to opening ones, between values and inside a string.
_BETWEEN = b'}],0123456789ntf":ulsrae-.+E[{'
_INSIDE = b'"0a:/.@-_#123456789bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ +,[]{}'


class ShortestCompletions:
    """Greedy search for completions: each step takes the allowed token that closes most.

    A completion is cached under every outline along it. Most searches end at a cached outline: the grammar
    validates the cached rest in one call, and no token mask is computed.
    """

    def __init__(self, tokenizer: LLTokenizer) -> None:
        self.tokenizer = tokenizer
        self._stops = set(tokenizer.eos_tokens)
        self._cache: LRUCache[tuple[str, str], list[int]] = LRUCache(_CACHED)
        self._lock = threading.Lock()

    @cached_property
    def _rankings(self) -> tuple[np.ndarray, np.ndarray]:
        """Token ids, best first, between values and inside a string.

        Tokens of several bytes rank high only where all of their bytes close something.
        """
        between, inside = (np.full(self.tokenizer.vocab_size, 1_000.0) for _ in range(2))
        for token in range(self.tokenizer.vocab_size):
            piece = self.tokenizer.decode_bytes([token])
            if len(piece) == 1:
                for ranks, preferred in ((between, _BETWEEN), (inside, _INSIDE)):
                    rank = preferred.find(piece)
                    ranks[token] = rank if rank >= 0 else 200 + piece[0] / 10
            elif piece and not piece.removeprefix(b'"').strip(b"}]"):
                (inside if piece[:1] == b'"' else between)[token] = -len(piece)
        for ranks in (between, inside):
            ranks[list(self.tokenizer.eos_tokens)] = -1_000
        return between.argsort(kind="stable"), inside.argsort(kind="stable")

    def find(
        self, matcher: LLMatcher, text: JsonOutline, most: int, key: str = "", masks: int = _LONGEST
    ) -> list[int] | None:
        """Return the tokens from the matcher's state to the end of the answer, without the end of the turn.

        `text` is the answer so far, `key` identifies the grammar. None where the completion has more than
        `most` tokens, or where the search needs more than `masks` token masks.
        """
        if (cached := self._lookup(matcher, key, text.outline, most)) is not None:
            return cached
        ahead, text, completion = matcher.deep_copy(), text.copy(), list[int]()
        visited = [(text.outline, 0)]
        used: Counter[int] = Counter()  # a pattern like [^:]+:[^:]+ never ends by one letter repeated
        while not ahead.is_stopped():
            forced = ahead.compute_ff_tokens()
            if forced:
                ahead.consume_tokens(forced)
                tokens = forced
            else:
                masks -= 1
                token = self._best(ahead, text.quoted, used) if masks >= 0 else None
                if token is None:
                    return None
                if token in self._stops:
                    break
                ahead.consume_token(token)
                tokens = [token]
                if not text.quoted:
                    used.clear()
                elif self.tokenizer.decode_bytes(tokens)[:1] != b'"':  # a quote ends the string or an escape
                    used[token] += 1
            completion += tokens
            text.take(self.tokenizer.decode_bytes(tokens))
            if len(completion) > min(most, _LONGEST):
                return None
            if not text.quoted:
                rest = self._lookup(ahead, key, text.outline, min(most, _LONGEST) - len(completion))
                if rest is not None:
                    completion += rest
                    break
                visited.append((text.outline, len(completion)))
        completion = [token for token in completion if token not in self._stops]
        self._store(key, visited, completion)
        return completion

    def _best(self, matcher: LLMatcher, quoted: bool, used: Counter[int]) -> int | None:
        """Return the best-ranked allowed token among those used least often; None where none is allowed."""
        mask = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
        if matcher.is_error():
            return None
        ranking = self._rankings[quoted]
        allowed = np.unpackbits(mask, bitorder="little")[: len(ranking)]
        for candidates in (ranking[:_HEAD], ranking):
            for token in candidates[allowed[candidates] != 0]:
                if int(token) not in used:
                    return int(token)
        candidates = ranking[allowed[ranking] != 0]
        return min(map(int, candidates), key=used.__getitem__) if len(candidates) else None

    def _lookup(self, matcher: LLMatcher, key: str, outline: str, most: int) -> list[int] | None:
        """Return the cached completion where it is short enough and valid from the matcher's state."""
        with self._lock:
            rest = self._cache.get((key, outline))
        if rest is None or len(rest) > most:
            return None
        end = [*rest, self.tokenizer.eos_token]
        return rest if matcher.validate_tokens(end) == len(end) else None

    def _store(self, key: str, visited: list[tuple[str, int]], completion: list[int]) -> None:
        """Cache the rest of the completion under each outline that the search visited."""
        with self._lock:
            for outline, length in visited:
                self._cache[key, outline] = completion[length:]
