"""Lose brackets, one or both of a pair."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from damage_operators.base import (
    Damage,
    Edit,
    Sample,
    Token,
    chosen,
    operator,
    replaced,
    rewritten,
)


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


@operator(needs_schema=True, is_rare=True)
def object_braces_lost(sample: Sample, random: Random) -> Damage | None:
    """Lose both braces of a member that must be an object."""
    tokens = sample.tokens
    places = [
        index
        for index, token in enumerate(tokens)
        if token.kind == "{" and token.path and isinstance(token.path[-1], str) and sample.at(token.path)
    ]
    index = chosen(random, places)
    if index is None or sample.accepts({tokens[index].path: "text"}):
        return None
    return _without_both(tokens[index], tokens[sample.pairs[index]])


@operator(needs_schema=True)
def object_closing_lost_and_indented(sample: Sample, random: Random) -> Damage | None:
    """Lose the brace of an inner object and indent what follows as if it belonged to the object."""
    lines = sample.text.split("\n")
    places = [
        index for index, line in enumerate(lines[:-1]) if line.strip() in ("}", "},") and line[0] in " \t"
    ]
    index = chosen(random, places)
    if index is None or lines[index].strip() == "}":
        return None
    unit = "\t" if lines[index][0] == "\t" else " " * (len(lines[1]) - len(lines[1].lstrip()))
    # Every line but the last moves in by one level; the comma goes to the line before.
    moved = [f"{lines[index - 1]},", *(unit + line for line in lines[index + 1 : -1])]
    text = "\n".join([*lines[: index - 1], *moved, unit + lines[-1]])
    naive = _read(f"{text}\n{lines[-1]}")
    return rewritten(sample, text) if naive is None or sample.schema.violations(naive) else None


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
