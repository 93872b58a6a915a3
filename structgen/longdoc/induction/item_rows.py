"""Rows of a list by what its items have in common in the text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from structgen.longdoc.induction.item_places import ItemPlaces, ValuePlace
from structgen.longdoc.induction.templates import Element, Matcher, Template, between, values_element, weight
from structgen.longdoc.induction.tokens import Token, Tokens
from structgen.types import Span

MIN_ITEMS = 1
MAX_FEW = 8
MIN_ALIKE = 0.5
MIN_WEIGHT = 2.0
MIN_WEIGHT_ALONE = 4.0
MAX_BESIDE = 200
"""Tokens between two values of a row, and beside them in their line, that are looked at: on a longer line
rows begin inside of it, and values farther apart are of no row."""


@dataclass(frozen=True)
class Layout:
    """A template of the rows of some items."""

    template: Template
    is_inline: bool
    """Whether rows begin inside of lines."""
    items: tuple[int, ...]

    @property
    def is_typed(self) -> bool:
        """Whether all rows have a date, a time, a number or a code at one place."""
        return any(element.is_typed for element in self.template)


def layouts(places: ItemPlaces, tokens: Tokens, foreign: Sequence[ValuePlace]) -> list[Layout]:
    """Return the templates of the items' rows, that of most items first."""
    number = sum(map(bool, places.of))
    kept = _groups(places, tokens)
    if sum(map(len, kept)) < MIN_ALIKE * number and number <= MAX_FEW:
        fewer = (places.without(name) for name in sorted(places.fields))
        grouped = [(_groups(each, tokens), each) for each in fewer]
        kept, places = max(grouped, key=lambda pair: sum(map(len, pair[0])), default=(kept, places))
    if not places.fields or sum(map(len, kept)) < MIN_ALIKE * number:
        return []
    taken = sorted([*foreign, *(place for own in places.of for place in own)])
    found = [_layout(each, places, tokens, taken) for each in sorted(kept, key=len, reverse=True)]
    return [
        each
        for each in found
        if each is not None and weight(each.template) >= (MIN_WEIGHT if number > 1 else MIN_WEIGHT_ALONE)
    ]


def _groups(places: ItemPlaces, tokens: Tokens) -> list[list[int]]:
    """Return the items whose fields stand in the same order and on lines alike, several at least together."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, own in enumerate(places.of):
        if own and {place.field for place in own} == places.fields and len(own) == len(places.fields):
            groups.setdefault(_form(own, tokens), []).append(index)
    least = min(2, sum(map(bool, places.of)))
    return [each for each in groups.values() if len(each) >= least]


def _form(own: Sequence[ValuePlace], tokens: Tokens) -> tuple[object, ...]:
    """Return the order of an item's fields, with the lines between them."""
    form: list[object] = []
    for place, following in zip(own, [*own[1:], None], strict=True):
        form.append(place.field)
        if following is not None:
            form.append(tokens.line_ends(tokens.within(place.end, max(place.end, following.start))))
    return tuple(form)


def _layout(
    group: Sequence[int], places: ItemPlaces, tokens: Tokens, taken: Sequence[ValuePlace]
) -> Layout | None:
    slots = [_slots(places.of[index], tokens) for index in group]
    if len({len(each) for each in slots}) > 1 or not all(each for own in slots for each in own):
        return None
    if any(right.start - left.stop > MAX_BESIDE for own in slots for left, right in pairwise(own)):
        return None
    lefts, rights, is_inline, is_open = [], [], 0, 0
    for index, each in zip(group, slots, strict=True):
        left, bounded = _left(places.of[index][0], each[0], tokens, taken)
        lefts.append(left)
        is_inline += bounded
        right, bounded = _right(places.of[index][-1], each[-1], tokens, taken)
        rights.append(right)
        is_open += bounded
    inline = is_inline > 0.2 * len(group)
    elements: list[Element] = []
    if not inline:
        elements += between(lefts, anchor="right")
    for at in range(len(slots[0])):
        if at:
            gaps = [_tokens(tokens, each[at - 1].stop, each[at].start) for each in slots]
            elements += between(gaps)
        elements += values_element([_tokens(tokens, each[at].start, each[at].stop) for each in slots])
    if not is_open:
        elements += between(rights, anchor="left")
    return Layout(tuple(elements), inline, tuple(group))


def _tokens(tokens: Tokens, start: int, stop: int) -> list[Token]:
    return [tokens[at] for at in range(start, stop)]


def _slots(own: Sequence[ValuePlace], tokens: Tokens) -> list[range]:
    """Return the tokens of an item's values; values that share a token have one slot."""
    slots: list[range] = []
    for place in own:
        within = tokens.within(place.start, place.end)
        if slots and within.start < slots[-1].stop:
            slots[-1] = range(slots[-1].start, max(slots[-1].stop, within.stop))
        else:
            slots.append(within)
    return slots


def _left(
    first: ValuePlace, slot: range, tokens: Tokens, taken: Sequence[ValuePlace]
) -> tuple[list[Token], bool]:
    """Return the tokens from the begin of the line, and whether another value stands there."""
    start, _ = tokens.line_around(slot.start)
    if slot.start - start > MAX_BESIDE:
        return [], True
    before = bisect_left(taken, first)
    bounded = before > 0 and taken[before - 1].start >= tokens[start].start
    return _tokens(tokens, start, slot.start), bounded


def _right(
    last: ValuePlace, slot: range, tokens: Tokens, taken: Sequence[ValuePlace]
) -> tuple[list[Token], bool]:
    """Return the tokens to the end of the line, and whether another value stands there."""
    _, stop = tokens.line_around(slot.stop)
    if stop - slot.stop > MAX_BESIDE:
        return [], True
    after = bisect_right(taken, last)
    bounded = after < len(taken) and taken[after].start < tokens[stop].start
    return _tokens(tokens, slot.stop, stop + 1), bounded


def rows_like(layouts: Sequence[Layout], tokens: Tokens) -> list[Span]:
    """Return the rows of the text that templates match, in document order."""
    rows: list[tuple[int, int]] = []
    at, matcher = 1, Matcher(tokens)
    while at < len(tokens):
        before, token = tokens[at - 1], tokens[at]
        stop = None
        if token.kind not in {"line", "gap"}:
            for layout in layouts:
                starts = before.kind == "line" or (layout.is_inline and before.kind in {"gap", "mark"})
                stop = matcher.end(layout.template, at) if starts else None
                if stop is not None:
                    break
        if stop is None:
            at += 1
            continue
        last = stop - 1
        while last > at and tokens[last].kind in {"line", "gap"}:
            last -= 1
        rows.append((at, last + 1))
        at = last + 1
    return [] if matcher.has_given_up else _spans(rows, tokens)


def _spans(rows: Sequence[tuple[int, int]], tokens: Tokens) -> list[Span]:
    """Return the ranges of rows, with all of their lines where no other row stands in these."""
    spans = []
    lines: Counter[int] = Counter()
    bounds = []
    for first, stop in rows:
        start, end = tokens.line_around(first)[0], tokens.line_around(stop)[1]
        bounds.append((start, end))
        lines.update({start, end})
    for (first, stop), (start, end) in zip(rows, bounds, strict=True):
        alone = lines[start] == 1 and lines[end] == 1
        left, right = (start, end) if alone else (first, stop)
        spans.append(Span(tokens[left].start, tokens[right - 1].end))
    return spans
