"""Complements of types and of constants."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from structgen.schema.algebra.complement import DISJOINT_TYPES, Complement, any_of
from structgen.schema.algebra.excluded_strings import other_than
from structgen.schema.traversal import json_type

_MAX_CHARACTERS = 200
"""Total length of the excluded strings up to which a pattern excludes them."""
_MAX_NUMBERS = 8


def other_types(names: Sequence[str]) -> Complement:
    """Return the complement of `type`."""
    others = [name for name in DISJOINT_TYPES if name not in names]
    exact = "integer" not in names or "number" in names
    return Complement({"type": others} if others else False, exact)


def other_values(values: Sequence[Any]) -> Complement:
    """Return the complement of `enum`."""
    types = {json_type(value) for value in values}
    complements = [other_types(sorted(types))]
    strings = [value for value in values if isinstance(value, str)]
    numbers = sorted({value for value in values if json_type(value) == "number"})
    booleans = {value for value in values if isinstance(value, bool)}
    if strings and sum(map(len, strings)) <= _MAX_CHARACTERS:
        escaped = any('"' in string or "\\" in string for string in strings)  # a grammar excludes neither
        complements.append(Complement({"type": "string", "pattern": other_than(strings)}, not escaped))
    elif strings:
        complements.append(Complement({"type": "string"}, False))
    if numbers:
        complements.append(_other_numbers(numbers))
    if len(booleans) == 1:
        complements.append(Complement({"enum": [not booleans.pop()]}, True))
    complements += [Complement({"type": name}, False) for name in ("array", "object") if name in types]
    return any_of(complements)


def _other_numbers(numbers: Sequence[float]) -> Complement:
    """Return the open intervals between the numbers."""
    if len(numbers) > _MAX_NUMBERS:
        return Complement({"type": "number"}, False)
    ends = [None, *numbers, None]
    intervals = []
    for low, high in pairwise(ends):
        interval: dict[str, Any] = {"type": "number"}
        interval |= {} if low is None else {"exclusiveMinimum": low}
        interval |= {} if high is None else {"exclusiveMaximum": high}
        intervals.append(interval)
    return Complement({"anyOf": intervals}, True)
