"""The result of desugaring a keyword: alternatives in the syntax of the schema's draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NOT_OBJECT = {"type": ["null", "boolean", "array", "number", "string"]}
NOT_ARRAY = {"type": ["null", "boolean", "object", "number", "string"]}


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives that replace a keyword: a value must satisfy one of them.

    An `exact` group accepts no other value than the keyword does. Of one that is not, `reason` says why.
    """

    keyword: str
    alternatives: tuple[Any, ...]
    exact: bool
    reason: str = ""


def both(one: Any, other: Any) -> Any:
    """Return the conjunction of two schemas."""
    conjuncts = [schema for schema in (one, other) if schema is not True]
    return {"allOf": conjuncts} if len(conjuncts) > 1 else (conjuncts[0] if conjuncts else True)
