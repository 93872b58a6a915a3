"""A value put right where it breaks a schema, with values that are known to be good: they mean nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import islice
from typing import Any

from structgen import json_text
from structgen.schema.algebra.dnf import Requirement
from structgen.schema.reorder import schemas_at
from structgen.schema.synthesis.instances import Witness
from structgen.schema.traversal import pointer

_ROUNDS = 8
_TRIED = 6
"""Values for one place."""

Path = tuple[str | int, ...]
Mended = tuple[Any, tuple[str, ...]]
"""A valid value, and pointers to what was put into it."""
Faults = Callable[[Any], Sequence[Path]]


def mended(definition: Any, value: Any, longest: int, faults: Faults, witness: Witness) -> Mended | None:
    """The value with as little replaced as can be, or a short new one where that takes more characters.

    None where nothing is found.
    """
    made = _put_right(definition, value, faults, witness)
    if made is not None and len(json_text.dumps(made[0])) <= longest:
        return made
    for new in islice(witness.values([(definition, True)]), _TRIED):
        if not faults(new):
            return new, ("",)
    return made


def _put_right(definition: Any, value: Any, faults: Faults, witness: Witness) -> Mended | None:
    replaced: list[str] = []
    for _ in range(_ROUNDS):
        found = faults(value)
        if not found:
            return value, tuple(dict.fromkeys(replaced))
        better = _better(definition, value, found, faults, witness)
        if better is None:
            return None
        value, at = better
        replaced.append(pointer(at))
    return None


def _better(
    definition: Any, value: Any, found: Sequence[Path], faults: Faults, witness: Witness
) -> tuple[Any, Path] | None:
    """With another value at the first fault, or as near above it as one helps."""
    for depth in range(len(found[0]), -1, -1):
        place = found[0][:depth]
        inside = [path[depth] for path in found if path[:depth] == place and len(path) > depth]
        demands: list[Requirement] = [
            (part, True) for part in schemas_at(definition, value, place, witness.resolve)
        ]
        for asked in _sound(_at(value, place), inside):
            for new in islice(witness.values([*asked, *demands]), _TRIED):
                made = _replaced(value, place, new)
                if len(faults(made)) < len(found):
                    return made, place
    return None


def _sound(value: Any, inside: Sequence[Any]) -> Iterator[list[Requirement]]:
    """First with the members that are sound, then without."""
    if isinstance(value, dict):
        kept = {name: {"const": member} for name, member in value.items() if name not in inside}
        if kept:
            yield [({"type": "object", "properties": kept, "required": list(kept)}, True)]
    yield []


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _replaced(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    made = deepcopy(value)
    _at(made, path[:-1])[path[-1]] = new
    return made
