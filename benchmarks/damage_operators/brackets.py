"""Lose, double, exchange and insert brackets."""

from __future__ import annotations

import itertools
from random import Random

from damage_operators.base import (
    Damage,
    Edit,
    Sample,
    Token,
    around,
    chosen,
    inserted,
    operator,
    replaced,
    rewritten,
)

_OTHER = {"{": "[", "}": "]", "[": "{", "]": "}"}


@operator()
def last_closing_lost(sample: Sample, random: Random) -> Damage | None:
    return replaced(sample.tokens[-1], "") if sample.tokens[-1].kind in "}]" else None


@operator()
def all_last_closings_lost(sample: Sample, random: Random) -> Damage | None:
    """Lose the closing brackets at the end, two or more, with the white space between them."""
    tokens, count = sample.tokens, 0
    while count < len(tokens) and tokens[-1 - count].kind in ("}", "]"):
        count += 1
    if count < 2:
        return None
    return Damage((Edit(tokens[-1 - count].end, len(sample.text), ""),))


def _lost(sample: Sample, random: Random, kind: str) -> Damage | None:
    token = chosen(random, sample.inner(kind))
    return replaced(token, "") if token else None


@operator()
def array_closing_lost(sample: Sample, random: Random) -> Damage | None:
    return _lost(sample, random, "]")


@operator()
def object_closing_lost(sample: Sample, random: Random) -> Damage | None:
    return _lost(sample, random, "}")


@operator()
def array_opening_lost(sample: Sample, random: Random) -> Damage | None:
    """Lose the opening bracket of a member's array, or of the first item of an array."""
    arrays = [token for token in sample.inner("[") if sample.at(token.path)]
    token = chosen(
        random, [token for token in arrays if token.path[-1] == 0 or isinstance(token.path[-1], str)]
    )
    return replaced(token, "") if token else None


@operator()
def object_opening_lost(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [token for token in sample.inner("{") if sample.at(token.path)])
    return replaced(token, "") if token else None


@operator()
def first_opening_lost(sample: Sample, random: Random) -> Damage | None:
    return replaced(sample.tokens[0], "") if sample.value else None


@operator()
def first_opening_and_quote_lost(sample: Sample, random: Random) -> Damage | None:
    """Lose `{"`, as where a model continues a prefilled reply."""
    if not isinstance(sample.value, dict) or not sample.value:
        return None
    return Damage((Edit(0, sample.tokens[1].start + 1, ""),))


@operator()
def outer_braces_lost(sample: Sample, random: Random) -> Damage | None:
    if not isinstance(sample.value, dict) or not sample.value:
        return None
    return _without_both(sample.tokens[0], sample.tokens[-1])


@operator()
def outer_list_brackets_lost(sample: Sample, random: Random) -> Damage | None:
    if not isinstance(sample.value, list) or len(sample.value) < 2:
        return None
    return _without_both(sample.tokens[0], sample.tokens[-1])


def _without_both(first: Token, last: Token) -> Damage:
    return Damage((Edit(first.start, first.end, ""), Edit(last.start, last.end, "")))


def _inner_list(sample: Sample, random: Random, least: int, most: int) -> Damage | None:
    """Leave out the brackets of a list that is the value of a key."""
    places = [
        index
        for index, token in enumerate(sample.tokens)
        if token.kind == "["
        and token.path
        and isinstance(token.path[-1], str)
        and least <= len(sample.at(token.path)) <= most
    ]
    index = chosen(random, places)
    return None if index is None else _without_both(sample.tokens[index], sample.tokens[sample.pairs[index]])


@operator()
def list_brackets_lost(sample: Sample, random: Random) -> Damage | None:
    return _inner_list(sample, random, 2, 50)


@operator(needs_schema=True)
def list_of_one_without_brackets(sample: Sample, random: Random) -> Damage | None:
    return _inner_list(sample, random, 1, 1)


@operator()
def first_opening_doubled(sample: Sample, random: Random) -> Damage | None:
    return inserted(0, sample.tokens[0].kind) if sample.tokens[0].kind == "{" else None


@operator()
def inner_opening_brace_doubled(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.inner("{"))
    return inserted(token.start, token.kind) if token else None


@operator(needs_schema=True)
def inner_opening_bracket_doubled(sample: Sample, random: Random) -> Damage | None:
    """Double the opening bracket of an array that may not be an array of arrays."""
    token = chosen(random, [token for token in sample.inner("[") if isinstance(token.path[-1], str)])
    if token is None or sample.accepts({token.path: [sample.at(token.path)]}):
        return None
    return inserted(token.start, token.kind)


@operator()
def all_braces_doubled(sample: Sample, random: Random) -> Damage | None:
    """Double every brace, as templates do."""
    braces = sample.of("{", "}")
    if not braces:
        return None
    return Damage(tuple(Edit(token.start, token.end, token.kind * 2) for token in braces))


@operator()
def last_closing_doubled(sample: Sample, random: Random) -> Damage | None:
    return inserted(len(sample.text), random.choice(["", "\n"]) + sample.tokens[-1].kind)


@operator()
def inner_closing_doubled(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.inner("}") + sample.inner("]"))
    return inserted(token.end, token.kind) if token else None


@operator()
def inner_closing_of_other_kind(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, sample.inner("}") + sample.inner("]"))
    return replaced(token, _OTHER[token.kind]) if token else None


@operator()
def last_closing_of_other_kind(sample: Sample, random: Random) -> Damage | None:
    return replaced(sample.tokens[-1], _OTHER[sample.tokens[-1].kind])


@operator(is_rare=True)
def closing_as_parenthesis(sample: Sample, random: Random) -> Damage | None:
    return replaced(chosen(random, sample.of("}", "]")), ")")


@operator()
def opening_of_other_kind(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [token for token in sample.of("{", "[") if sample.at(token.path)])
    return replaced(token, _OTHER[token.kind]) if token else None


@operator()
def array_in_parentheses(sample: Sample, random: Random) -> Damage | None:
    places = [
        i for i, token in enumerate(sample.tokens) if token.kind == "[" and len(sample.at(token.path)) > 1
    ]
    if not places:
        return None
    index = random.choice(places)
    first, last = sample.tokens[index], sample.tokens[sample.pairs[index]]
    return Damage((Edit(first.start, first.end, "("), Edit(last.start, last.end, ")")))


@operator()
def closings_in_wrong_order(sample: Sample, random: Random) -> Damage | None:
    """Exchange two closing brackets of different kinds that stand side by side."""
    tokens = sample.tokens
    places = [
        index
        for index in range(len(tokens) - 1)
        if {tokens[index].kind, tokens[index + 1].kind} == {"}", "]"}
    ]
    if not places:
        return None
    one, other = tokens[(index := random.choice(places))], tokens[index + 1]
    return Damage((Edit(one.start, one.end, other.kind), Edit(other.start, other.end, one.kind)))


def _after_a_value(sample: Sample, random: Random, same: bool) -> Damage | None:
    """Insert a closing bracket between a value and the comma that follows it."""
    tokens = sample.tokens
    places = [
        (token.end, "}" if isinstance(sample.at(following.path), dict) is same else "]")
        for token, following in itertools.pairwise(tokens)
        if following.kind == "," and not token.is_key and token.kind not in ("}", "]")
    ]
    place = chosen(random, places)
    return inserted(*place) if place else None


@operator()
def closing_inserted(sample: Sample, random: Random) -> Damage | None:
    """Close a container after one of its values, though members of it follow."""
    return _after_a_value(sample, random, True)


@operator()
def other_closing_inserted(sample: Sample, random: Random) -> Damage | None:
    return _after_a_value(sample, random, False)


@operator(needs_schema=True, is_rare=True)
def opening_inserted(sample: Sample, random: Random) -> Damage | None:
    """Open an array before a member's value that may be none, and never close it."""
    tokens = [token for token in sample.tokens if token.is_value and isinstance(token.path[-1], str)]
    token = chosen(random, tokens)
    if token is None or sample.accepts({token.path: [sample.at(token.path)]}):
        return None
    return inserted(token.start, "[")


@operator(needs_schema=True, is_rare=True)
def wrapped_in_brackets_unclosed(sample: Sample, random: Random) -> Damage | None:
    """Open a list around an object that may be none, without closing it."""
    if not isinstance(sample.value, dict) or sample.accepts({(): [sample.value]}):
        return None
    return around(sample, "[")


@operator(is_rare=True)
def outer_braces_as_parentheses(sample: Sample, random: Random) -> Damage | None:
    if not isinstance(sample.value, dict) or not sample.value:
        return None
    return rewritten(sample, f"({sample.text[1:-1]})")
