"""Desugar `oneOf`: each branch beside the complements of those that it may overlap with."""

from __future__ import annotations

from typing import Any

from structgen.schema.algebra.complement import EVERYTHING, Complement, all_of, branches_of
from structgen.schema.algebra.difference import beyond, declared
from structgen.schema.algebra.disjointness import disjoint, types_of
from structgen.schema.algebra.negation import complement
from structgen.schema.lowering.desugar.group import Group
from structgen.schema.traversal import Resolve

_MAX_BRANCHES = 24
"""Branches of a `oneOf` up to which each is separated from the others by their complements."""
_MAX_COMPLEMENT_LENGTH = 1_500
"""Characters of the complements beside one branch."""
_MAX_COMPLEMENT_ALTERNATIVES = 32
"""Largest product of the numbers of alternatives of the complements beside one branch."""
_OVERLAP = "its branches overlap"


def one_of(schema: dict[str, Any], resolve: Resolve) -> Group:
    """Return the branches, each without the values that others accept too."""
    branches, types = schema["oneOf"], types_of(schema)
    if len(branches) > _MAX_BRANCHES:
        return Group("oneOf", tuple(branches), False, _OVERLAP)
    alternatives, exact, names = [], True, declared(branches, resolve)
    for branch in branches:
        others = [
            other for other in branches if other is not branch and not disjoint(branch, other, resolve, types)
        ]
        outside = _outside(branch, others, resolve)
        exact = exact and outside.exact
        if outside.schema is not False and branch is not False:
            conjuncts = [branch, {"properties": names}, outside.schema] if names else [branch, outside.schema]
            alternatives.append(branch if outside.schema is True else {"allOf": conjuncts})
    return Group("oneOf", tuple(alternatives), exact, "" if exact else _OVERLAP)


def _outside(branch: Any, others: list[Any], resolve: Resolve) -> Complement:
    """Return the complement of the other branches within this one, as far as it is short."""
    complements = [complement(beyond(other, branch, resolve), resolve) for other in others]
    length, product = 0, 1
    affordable = []
    for negated in sorted(complements, key=lambda negated: len(repr(negated.schema))):
        length += len(repr(negated.schema))
        alternatives = product * len(branches_of(negated.schema))
        if length <= _MAX_COMPLEMENT_LENGTH and alternatives <= _MAX_COMPLEMENT_ALTERNATIVES:
            affordable.append(negated)
            product = alternatives
        else:
            affordable.append(EVERYTHING)
    return all_of(affordable)
