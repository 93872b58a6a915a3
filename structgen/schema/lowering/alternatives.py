"""Lower `allOf` and `anyOf`, and the keywords that are desugared into them."""

from __future__ import annotations

from typing import Any

from structgen.schema.identity import IdentitySet
from structgen.schema.lowering import object_shape
from structgen.schema.lowering.desugar.group import Group
from structgen.schema.lowering.desugar.groups import groups
from structgen.schema.lowering.desugar.switch import switch
from structgen.schema.lowering.node import NodeLowering


def lower_branches(lowering: NodeLowering) -> None:
    """Lower the branches of `allOf` and `anyOf`. Conditions on one member become a single choice."""
    for keyword in ("allOf", "anyOf"):
        if keyword in lowering.source:
            sole = lowering.sole_object_schema and object_shape.is_sole(lowering.source, keyword)
            branches = _lower_switch(lowering) if keyword == "allOf" else lowering.source[keyword]
            lowered = [lowering.lower_branch(branch, sole).node for branch in branches]
            lowering.node.setdefault(keyword, []).extend(lowered)


def _lower_switch(lowering: NodeLowering) -> list[Any]:
    """Lower the conditions on the values of one member. Return the other branches of `allOf`."""
    branches: list[Any] = lowering.source["allOf"]
    switched = switch(lowering.source, lowering.bounded_resolve())
    if switched is None or not lowering.branch_budget.spend(len(switched.alternatives)):
        return branches
    lowered = [lowering.lower_branch(alternative, False) for alternative in switched.alternatives]
    choice = {"anyOf": [alternative.node for alternative in lowered]}
    lowering.add_conjunct(choice)
    exact = switched.exact and not any(alternative.uncounted for alternative in lowered)
    reason = "" if exact else "a part of it is validated"
    for condition in switched.conditions:
        source_map = lowering.compilation.source_map
        source_map.claim(condition, "if", choice, "anyOf", exact=exact, reason=reason)
    switched_conditions = IdentitySet(switched.conditions)
    return [branch for branch in branches if branch not in switched_conditions]


def lower_desugared(lowering: NodeLowering) -> None:
    """Lower the keywords that the backend lacks, as choices beside the node."""
    desugared = list(
        groups(
            lowering.source,
            lowering.bounded_resolve(),
            lowering.compilation.dialect,
            countable=lowering.countable,
        )
    )
    if not desugared:
        return
    affordable = _affordable(lowering, desugared)
    # A keyword may have several groups. It is decoded only where all of them are.
    inexact = {
        group.keyword: group.reason for group in desugared if group not in affordable or not group.exact
    }
    choices: dict[str, dict[str, Any]] = {}
    alternatives: dict[str, list[Any]] = {}
    for group in affordable:
        sole = lowering.sole_object_schema and object_shape.is_sole(lowering.source, group.keyword)
        lowered = [lowering.lower_branch(alternative, sole) for alternative in group.alternatives]
        if any(alternative.uncounted for alternative in lowered):
            inexact.setdefault(group.keyword, "members are counted afterwards")
        if any(alternative.node is True or alternative.node == {} for alternative in lowered):
            inexact.setdefault(group.keyword, group.reason)
            continue
        choice = {"anyOf": [alternative.node for alternative in lowered]} if lowered else {"enum": []}
        lowering.add_conjunct(choice)
        choices[group.keyword] = choice
        alternatives.setdefault(group.keyword, []).extend(group.alternatives)
    for keyword, choice in choices.items():
        lowering.compilation.source_map.claim(
            lowering.source,
            keyword,
            choice,
            next(iter(choice)),
            exact=keyword not in inexact,
            reason=inexact.get(keyword, ""),
            alternatives=alternatives[keyword],
        )


def _affordable(lowering: NodeLowering, desugared: list[Group]) -> list[Group]:
    """Choose groups that the branch budget admits: exact ones first, then those of few alternatives."""
    ordered = sorted(desugared, key=lambda group: (not group.exact, len(group.alternatives)))
    return [group for group in ordered if lowering.branch_budget.spend(len(group.alternatives))]
