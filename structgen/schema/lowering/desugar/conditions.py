"""Desugar `if`, `dependentRequired`, `dependentSchemas` and `dependencies`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen.schema.algebra.complement import absent
from structgen.schema.algebra.negation import complement
from structgen.schema.lowering.desugar.group import NOT_OBJECT, Group, both
from structgen.schema.traversal import Resolve


def conditional(schema: dict[str, Any], resolve: Resolve) -> Iterator[Group]:
    """Yield the group of `if`: the condition with `then`, or its complement with `else`."""
    then, otherwise = schema.get("then", True), schema.get("else", True)
    if then is True and otherwise is True:
        return
    negated = complement(schema["if"], resolve)
    alternatives = []
    if then is not False:
        alternatives.append(both(schema["if"], then))
    if negated.schema is not False and otherwise is not False:
        alternatives.append(both(negated.schema, otherwise))
    reason = "" if negated.exact else "the condition can only be negated in part"
    yield Group("if", tuple(alternatives), negated.exact, reason)


def dependent(keyword: str, dependencies: dict[str, Any]) -> Iterator[Group]:
    """Yield a group for each dependency: the member is absent, or its dependency holds."""
    for name, dependency in dependencies.items():
        needed = [dependency] if isinstance(dependency, str) else dependency
        if needed == [] or needed is True:
            continue
        if isinstance(needed, list):
            present: Any = {"required": [name, *needed]}
        else:
            present = both({"required": [name]}, needed)
        yield Group(keyword, (absent(name), present, NOT_OBJECT), True)
