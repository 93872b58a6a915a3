"""Desugar keywords that grammar backends lack into groups of alternatives that they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from structgen.schema.algebra.complement import branches_of
from structgen.schema.algebra.disjointness import types_of
from structgen.schema.algebra.negation import complement
from structgen.schema.dialects import Dialect
from structgen.schema.lowering.desugar.arrays import array_groups
from structgen.schema.lowering.desugar.conditions import conditional, dependent
from structgen.schema.lowering.desugar.group import Group
from structgen.schema.lowering.desugar.one_of import one_of
from structgen.schema.lowering.desugar.property_counts import property_counts
from structgen.schema.traversal import Resolve


def groups(schema: dict[str, Any], resolve: Resolve, dialect: Dialect, *, countable: bool) -> Iterator[Group]:
    """Yield the groups that replace keywords of a schema, in the syntax of its draft.

    Alternatives of types that the schema excludes are left out. `countable`: every property name is
    statically known, so that `minProperties` and `maxProperties` can be desugared.
    """
    types = types_of(schema)
    for group in _groups(schema, resolve, dialect, countable):
        possible = tuple(branch for branch in group.alternatives if types & types_of(branch))
        yield replace(group, alternatives=possible)


def _groups(schema: dict[str, Any], resolve: Resolve, dialect: Dialect, countable: bool) -> Iterator[Group]:
    if "oneOf" in schema:
        yield one_of(schema, resolve)
    if "not" in schema:
        yield _negation(schema["not"], resolve)
    if "if" in schema:
        yield from conditional(schema, resolve)
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        if isinstance(schema.get(keyword), dict):
            yield from dependent(keyword, schema[keyword])
    if countable:
        yield from property_counts(schema)
    yield from array_groups(schema, resolve, dialect)


def _negation(negated: Any, resolve: Resolve) -> Group:
    whole = complement(negated, resolve)
    reason = "" if whole.exact else "only part of it can be negated"
    return Group("not", tuple(branches_of(whole.schema)), whole.exact, reason)
