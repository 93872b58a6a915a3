"""Compute the difference of two JSON values as RFC 6902 operations."""

from __future__ import annotations

from typing import Any

from structgen import json_text
from structgen.parsing.json_patch import Change
from structgen.schema.traversal import pointer
from structgen.types import Risk


def diff(old: Any, new: Any, *, reason: str, risk: Risk) -> list[Change]:
    """Return the operations that lead from `old` to `new`, each with the reason and the risk.

    Objects are compared member by member, lists of the same length item by item; other values are replaced.
    """
    return _diff(old, new, (), reason, risk)


def _diff(old: Any, new: Any, path: tuple[str | int, ...], reason: str, risk: Risk) -> list[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        changes = [Change("remove", pointer((*path, key)), reason, risk) for key in old if key not in new]
        added = [key for key in new if key not in old]
        changes += [Change("add", pointer((*path, key)), reason, risk, new[key]) for key in added]
        for key in old:
            if key in new:
                changes += _diff(old[key], new[key], (*path, key), reason, risk)
        return changes
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        changes = []
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            changes += _diff(before, after, (*path, index), reason, risk)
        return changes
    if json_text.dumps(old) == json_text.dumps(new):
        return []
    return [Change("replace", pointer(path), reason, risk, new)]
