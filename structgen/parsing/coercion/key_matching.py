"""Match the keys of an object with declared properties, never two keys with one property."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

from rapidfuzz.distance import OSA

from structgen.parsing.coercion.word_text import normalise, numbers_of

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
_CONFUSABLE = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        "angel/angle trail/trial diary/dairy casual/causal marital/martial sacred/scared silver/sliver "
        "quiet/quite unite/untie united/untied contact/contract form/from"
    ).split()
)
"""Words that differ in one letter or a swap, and mean different things."""
_MAX_PAIRS = 400
_MAX_LENGTH = 60
_NEAR = 2
"""Edits up to which a key may be meant for a name of six letters or more."""


class Likeness(Enum):
    """How a key resembles a property's name."""

    EXACT = auto()
    NORMALISED = auto()
    """The same without case, accents, separators and plural."""
    SIMILAR = auto()
    """Within a small edit distance."""


class KeyMatch(NamedTuple):
    """The property that a key was matched with."""

    name: str
    likeness: Likeness


def match_keys(keys: Sequence[str], properties: Iterable[str]) -> dict[str, KeyMatch]:
    """Return the match of each key that has one: exact matches first, then normalised, then similar ones."""
    names = list(properties)
    matches = {key: KeyMatch(key, Likeness.EXACT) for key in keys if key in set(names)}
    for form in (normalise, _singular):
        _match_by_form(form, keys, names, matches)
    _match_similar(keys, names, matches)
    return matches


def near_keys(keys: Sequence[str], properties: Iterable[str], matches: Mapping[str, KeyMatch]) -> set[str]:
    """Return the keys without a match that are so near to an unmatched property that it may be meant."""
    free_keys, free_names = _unmatched(keys, list(properties), matches)
    if not free_keys or len(free_keys) * len(free_names) > _MAX_PAIRS:
        return set()
    names = [normalise(name) for name in free_names]
    return {key for key in free_keys if len(key) <= _MAX_LENGTH and _is_near(normalise(key), names)}


def _is_near(key: str, names: Iterable[str]) -> bool:
    return any(OSA.distance(key, name, score_cutoff=_NEAR) <= min(_NEAR, len(name) // 3) for name in names)


def _unmatched(
    keys: Iterable[str], names: list[str], matches: Mapping[str, KeyMatch]
) -> tuple[list[str], list[str]]:
    taken = {match.name for match in matches.values()}
    return [key for key in keys if key not in matches], [name for name in names if name not in taken]


def _match_by_form(
    form: Callable[[str], str], keys: Iterable[str], names: list[str], matches: dict[str, KeyMatch]
) -> None:
    """Match keys and names with the same form, where no other key or name has it."""
    free_keys, free_names = _unmatched(keys, names, matches)
    keys_by_form, names_by_form = _group_by(form, free_keys), _group_by(form, free_names)
    for shared, group in names_by_form.items():
        if len(group) == 1 and len(keys_by_form.get(shared, ())) == 1:
            matches[keys_by_form[shared][0]] = KeyMatch(group[0], Likeness.NORMALISED)


def _group_by(form: Callable[[str], str], names: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(form(name), []).append(name)
    return groups


def _singular(name: str) -> str:
    joined = normalise(name)
    if joined.endswith("ies") and len(joined) > 4:
        return joined[:-3] + "y"
    return joined[:-1] if joined.endswith("s") and len(joined) > 3 else joined


def _match_similar(keys: Iterable[str], names: list[str], matches: dict[str, KeyMatch]) -> None:
    """Match misspelt keys by edit distance, where no other key or name is as close."""
    free_keys, free_names = _unmatched(keys, names, matches)
    if len(free_keys) * len(free_names) > _MAX_PAIRS:
        return
    pairs = sorted(
        (distance, key, name)
        for key in free_keys
        for name in free_names
        if (distance := _edit_distance(key, name)) is not None
    )
    for distance, key, name in pairs:
        rivals = [n for d, k, n in pairs if d == distance and (k == key) != (n == name)]
        taken = any(name == match.name for match in matches.values())
        if key not in matches and not taken and not rivals:
            matches[key] = KeyMatch(name, Likeness.SIMILAR)


def _edit_distance(one: str, other: str) -> int | None:
    """Return the edits between two names; None where they are many, or make other words.

    `min_price` and `max_price`, or `weight` and `height`, are different words, not misspelt ones; digits and
    signs are never misspelt.
    """
    if numbers_of(one) != numbers_of(other):
        return None
    one_words, other_words = _WORD.findall(one), _WORD.findall(other)
    if len(one_words) == len(other_words):
        pairs = [(normalise(a), normalise(b)) for a, b in zip(one_words, other_words, strict=True)]
        if any(a != b and _are_different_words(a, b) for a, b in pairs):
            return None
    return _bounded_distance(normalise(one), normalise(other))


def _are_different_words(one: str, other: str) -> bool:
    if one.isdigit() or other.isdigit() or _are_opposed(one, other):
        return True
    return min(len(one), len(other)) < 4 or one[0] != other[0]


def _are_opposed(one: str, other: str) -> bool:
    """Whether two words differ in few letters but mean different things, as `payer` and `payee`."""
    ends, starts = {one[-2:], other[-2:]}, {one[:5], other[:5]}
    return (
        ("ee" in ends and bool(ends & {"er", "or"}))
        or any(a.startswith("hyper") and b.startswith("hypo") for a, b in ((one, other), (other, one)))
        or starts == {"inter", "intra"}
        or {one, other} in _CONFUSABLE
    )


def _bounded_distance(one: str, other: str) -> int | None:
    """Return the edits and swaps of neighbours; None where they are many for the length of the names."""
    shorter, longer = sorted((len(one), len(other)))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else 2
    if longer > _MAX_LENGTH:
        return None
    distance = OSA.distance(one, other, score_cutoff=allowed)
    return distance if distance <= allowed else None
