"""Take from a corrected value only what was wrong in another one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from structgen.longdoc.composition import path_of
from structgen.types import Violation

MISSING_MEMBERS = frozenset({"required", "dependentRequired", "dependencies", "minProperties"})
"""Keywords that an object violates by members that it lacks."""


def with_corrections(value: Any, corrected: Any, violations: Iterable[Violation]) -> Any:
    """Return the value with the members of a corrected one at the pointers of violations.

    An object that lacks members gets those, and keeps its own. A list on the way is replaced as a whole.
    """
    for violation in violations:
        value = _patched(value, corrected, path_of(violation.pointer), violation.keyword in MISSING_MEMBERS)
    return value


def _patched(value: Any, corrected: Any, path: Sequence[str], lacks_members: bool) -> Any:
    if not (isinstance(value, dict) and isinstance(corrected, dict)):
        return corrected
    if not path:
        return {**corrected, **value} if lacks_members else corrected
    name, rest = path[0], path[1:]
    if name not in corrected:
        return {key: member for key, member in value.items() if key != name}
    member = _patched(value[name], corrected[name], rest, lacks_members) if name in value else corrected[name]
    return {**value, name: member}
