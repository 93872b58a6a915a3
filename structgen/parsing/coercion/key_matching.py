"""Which key of an object was meant for which property: never two keys for one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from structgen.parsing.coercion.text_values import normal

EXACT, NORMAL, SIMILAR = 0, 1, 2
"""How a key was matched."""


def matched(keys: Iterable[str], properties: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Property and manner by key: the same, else alike but for case, accents and plural, else similar."""
    names = list(properties)
    found = {key: (key, EXACT) for key in keys if key in set(names)}
    for form in (_plain, _singular):
        _by(form, keys, names, found)
    _similar(keys, names, found)
    return found


def _open(
    keys: Iterable[str], names: list[str], found: dict[str, tuple[str, int]]
) -> tuple[list[str], list[str]]:
    taken = {name for name, _ in found.values()}
    return [k for k in keys if k not in found], [n for n in names if n not in taken]


def _by(
    form: Callable[[str], str], keys: Iterable[str], names: list[str], found: dict[str, tuple[str, int]]
) -> None:
    free, wanted = _open(keys, names, found)
    keys_by, names_by = _grouped(form, free), _grouped(form, wanted)
    for plain, group in names_by.items():
        if len(group) == 1 and len(keys_by.get(plain, ())) == 1:
            found[keys_by[plain][0]] = (group[0], NORMAL)


def _grouped(form: Callable[[str], str], names: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(form(name), []).append(name)
    return groups


def _plain(name: str) -> str:
    return normal(name).replace(" ", "")


def _singular(name: str) -> str:
    plain = _plain(name)
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    return plain[:-1] if plain.endswith("s") and len(plain) > 3 else plain


def _similar(keys: Iterable[str], names: list[str], found: dict[str, tuple[str, int]]) -> None:
    free, wanted = _open(keys, names, found)
    if len(free) * len(wanted) > 400:
        return
    near = sorted(
        (distance, key, name)
        for key in free
        for name in wanted
        if (distance := _apart(key, name)) is not None
    )
    for distance, key, name in near:
        rivals = [n for d, k, n in near if d == distance and (k == key) != (n == name)]
        taken = any(name == n for n, _ in found.values())
        if key not in found and not taken and not rivals:
            found[key] = (name, SIMILAR)


def _apart(one: str, other: str) -> int | None:
    """Edits between two names, where it is their words that are misspelt: `min_price` is no `max_price`, nor
    a weight a height."""
    pairs = list(zip(_WORD.findall(one), _WORD.findall(other), strict=False))
    if len(_WORD.findall(one)) == len(_WORD.findall(other)):
        words = [(normal(a), normal(b)) for a, b in pairs]
        if any(a != b and (a.isdigit() or b.isdigit() or _opposed(a, b)) for a, b in words):
            return None
        if any(a != b and (min(len(a), len(b)) < 4 or a[0] != b[0]) for a, b in words):
            return None
    return _distance(_plain(one), _plain(other))


def _opposed(one: str, other: str) -> bool:
    """`payer` and `payee`, `hypertension` and `hypotension`: near in letters, and other things."""
    ends = {one[-2:], other[-2:]}
    starts = {one[:5], other[:5]}
    return (
        ("ee" in ends and bool(ends & {"er", "or"}))
        or any(a.startswith("hyper") and b.startswith("hypo") for a, b in ((one, other), (other, one)))
        or starts == {"inter", "intra"}
        or {one, other} == {"contact", "contract"}
    )


_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")


def _distance(one: str, other: str) -> int | None:
    """Edits between two names, where they are few for their length."""
    allowed = 0 if min(len(one), len(other)) < 4 else 1 if min(len(one), len(other)) < 8 else 2
    if abs(len(one) - len(other)) > allowed or max(len(one), len(other)) > 60:
        return None
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (a != b)))
        before = now
    return before[-1] if before[-1] <= allowed else None
