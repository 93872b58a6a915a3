"""Judge what a reader makes of a damaged text: exact, failed, or wrong by the risk that it claims."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import json_repair
from damage_operators import ABSENT, Damage, Edit, Sample, applied, changed
from jsonpointer import JsonPointer, JsonPointerException
from repair import equal

import structgen
from structgen.parsing.incremental.partial_json import parse_partial
from structgen.parsing.result import RepairResult
from structgen.types import RISKS, Risk


@dataclass(frozen=True)
class Case:
    """A damaged text, with the values that are right without and with the schema."""

    operator: str
    sample: Sample
    text: str
    plain: tuple[Any, ...]
    typed: tuple[Any, ...]
    at: int = 0
    """Position of the first edit."""
    may_fail: bool = False
    least: Any = ABSENT
    """For a cut text: the complete members before the cut."""

    def right(self, value: Any, *, typed: bool) -> bool:
        """Return whether the value is one of the right ones."""
        if self.least is not ABSENT:
            return any(keeps(value, self.least) and is_part(value, full) for full in self.typed)
        return any(equal(value, meant) for meant in (self.typed if typed else self.plain))


class Judgement(NamedTuple):
    """The outcome of one text: `exact`, `failed` or a risk class of a wrong value."""

    outcome: str
    value: Any
    named: bool = False
    """Whether `alternatives` names the meant value at a pointer."""
    account: str = ""


def case_of(name: str, sample: Sample, damage: Damage) -> Case:
    """Return the case that a damage makes of a sample."""
    plain = tuple(changed(sample.value, changes) for changes in (*damage.meant, *damage.plain))
    # A schema that is open at the place, or allows a text there, leaves what is right without one.
    typed = tuple(value for value in plain if not sample.schema.violations(value))
    if damage.only_plain is not None:
        plain = tuple(changed(sample.value, changes) for changes in damage.only_plain)
    least = ABSENT if damage.cut is None else parse_partial(sample.text[: damage.cut]).value
    at = min(edit.start for edit in damage.edits)
    return Case(name, sample, applied(sample.text, damage.edits), plain, typed, at, damage.may_fail, least)


def is_valid(text: str) -> bool:
    """Return whether the text is JSON as RFC 8259 defines it."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        return False
    return True


def keeps(value: Any, complete: Any) -> bool:
    """Return whether every complete member stands in `value`; an empty container may be absent."""
    if isinstance(complete, dict):
        return isinstance(value, dict) and all(
            (part in ({}, []) and key not in value) or (key in value and keeps(value[key], part))
            for key, part in complete.items()
        )
    if isinstance(complete, list):
        items = complete[:-1] if complete and complete[-1] in ({}, []) else complete
        return isinstance(value, list) and len(value) >= len(items) and all(map(keeps, value, items))
    return equal(value, complete)


def is_part(value: Any, full: Any) -> bool:
    """Return whether a cut of `full` may give `value`: without members, with nulls, or pieces of scalars."""
    if value is None:
        return True
    if isinstance(value, dict):
        return isinstance(full, dict) and all(
            part is None or (key in full and is_part(part, full[key])) for key, part in value.items()
        )
    if isinstance(value, list):
        return isinstance(full, list) and len(full) >= len(value) and all(map(is_part, value, full))
    if isinstance(value, str) and isinstance(full, str):
        return full.startswith(value)
    if isinstance(value, bool) or isinstance(full, bool) or not isinstance(value, int | float):
        return equal(value, full)
    return isinstance(full, int | float) and str(full).startswith(str(value).removesuffix(".0"))


def claimed(result: RepairResult) -> Risk:
    """Return the highest risk that a result claims."""
    if result.dropped or result.alternatives:
        return "inferred"
    risks = [fix.risk for fix in result.fixes] + [change.risk for change in result.changes]
    return max(risks, key=RISKS.index, default="lossless")


def judged_ours(case: Case, *, typed: bool) -> Judgement:
    """Repair the text with structgen."""
    result = structgen.repair(case.text, case.sample.schema if typed else None)
    account = "; ".join(
        [f"{fix.kind}@{fix.start}-{fix.end}{fix.text[:20]!r}" for fix in result.fixes]
        + [f"{change.op} {change.path} ({change.reason})" for change in result.changes]
        + [f"dropped {drop.text[:40]!r} at {drop.pointer!r}" for drop in result.dropped]
        + [f"or {other.value!r} at {other.pointer!r} (+{other.cost})" for other in result.alternatives]
        + [f"violation {violation.message[:80]}" for violation in result.violations]
    )
    right = case.right(result.value, typed=typed)
    # A cut text lacks required members: it fails, but keeps what is complete.
    if right and (result.status != "failed" or case.least is not ABSENT):
        return Judgement("exact", result.value, account=account)
    if result.status == "failed":
        return Judgement("exact" if case.may_fail else "failed", result.value, account=account)
    return Judgement(claimed(result), result.value, _named(case, result, typed), account)


def _named(case: Case, result: RepairResult, typed: bool) -> bool:
    """Return whether an alternative has the meant value at its pointer, where the result has another."""
    meants = case.typed if typed else case.plain
    for other in result.alternatives:
        for meant in meants:
            wanted, had = _at(meant, other.pointer), _at(result.value, other.pointer)
            named = other.value is None if wanted is ABSENT else equal(wanted, other.value)
            if (named and (had is ABSENT) | (wanted is ABSENT)) or (named and not equal(had, wanted)):
                return True
    return False


def _at(value: Any, pointer: str) -> Any:
    try:
        return JsonPointer(pointer).resolve(value, ABSENT)
    except (JsonPointerException, TypeError, ValueError):
        return ABSENT


def judged_json_repair(case: Case, *, typed: bool) -> Judgement:
    """Repair the text with json_repair; with a schema, in its mode that changes most."""
    try:
        if typed:
            options: Any = {"schema": json.loads(case.sample.schema.text), "schema_repair_mode": "salvage"}
            value = json_repair.loads(case.text, **options)
        else:
            value = json_repair.loads(case.text)
    except Exception:
        return Judgement("exact" if case.may_fail else "failed", None)
    if case.right(value, typed=typed):
        return Judgement("exact", value)
    return Judgement("failed" if value == "" else "wrong", value)


def composed(one: Damage, other: Damage) -> Damage | None:
    """Return both damages at once; None where they meet or their meanings cannot be combined."""
    edits = sorted([*one.edits, *other.edits], key=lambda edit: (edit.start, edit.end))
    if any(_meet(first, second) for first, second in itertools.pairwise(edits)):
        return None
    if (one.cut is not None or other.cut is not None) and (_changes(one) or _changes(other)):
        return None
    if any(() in changes for damage in (one, other) for changes in (*damage.meant, *damage.plain)):
        return None
    # A reader of several right values takes any of each.
    meant = tuple({**a, **b} for a in one.meant for b in other.meant)
    plain = tuple({**a, **b} for a in (*one.meant, *one.plain) for b in (*other.meant, *other.plain))
    may_fail = one.may_fail or other.may_fail
    cut = one.cut if one.cut is not None else other.cut
    only = None
    if one.only_plain is not None or other.only_plain is not None:
        only = tuple(
            {**a, **b}
            for a in (one.only_plain or (*one.meant, *one.plain))
            for b in (other.only_plain or (*other.meant, *other.plain))
        )
    return Damage(tuple(edits), meant, plain, only, may_fail, cut)


def _changes(damage: Damage) -> bool:
    return any((*damage.meant, *damage.plain)) or damage.only_plain is not None


def _meet(first: Edit, second: Edit) -> bool:
    """Whether two edits of a text, in order, touch each other within it."""
    if first.end > second.start:
        return True
    same_place = first.start == first.end == second.start == second.end
    return same_place and first.start > 0
