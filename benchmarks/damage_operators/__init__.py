"""Damage valid JSON texts by one fault, and know the value that is meant."""

from damage_operators import (
    brackets,
    characters,
    comments,
    cuts,
    escapes,
    inner_quotes,
    lost_brackets,
    programs,
    prose,
    python,
    quotes,
    rows,
    scalars,
    separators,
    surroundings,
    words,
)
from damage_operators.base import (
    ABSENT,
    OPERATORS,
    Changes,
    Damage,
    Edit,
    Registered,
    Sample,
    applied,
    changed,
)

FAMILIES = {
    name: module.__name__
    for module in (
        lost_brackets, brackets, separators, quotes, inner_quotes, escapes, scalars, comments, words,
        cuts, rows, python, programs, prose, surroundings, characters,
    )
    for name in OPERATORS
    if OPERATORS[name].make.__module__ == module.__name__
}  # fmt: skip
"""The module of each operator."""
__all__ = [
    "ABSENT",
    "FAMILIES",
    "OPERATORS",
    "Changes",
    "Damage",
    "Edit",
    "Registered",
    "Sample",
    "applied",
    "changed",
]
