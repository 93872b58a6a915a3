"""Drafts: tokens that are likely next, for the model to confirm several in one pass.

What the grammar forces comes first. Where it leaves a choice, extraction copies its source: what
followed the last few tokens where they stood before. A copy ends where the grammar refuses the next
token of the source, and there the value most likely ends too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from structgen.engines.speculative.acceptance import FORCED, Costs, Odds
from structgen.engines.speculative.document_hints import Hints, Place

_LONGEST_MATCH = 4
_KEPT = 16_000
"""Tokens of a prompt, its last ones, that are looked up: each takes half a kilobyte."""
_PUNCTUATION = frozenset(b'"{}[],:')


@dataclass(frozen=True, slots=True)
class Draft:
    """Tokens to confirm, and where each comes from (kinds of `odds`)."""

    tokens: list[int]
    kinds: list[str]


class Lookup:
    """Places of the last tokens in all that was read and written so far; the latest place counts."""

    def __init__(self, plain: frozenset[int]) -> None:
        self._tokens: list[int] = []
        self._left_out = 0
        self._places: dict[tuple[int, ...], int] = {}
        self._plain = plain

    def __len__(self) -> int:
        return self._left_out + len(self._tokens)

    def extend(self, tokens: Sequence[int]) -> None:
        """Go on by tokens that are certain."""
        self._left_out += len(tokens[:-_KEPT])
        for token in tokens[-_KEPT:]:
            at = len(self._tokens)
            for size in range(1, min(at, _LONGEST_MATCH) + 1):
                self._places[tuple(self._tokens[at - size : at])] = at
            self._tokens.append(token)

    def find(self, draft: Sequence[int]) -> int | None:
        """The place after an earlier stand of the last tokens, the longest match first.

        `draft` goes on from what is certain. A single token that is mere punctuation matches nothing.
        """
        tail = [*self._tokens[-_LONGEST_MATCH:], *draft][-_LONGEST_MATCH:]
        for size in range(len(tail), 0, -1):
            if size == 1 and tail[-1] in self._plain:
                return None
            place = self._places.get(tuple(tail[-size:]))
            if place is not None:
                return place
        return None

    def at(self, place: int) -> int | None:
        return self._tokens[place] if place < len(self._tokens) else None


class Source:
    """What one request's drafts are made from: tokens seen before, hints, and where the answer stands."""

    def __init__(self, pieces: Sequence[bytes], lookup: Lookup, hints: Hints | None = None) -> None:
        self._pieces = pieces
        self.lookup, self.hints, self.place = lookup, hints, Place()

    def go_on(self, tokens: Sequence[int], written: int) -> None:
        """By tokens that are certain, of which the last `written` are of the answer."""
        self.lookup.extend(tokens)
        for token in tokens[len(tokens) - written :]:
            self.place.take(self._pieces[token])


class Drafter:
    """Makes drafts of up to `most` tokens; `tokenizer` is an `LLTokenizer`."""

    def __init__(self, tokenizer: Any, most: int, costs: Costs) -> None:
        self.most, self.tokenizer, self.odds = most, tokenizer, Odds(costs)
        pieces: list[bytes] = [tokenizer.decode_bytes([token]) for token in range(tokenizer.vocab_size)]
        self._pieces = pieces
        marks = [t for t, piece in enumerate(pieces) if piece and _PUNCTUATION.issuperset(piece)]
        ends = [token for token in marks if pieces[token][:1] in (b'"', b",", b"}", b"]")]
        self._plain = frozenset(t for t, piece in enumerate(pieces) if not piece.strip(b' \n\t"{}[],:'))

        def rank(token: int, last: bool) -> tuple[bool, bool, int]:
            piece = pieces[token]
            return piece[:1] != b'"', (b"}" in piece or b"]" in piece) != last, -len(piece)

        self._ends = {last: sorted(ends, key=lambda token: rank(token, last)) for last in (False, True)}

    def source(self, hints: Hints | None = None) -> Source:
        """An empty one."""
        return Source(self._pieces, Lookup(self._plain), hints)

    def source_of(self, prompt: Sequence[int], names: Sequence[str], stops: Collection[int]) -> Source:
        """An empty one, of a request for an object with these names: its document is the prompt's last
        turn, before the header of the answer. `stops` are the tokens that end a turn."""
        ends = [place for place, token in enumerate(prompt) if token in stops]
        document = self.text(prompt[ends[-2] + 1 if len(ends) > 1 else 0 :])
        return self.source(Hints(names, document))

    def piece(self, token: int) -> bytes:
        """What the token says."""
        return self._pieces[token]

    def text(self, tokens: Sequence[int]) -> str:
        """What the tokens say together."""
        return b"".join(self._pieces[token] for token in tokens).decode("utf-8", "ignore")

    def draft(self, matcher: Any, source: Source, most: int, running: int = 1) -> Draft:
        """Tokens from the matcher's state on, which stays; `running` requests share the next pass."""
        work = _Work(self, matcher.deep_copy(), source)
        most, least = min(most, self.most), self.odds.least(running)
        likely, end = 1.0, 0
        while end < most:
            if end == len(work.tokens) and (work.ahead.is_stopped() or not work.go_on()):
                break
            likely *= self.odds.of(work.kinds[end])
            if likely < least:
                break
            end += 1
        return Draft(work.tokens[:end], work.kinds[:end])

    def ends(self, last: bool) -> list[int]:
        """Tokens that end a value; with `last` those that end its object too come first."""
        return self._ends[last]


class _Work:
    """One draft in the making."""

    def __init__(self, drafter: Drafter, ahead: Any, source: Source) -> None:
        self._drafter, self.ahead, self._source = drafter, ahead, source
        self._stands = source.place.copy()
        self.tokens: list[int] = []
        self.kinds: list[str] = []
        self._place: int | None = None
        """Of the token that a copy goes on with."""
        self._copying = self._after_value = False

    def go_on(self) -> bool:
        """Add what is likeliest next; false where nothing is likely."""
        if forced := self.ahead.compute_ff_tokens():
            return self._add(forced, FORCED, FORCED)
        if likely := self._valid(self._forced_bytes()):
            return self._add(likely, "bytes", "bytes")
        if self._place is None and not self._after_value and self._hinted():
            return True
        if self._place is None and not self._after_value:
            self._place = self._source.lookup.find(self.tokens)
        return self._copied() or self._ended()

    def _add(self, tokens: list[int], first: str, rest: str, *, after_value: bool = False) -> bool:
        """Take them, and note their kinds: the first one's, and that of what goes on from it."""
        self.ahead.consume_tokens(tokens)
        for token in tokens:
            self._stands.take(self._drafter.piece(token))
        self.tokens += tokens
        self.kinds += [first, *[rest] * (len(tokens) - 1)]
        self._place, self._copying, self._after_value = None, False, after_value
        return True

    def _valid(self, tokens: list[int]) -> list[int]:
        return tokens[: self.ahead.validate_tokens(tokens)] if tokens else []

    def _forced_bytes(self) -> list[int]:
        """Tokens of bytes that are forced, where longer tokens might be written in their place."""
        data = self.ahead.compute_ff_bytes()
        return self._drafter.tokenizer.tokenize_bytes(data) if data else []

    def _hinted(self) -> bool:
        """The first text hinted at that can come next, as far as it can."""
        hints = self._source.hints
        if hints is None:
            return False
        texts, is_value = hints.next(self._stands)
        for text in texts:
            if valid := self._valid(self._drafter.tokenizer.tokenize_str(text)):
                kind = "value" if is_value else "key"
                return self._add(valid, kind, f"{kind}, on", after_value=is_value)
        return False

    def _copied(self) -> bool:
        if self._place is None:
            return False
        token, place = self._source.lookup.at(self._place), self._place
        if token is None or not self._valid([token]):
            self._after_value = self._after_value or bool(self.tokens)
            return False
        self._add([token], "copy, on" if self._copying else "copy", "copy, on")
        self._place, self._copying = place + 1, True
        return True

    def _ended(self) -> bool:
        """After a value that goes no further: the token that ends it."""
        if not self._after_value:
            return False
        hints = self._source.hints
        ends = self._drafter.ends(hints is not None and hints.ends(self._stands))
        end = next((end for end in ends if self._valid([end])), None)
        if end is None:
            return False
        return self._add([end], "end", "end", after_value=self._drafter.piece(end) == b'"')
