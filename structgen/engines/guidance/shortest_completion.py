"""The shortest valid way to the end of an answer, for budgets that would cut it."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from functools import cached_property

import numpy as np
from llguidance import LLMatcher, LLTokenizer

from structgen.engines.guidance.json_outline import Outline

_LONGEST = 4_000
"""Tokens after which a way to the end is given up."""
_REMEMBERED = 4_096
"""Ways, by grammar and outline."""
_HEAD = 256
"""Tokens that are tried first: the best of nearly every mask is among them."""
# Bytes from what ends most to what opens most, between values and inside a string.
_BETWEEN = b'}],0123456789ntf":ulsrae-.+E[{'
_INSIDE = b'"0a:/.@-_#123456789bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ +,[]{}'


class Ways:
    """Finds ways to the end by taking, at every step, the token that promises to end soonest.

    A way that was found is remembered with every outline along it. Most searches end at such an outline:
    the grammar confirms the remembered rest in one call, and no mask is computed.
    """

    def __init__(self, tokenizer: LLTokenizer) -> None:
        self.tokenizer = tokenizer
        self._stops = set(tokenizer.eos_tokens)
        self._known: OrderedDict[tuple[str, str], list[int]] = OrderedDict()
        self._lock = threading.Lock()

    @cached_property
    def _orders(self) -> tuple[np.ndarray, np.ndarray]:
        """The tokens in the order in which they are tried, between values and inside a string.

        Tokens of several bytes only where all of them close.
        """
        between, inside = (np.full(self.tokenizer.vocab_size, 1_000.0) for _ in range(2))
        for token in range(self.tokenizer.vocab_size):
            piece = self.tokenizer.decode_bytes([token])
            if len(piece) == 1:
                for ranks, order in ((between, _BETWEEN), (inside, _INSIDE)):
                    place = order.find(piece)
                    ranks[token] = place if place >= 0 else 200 + piece[0] / 10
            elif piece and not piece.removeprefix(b'"').strip(b"}]"):
                (inside if piece[:1] == b'"' else between)[token] = -len(piece)
        for ranks in (between, inside):
            ranks[list(self.tokenizer.eos_tokens)] = -1_000
        return between.argsort(kind="stable"), inside.argsort(kind="stable")

    def shortest(
        self, matcher: LLMatcher, text: Outline, most: int, key: str = "", masks: int = _LONGEST
    ) -> list[int] | None:
        """Tokens from the matcher's state to the end, None where there are more than `most` of them.

        `text` is what has been written so far, `key` names the grammar. After so many `masks` the search
        gives up.
        """
        if (way := self._remembered(matcher, key, text.outline, most)) is not None:
            return way
        copy, text, way = matcher.deep_copy(), text.copy(), list[int]()
        passed = [(text.outline, 0)]
        used: Counter[int] = Counter()  # of a pattern like [^:]+:[^:]+ no one letter is the way to the end
        while not copy.is_stopped():
            forced = copy.compute_ff_tokens()
            if forced:
                copy.consume_tokens(forced)
                tokens = forced
            else:
                masks -= 1
                token = self._best(copy, text.quoted, used) if masks >= 0 else None
                if token is None:
                    return None
                if token in self._stops:
                    break
                copy.consume_token(token)
                tokens = [token]
                if not text.quoted:
                    used.clear()
                elif self.tokenizer.decode_bytes(tokens)[:1] != b'"':  # which ends the string, or an escape
                    used[token] += 1
            way += tokens
            text.take(self.tokenizer.decode_bytes(tokens))
            if len(way) > min(most, _LONGEST):
                return None
            if not text.quoted:
                rest = self._remembered(copy, key, text.outline, min(most, _LONGEST) - len(way))
                if rest is not None:
                    way += rest
                    break
                passed.append((text.outline, len(way)))
        way = [token for token in way if token not in self._stops]
        self._remember(key, passed, way)
        return way

    def _best(self, matcher: LLMatcher, quoted: bool, used: Counter[int]) -> int | None:
        """The allowed token that promises to end soonest, of those that were taken least often."""
        mask = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
        if matcher.is_error():
            return None
        order = self._orders[quoted]
        allowed = np.unpackbits(mask, bitorder="little")[: len(order)]
        for candidates in (order[:_HEAD], order):
            for token in candidates[allowed[candidates] != 0]:
                if int(token) not in used:
                    return int(token)
        found = order[allowed[order] != 0]
        return min(map(int, found), key=used.__getitem__) if len(found) else None

    def _remembered(self, matcher: LLMatcher, key: str, outline: str, most: int) -> list[int] | None:
        with self._lock:
            rest = self._known.get((key, outline))
            if rest is None:
                return None
            self._known.move_to_end((key, outline))
        if len(rest) > most:
            return None
        end = [*rest, self.tokenizer.eos_token]
        return rest if matcher.validate_tokens(end) == len(end) else None

    def _remember(self, key: str, passed: list[tuple[str, int]], way: list[int]) -> None:
        with self._lock:
            for outline, length in passed:
                self._known[key, outline] = way[length:]
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
