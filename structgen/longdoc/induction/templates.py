"""Templates of rows: what stands between and around the values of items, with the kinds of the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from structgen.longdoc.induction.tokens import Kind, Token, Tokens

ANY: frozenset[Kind] = frozenset({"date", "time", "number", "code", "word", "mark", "gap"})
_LINE: frozenset[Kind] = frozenset({"line"})
_TYPED: frozenset[Kind] = frozenset({"date", "time", "number", "code"})
_BESIDE_WORDS: frozenset[Kind] = frozenset({"code", "mark"})
_MARKS_OF_WORDS = frozenset("&-/.'’+,()")
MAX_MANY = 60
"""Tokens that one element takes at most."""


@dataclass(frozen=True)
class Element:
    """What tokens a place of a template takes: one, or several."""

    kinds: frozenset[Kind]
    texts: frozenset[str] | None = None
    """The texts of words that the rows share, or of marks; None for any text."""
    least: int = 1
    most: int = 1
    is_value: bool = False
    """Whether a value of an item stands there."""

    def takes(self, token: Token) -> bool:
        """Return whether a token may stand there."""
        if token.kind not in self.kinds:
            return False
        return self.texts is None or token.text in self.texts or token.kind not in {"word", "mark"}

    @property
    def is_typed(self) -> bool:
        """Whether only values of a type with digits stand there."""
        return self.kinds <= _TYPED

    @property
    def weight(self) -> float:
        """How much it tells rows from other text."""
        if self.most > 1:
            return 0.5 if self.is_value and "word" not in self.kinds else 0.0
        if self.texts is not None:
            return 2.0 if "word" in self.kinds else 1.0
        if self.kinds <= _TYPED:
            return 1.5 if self.is_value else 1.0
        return 0.5 if self.kinds == {"gap"} else 0.0


STEPS_PER_TOKEN = 40
"""Tokens that are read for each one of the text; a text that needs more has no rows to learn from."""
MAX_VALUE = 400
"""Tokens of a value that are looked at."""
Template = tuple[Element, ...]


def weight(template: Template) -> float:
    """Return how much a template tells rows from other text."""
    return sum(element.weight for element in template)


def values_element(values: Sequence[Sequence[Token]]) -> list[Element]:
    """Return the elements for the values that items have at one place."""
    kinds: frozenset[Kind] = frozenset(token.kind for value in values for token in value)
    longest = max(len(value) for value in values)
    if "line" not in kinds and len({len(value) for value in values}) == 1 and kinds & _TYPED:
        aligned = [_union(column) for column in zip(*values, strict=True)]
        if all(element.kinds & _TYPED or element.texts for element in aligned[:1]):
            return [replace(element, is_value=True) for element in aligned]
    if kinds <= _TYPED and longest == 1:
        return [Element(kinds, is_value=True)]
    texts = None
    if "mark" in kinds or "word" in kinds:
        marks = {token.text for value in values for token in value if token.kind == "mark"}
        texts = frozenset(marks | _MARKS_OF_WORDS)
    allowed: frozenset[Kind] = kinds | _BESIDE_WORDS if "word" in kinds else kinds
    element = _Values(allowed, texts)
    return [replace(element, most=min(max(2 * longest, 6), MAX_VALUE), is_value=True)]


class _Values(Element):
    """Takes any word, and marks of a choice."""

    def takes(self, token: Token) -> bool:
        """Return whether a token may be one of the value."""
        if token.kind not in self.kinds:
            return False
        return token.kind != "mark" or self.texts is None or token.text in self.texts


def between(sequences: Sequence[Sequence[Token]], *, anchor: str = "both") -> list[Element]:
    """Return the elements for what stands between values, or beside them.

    Args:
        sequences: the tokens of each item at that place.
        anchor: the ends at which unequal sequences are alike: `left`, `right` or `both`.
    """
    if len({len(tokens) for tokens in sequences}) == 1:
        return [_union(column) for column in zip(*sequences, strict=True)]
    first = _alike(sequences, lambda tokens, at: tokens[at]) if anchor != "right" else []
    rest = [tokens[len(first) :] for tokens in sequences]
    last = _alike(rest, lambda tokens, at: tokens[-1 - at]) if anchor != "left" else []
    inner = [tokens[: len(tokens) - len(last)] for tokens in rest]
    crosses_lines = any(token.kind == "line" for tokens in inner for token in tokens)
    kinds = ANY | _LINE if crosses_lines else ANY
    longest = max(len(tokens) for tokens in inner)
    least = min(1, min(len(tokens) for tokens in inner))
    star = Element(kinds, least=least, most=min(MAX_MANY, 2 * longest + 2))
    return [*first, star, *reversed(last)]


def _alike(
    sequences: Sequence[Sequence[Token]], at: Callable[[Sequence[Token], int], Token]
) -> list[Element]:
    elements: list[Element] = []
    for number in range(min(len(tokens) for tokens in sequences)):
        column = [at(tokens, number) for tokens in sequences]
        if len({token.kind for token in column}) > 1:
            break
        element = _union(column)
        if element.kinds & {"word", "mark"} and element.texts is None:
            break
        elements.append(element)
    return elements


def _union(column: Iterable[Token]) -> Element:
    """Return the element that takes the tokens of a column."""
    column = list(column)
    kinds = frozenset(token.kind for token in column)
    texts = frozenset(token.text for token in column if token.kind in {"word", "mark"})
    if kinds == {"gap"}:
        is_padding = len({token.end - token.start for token in column}) > 1
        return Element(kinds, least=0 if is_padding else 1)
    few = len(texts) == 1 or (kinds == {"mark"} and len(texts) <= 3)
    return Element(kinds, texts if texts and few and kinds <= {"word", "mark"} else None)


class Matcher:
    """Matches templates with the tokens of a text, in a number of steps that is linear in the text."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._left = STEPS_PER_TOKEN * len(tokens)

    @property
    def has_given_up(self) -> bool:
        """Whether the text took too many steps."""
        return self._left < 0

    def end(self, template: Template, start: int) -> int | None:
        """Return the number after the last token of the shortest match from a token on; None without one."""
        states, last = {(0, 0)}, len(template)
        for at in range(start, len(self._tokens)):
            states = _closed(template, states)
            if any(element == last for element, _ in states):
                return at
            self._left -= 1
            token = self._tokens[at]
            states = _fewest(
                (element, taken + 1)
                for element, taken in states
                if taken < template[element].most and template[element].takes(token)
            )
            if not states or self._left < 0:
                return None
        return len(self._tokens) if any(at == last for at, _ in _closed(template, states)) else None


def _fewest(states: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return of each element the state that has taken the fewest tokens: it may take all that others may."""
    fewest: dict[int, int] = {}
    for element, taken in states:
        fewest[element] = min(taken, fewest.get(element, taken))
    return set(fewest.items())


def _closed(template: Template, states: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the states with those that need no token to be reached."""
    closed, unread = set(states), list(states)
    while unread:
        element, taken = unread.pop()
        if element < len(template) and taken >= template[element].least:
            following = (element + 1, 0)
            if following not in closed:
                closed.add(following)
                unread.append(following)
    return closed
