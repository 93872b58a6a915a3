"""Keywords that no grammar backend knows, written as alternatives that it does know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import Any

from structgen.schema.algebra.difference import beyond, declared
from structgen.schema.algebra.disjointness import disjoint, types_of
from structgen.schema.algebra.negation import EVERYTHING, Complement, Resolve, absent, all_of, complement
from structgen.schema.dialects import Dialect
from structgen.schema.lowering.array_keywords import Ways, containing, unique

MOST_ALTERNATIVES = 128
"""Of one keyword; of all at one place, multiplied."""
_MOST_BRANCHES = 24
"""Of a `oneOf` whose branches are kept apart by one another's complements."""
_LARGEST_APART = 1_500
"""Characters of the complements beside one branch."""
_MOST_APART = 32
"""Their alternatives, multiplied."""


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives that stand for a keyword: a value has to satisfy any of them.

    `exact` where no other value does; else there is more, and `reason` says why.
    """

    keyword: str
    alternatives: tuple[Any, ...]
    exact: bool
    reason: str = ""


def groups(
    schema: dict[str, Any], resolve: Resolve, dialect: Dialect, *, closed: bool, counted: bool
) -> Iterator[Group]:
    """What is to be said in other words, in those of the draft. `closed`: the object can have no members
    but the named ones; `counted`: all of its names are in sight, so that they can be counted."""
    types = types_of(schema)
    for group in _groups(schema, resolve, dialect, closed, counted):
        possible = tuple(part for part in group.alternatives if types & types_of(part))
        yield replace(group, alternatives=possible)


def _groups(
    schema: dict[str, Any], resolve: Resolve, dialect: Dialect, closed: bool, counted: bool
) -> Iterator[Group]:
    draft4 = dialect.name == "draft4"
    if "oneOf" in schema:
        yield _one_of(schema, resolve)
    if "not" in schema:
        yield _group("not", [complement(schema["not"], resolve)], "only part of it can be negated")
    if "if" in schema and not draft4:
        yield from _conditional(schema, resolve)
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        if isinstance(schema.get(keyword), dict):
            yield from _dependent(keyword, schema[keyword])
    if counted:
        yield from _counted(schema, closed)
    if schema.get("uniqueItems") is True:
        yield from _of_items("uniqueItems", unique(schema, resolve), dialect)
    if "contains" in schema and not draft4:
        yield from _of_items("contains", containing(schema, resolve), dialect)


def _of_items(keyword: str, ways: Ways, dialect: Dialect) -> Iterator[Group]:
    """Alternatives for arrays; values of other types are let be."""
    alternatives, exact = ways
    arrays = [{"type": "array", **_tuple(way, dialect)} for way in alternatives]
    if arrays:
        yield Group(
            keyword, (*arrays, _NO_ARRAY), exact, "" if exact else "only of short arrays or few values"
        )


def _tuple(way: dict[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Before 2020-12, tuples stood in `items`."""
    if "prefixItems" not in way or dialect.name == "draft2020-12":
        return way
    others = {keyword: part for keyword, part in way.items() if keyword not in ("prefixItems", "items")}
    return {**others, "items": way["prefixItems"], "additionalItems": way.get("items", True)}


def within_budget(found: list[Group], before: int = 1) -> list[Group]:
    """Those whose alternatives, multiplied, are few enough: the smallest first. `before`: the product of
    those that hold for the same value already."""
    kept, product = [], before
    for group in sorted(found, key=lambda g: (not g.exact, len(g.alternatives))):
        if product * max(1, len(group.alternatives)) <= MOST_ALTERNATIVES:
            product *= max(1, len(group.alternatives))
            kept.append(group)
    return kept


def _group(keyword: str, parts: list[Complement], reason: str) -> Group:
    whole = all_of(parts)
    alternatives = whole.schema["anyOf"] if _is_union(whole.schema) else [whole.schema]
    return Group(keyword, tuple(alternatives), whole.exact, "" if whole.exact else reason)


def _is_union(schema: Any) -> bool:
    return isinstance(schema, dict) and set(schema) == {"anyOf"}


def _one_of(schema: dict[str, Any], resolve: Resolve) -> Group:
    branches, types = schema["oneOf"], types_of(schema)
    if len(branches) > _MOST_BRANCHES:
        return Group("oneOf", tuple(branches), False, "its branches overlap")
    alternatives, exact, names = [], True, declared(branches, resolve)
    for branch in branches:
        others = [o for o in branches if o is not branch and not disjoint(branch, o, resolve, types)]
        apart = _apart(branch, others, resolve)
        exact = exact and apart.exact
        if apart.schema is not False and branch is not False:
            parts = [branch, {"properties": names}, apart.schema] if names else [branch, apart.schema]
            alternatives.append(branch if apart.schema is True else {"allOf": parts})
    return Group("oneOf", tuple(alternatives), exact, "" if exact else "its branches overlap")


def _apart(branch: Any, others: list[Any], resolve: Resolve) -> Complement:
    """What of the branch none of the others accepts, as far as that is short."""
    parts = [complement(beyond(other, branch, resolve), resolve) for other in others]
    left, product = _LARGEST_APART, 1
    kept = []
    for part in sorted(parts, key=lambda part: len(repr(part.schema))):
        ways = len(part.schema["anyOf"]) if _is_union(part.schema) else 1
        left, product = left - len(repr(part.schema)), product * ways
        kept.append(part if left >= 0 and product <= _MOST_APART else EVERYTHING)
        product //= 1 if kept[-1] is part else ways
    return all_of(kept)


def _conditional(schema: dict[str, Any], resolve: Resolve) -> Iterator[Group]:
    then, otherwise = schema.get("then", True), schema.get("else", True)
    if then is True and otherwise is True:
        return
    refused = complement(schema["if"], resolve)
    alternatives = []
    if then is not False:
        alternatives.append(_both(schema["if"], then))
    if refused.schema is not False and otherwise is not False:
        alternatives.append(_both(refused.schema, otherwise))
    reason = "" if refused.exact else "the condition can only be negated in part"
    yield Group("if", tuple(alternatives), refused.exact, reason)


def _both(one: Any, other: Any) -> Any:
    parts = [part for part in (one, other) if part is not True]
    return {"allOf": parts} if len(parts) > 1 else (parts[0] if parts else True)


def _dependent(keyword: str, wanted: dict[str, Any]) -> Iterator[Group]:
    for name, part in wanted.items():
        names = [part] if isinstance(part, str) else part
        needs = {"required": [name, *names]} if isinstance(names, list) else names
        if names == [] or names is True:
            continue
        there = needs if isinstance(names, list) else _both({"required": [name]}, needs)
        yield Group(keyword, (absent(name), there, NO_OBJECT), True)


NO_OBJECT = {"type": ["null", "boolean", "array", "number", "string"]}
_NO_ARRAY = {"type": ["null", "boolean", "object", "number", "string"]}


def _counted(schema: dict[str, Any], closed: bool) -> Iterator[Group]:
    """`minProperties`, `maxProperties` where properties are named: which of the optional ones are there."""
    least, most = int(schema.get("minProperties", 0)), schema.get("maxProperties")
    required = set(schema.get("required", ())) if isinstance(schema.get("required"), list) else set()
    optional = [
        n for n, part in schema.get("properties", {}).items() if n not in required and part is not False
    ]
    if least > len(required) and optional:
        yield _at_least(least, required, optional, closed)
    if most is not None and optional and not (closed and int(most) >= len(required) + len(optional)):
        yield _at_most(int(most), required, optional, closed)


def _at_least(least: int, required: set[str], optional: list[str], closed: bool) -> Group:
    missing = least - len(required)
    if comb(len(optional), missing) > MOST_ALTERNATIVES // 2 or (missing > 1 and not closed):
        return Group("minProperties", (True,), False, "too many combinations")
    ways: list[Any] = [{"required": list(names)} for names in combinations(optional, missing)]
    if not closed:
        ways.append({"properties": dict.fromkeys(optional, False), "minProperties": least})
    return Group("minProperties", (*ways, NO_OBJECT), True)


def _at_most(most: int, required: set[str], optional: list[str], closed: bool) -> Group:
    left = most - len(required)
    if left < 0:
        return Group("maxProperties", (NO_OBJECT,), True)
    if comb(len(optional), min(left, len(optional))) > MOST_ALTERNATIVES // 2 or (left > 1 and not closed):
        return Group("maxProperties", (True,), False, "too many combinations")
    ways: list[Any] = []
    for names in combinations(optional, left):
        way: dict[str, Any] = {"properties": {n: False for n in optional if n not in names}}
        ways.append(way if closed else {**way, "required": list(names), "maxProperties": most})
    if not closed and left:
        ways.append({"properties": dict.fromkeys(optional, False), "maxProperties": most})
    return Group("maxProperties", (*ways, NO_OBJECT), True)
