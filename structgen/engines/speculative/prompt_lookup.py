"""Draft tokens by prompt lookup, for the model to verify several of them in one forward pass.

Tokens that the grammar forces come first. Where it leaves a choice, hints from the document and the
continuation of the longest n-gram match follow, because extraction copies its source. A copy ends where the
grammar rejects the next token of the source, and there the value most likely ends too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.engines.json_regions import JsonRegions
from structgen.engines.speculative.acceptance import AcceptanceModel, DraftSource, PassCost
from structgen.engines.speculative.document_hints import DocumentHints
from structgen.engines.speculative.json_position import JsonPosition
from structgen.engines.speculative.ngram_index import NgramIndex

_PUNCTUATION = frozenset(b'"{}[],:')


@dataclass(frozen=True, slots=True)
class Draft:
    """Tokens to verify, the source of each, and whether it was copied from the document."""

    tokens: list[int]
    sources: list[DraftSource]
    copied: list[bool] = field(default_factory=list)


class DraftState:
    """State of one request's drafts: its tokens so far, its hints, and the position in the answer."""

    def __init__(
        self,
        pieces: Sequence[bytes],
        ngrams: NgramIndex,
        hints: DocumentHints | None = None,
        regions: JsonRegions | None = None,
        document: range = range(0),
    ) -> None:
        self._pieces, self._document = pieces, document
        self.ngrams, self.hints, self.position = ngrams, hints, JsonPosition(regions)

    def extend(self, tokens: Sequence[int], answered: int) -> None:
        """Append accepted tokens, of which the last `answered` belong to the answer."""
        self.ngrams.extend(tokens)
        for token in tokens[len(tokens) - answered :]:
            self.position.take(self._pieces[token])

    def in_document(self, position: int) -> bool:
        """Return whether a position of the n-gram index lies in the document."""
        return self.ngrams.offset(position) in self._document


class Drafter:
    """Makes drafts of up to `most` tokens; `tokenizer` is an `LLTokenizer`."""

    def __init__(self, tokenizer: Any, most: int, cost: PassCost) -> None:
        self.most, self.tokenizer, self.acceptance = most, tokenizer, AcceptanceModel(cost)
        pieces: list[bytes] = [tokenizer.decode_bytes([token]) for token in range(tokenizer.vocab_size)]
        self._pieces = pieces
        marks = [t for t, piece in enumerate(pieces) if piece and _PUNCTUATION.issuperset(piece)]
        closing = [token for token in marks if pieces[token][:1] in (b'"', b",", b"}", b"]")]
        self._punctuation = frozenset(t for t, piece in enumerate(pieces) if not piece.strip(b' \n\t"{}[],:'))

        def rank(token: int, last: bool) -> tuple[bool, bool, int]:
            piece = pieces[token]
            return piece[:1] != b'"', (b"}" in piece or b"]" in piece) != last, -len(piece)

        self._terminators = {
            last: sorted(closing, key=lambda token: rank(token, last)) for last in (False, True)
        }

    def new_state(
        self,
        hints: DocumentHints | None = None,
        regions: JsonRegions | None = None,
        document: range = range(0),
    ) -> DraftState:
        """Return the state of a request without tokens; `regions` of its answer are JSON, or all of it is.

        `document` is the range of the tokens that the prompt has for the document.
        """
        return DraftState(self._pieces, NgramIndex(self._punctuation), hints, regions, document)

    def state_for(
        self,
        prompt: Sequence[int],
        names: Sequence[str],
        stops: Collection[int],
        regions: JsonRegions | None = None,
    ) -> DraftState:
        """Return the state of a request for an object with these properties, without tokens.

        Its document is the last turn of the prompt before the header of the answer; `stops` are the tokens
        that end a turn. `regions` of its answer are JSON, or all of it is.
        """
        ends = [index for index, token in enumerate(prompt) if token in stops]
        document = range(ends[-2] + 1 if len(ends) > 1 else 0, len(prompt))
        return self.new_state(DocumentHints(names, self.text(prompt[document.start :])), regions, document)

    def piece(self, token: int) -> bytes:
        """Return the bytes of a token."""
        return self._pieces[token]

    def text(self, tokens: Sequence[int]) -> str:
        """Decode tokens; bytes that are not UTF-8 are dropped."""
        return b"".join(self._pieces[token] for token in tokens).decode("utf-8", "ignore")

    def draft(self, matcher: Any, state: DraftState, most: int, running: int = 1) -> Draft:
        """Return likely tokens after the matcher's state, which does not change.

        `running` sequences share the next pass: the more there are, the likelier a token has to be.
        """
        builder = _DraftBuilder(self, matcher.deep_copy(), state)
        most, threshold = min(most, self.most), self.acceptance.threshold(running)
        probability, end = 1.0, 0
        while end < most:
            if end == len(builder.tokens) and (builder.matcher.is_stopped() or not builder.extend()):
                break
            probability *= self.acceptance.rate(builder.sources[end])
            if probability < threshold:
                break
            end += 1
        return Draft(builder.tokens[:end], builder.sources[:end], builder.copied[:end])

    def terminators(self, last: bool) -> list[int]:
        """Return the tokens that end a value, best first; with `last` those that end its object too lead."""
        return self._terminators[last]


class _DraftBuilder:
    """One draft under construction."""

    def __init__(self, drafter: Drafter, matcher: Any, state: DraftState) -> None:
        self._drafter, self.matcher, self._state = drafter, matcher, state
        self._position = state.position.copy()
        self.tokens: list[int] = []
        self.sources: list[DraftSource] = []
        self.copied: list[bool] = []
        self._copy_from: int | None = None
        """Index of the token that continues the current copy."""
        self._copying = self._after_value = False

    def extend(self) -> bool:
        """Append the likeliest next tokens; false where none is likely."""
        if forced := self.matcher.compute_ff_tokens():
            return self._add(forced, DraftSource.FORCED, DraftSource.FORCED)
        if likely := self._valid(self._forced_bytes()):
            return self._add(likely, DraftSource.FORCED_BYTES, DraftSource.FORCED_BYTES)
        if self._copy_from is None and not self._after_value and self._add_hint():
            return True
        if self._copy_from is None and not self._after_value:
            self._copy_from = self._state.ngrams.find(self.tokens)
        return self._add_copy() or self._add_terminator()

    def _add(
        self,
        tokens: list[int],
        first: DraftSource,
        rest: DraftSource,
        *,
        after_value: bool = False,
        copied: bool = False,
    ) -> bool:
        """Append tokens: the source of the first one is `first`, that of the others `rest`."""
        self.matcher.consume_tokens(tokens)
        for token in tokens:
            self._position.take(self._drafter.piece(token))
        self.tokens += tokens
        self.sources += [first, *[rest] * (len(tokens) - 1)]
        self.copied += [copied] * len(tokens)
        self._copy_from, self._copying, self._after_value = None, False, after_value
        return True

    def _valid(self, tokens: list[int]) -> list[int]:
        """Return the longest prefix that the grammar allows."""
        return tokens[: self.matcher.validate_tokens(tokens)] if tokens else []

    def _forced_bytes(self) -> list[int]:
        """Tokenize the bytes that the grammar forces; longer tokens may be allowed in their place."""
        data = self.matcher.compute_ff_bytes()
        return self._drafter.tokenizer.tokenize_bytes(data) if data else []

    def _add_hint(self) -> bool:
        """Append the valid prefix of the first hint that has one."""
        if self._state.hints is None:
            return False
        texts, is_value = self._state.hints.suggest(self._position)
        for text in texts:
            if valid := self._valid(self._drafter.tokenizer.tokenize_str(text)):
                if is_value:
                    sources = DraftSource.VALUE, DraftSource.VALUE_REST
                    return self._add(valid, *sources, after_value=True, copied=True)
                return self._add(valid, DraftSource.KEY, DraftSource.KEY_REST)
        return False

    def _add_copy(self) -> bool:
        """Append the next token of an n-gram match, where the grammar allows it."""
        if self._copy_from is None:
            return False
        token, index = self._state.ngrams.token_at(self._copy_from), self._copy_from
        if token is None or not self._valid([token]):
            self._after_value = self._after_value or bool(self.tokens)
            return False
        source = DraftSource.COPY_REST if self._copying else DraftSource.COPY
        self._add([token], source, DraftSource.COPY_REST, copied=self._state.in_document(index))
        self._copy_from, self._copying = index + 1, True
        return True

    def _add_terminator(self) -> bool:
        """Append the token that ends a value, after one whose source has ended."""
        if not self._after_value:
            return False
        hints = self._state.hints
        candidates = self._drafter.terminators(hints is not None and hints.has_no_further_key(self._position))
        token = next((token for token in candidates if self._valid([token])), None)
        if token is None:
            return False
        closes_string = self._drafter.piece(token) == b'"'
        return self._add([token], DraftSource.VALUE_END, DraftSource.VALUE_END, after_value=closes_string)
