"""Lose, double, exchange and insert brackets."""

from __future__ import annotations

import itertools
from random import Random

from damage_operators.base import (
    Damage,
    Edit,
    Sample,
    around,
    chosen,
    inserted,
    operator,
    replaced,
    rewritten,
)

_OTHER = {"{": "[", "}": "]", "[": "{", "]": "}"}


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
