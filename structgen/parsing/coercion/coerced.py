"""Hold a coerced value with its cost, and price the changes that lead to it.

Costs are only compared between alternatives for the same value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from structgen import json_text
from structgen.parsing.json_patch import Change
from structgen.parsing.tolerant.parse_result import Alternative
from structgen.schema.traversal import pointer
from structgen.types import RISKS, Risk, exceeds

MISMATCH = 10_000.0
"""Cost of a value that still violates its schema."""
COST: dict[Risk, float] = {"lossless": 1, "coerced": 10, "inferred": 100, "model": 1_000}
"""Cost of a change by its risk."""
ALTERNATIVE_COST = 100.0
"""How much more the other reading of an ambiguous value costs."""
_MAX_WRAPPINGS = 8
_WORD = re.compile(r"[^\W_]+")


class BareText(str):
    """A text without JSON syntax. It is a string only where the schema wants one, at a cost."""


@dataclass(frozen=True, slots=True)
class Coerced:
    """A value, its cost, and the changes that led to it, with pointers relative to the value."""

    value: Any
    cost: float = 0.0
    changes: tuple[Change, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    """What others may read in place of a part of `value`, with pointers into `value`."""

    @property
    def is_mismatch(self) -> bool:
        """Whether the value still violates its schema."""
        return self.cost >= MISMATCH

    def then(self, step: Callable[[Any], Coerced]) -> Coerced:
        """Coerce the value further, and add up costs, changes and alternatives."""
        following = step(self.value)
        if not self.cost and not self.changes and not self.alternatives:
            return following
        return Coerced(
            following.value,
            self.cost + following.cost,
            self.changes + following.changes,
            self.alternatives + following.alternatives,
        )

    def with_alternative(self, value: Any) -> Coerced:
        """Return the same with a value that others may read in place of the whole."""
        other = Alternative("", value, ALTERNATIVE_COST)
        return replace(self, alternatives=(*self.alternatives, other))

    def alternatives_under(self, step: str | int) -> list[Alternative]:
        """Return the alternatives for the value as a member or item of a container."""
        prefix = pointer([step]) if self.alternatives else ""
        return [other._replace(pointer=prefix + other.pointer) for other in self.alternatives]


class Coerce(Protocol):
    """Coerces a value to a subschema. Containers coerce their members and items through it."""

    def __call__(self, value: Any, schema: Any, depth: int) -> Coerced:
        """Return the cheapest value under the schema; `depth` counts the schemas above."""


class Pricing:
    """Make changes up to the highest risk that is allowed."""

    def __init__(self, max_risk: Risk) -> None:
        self._max_risk = max_risk

    def allows(self, risk: Risk) -> bool:
        """Whether changes of this risk are allowed."""
        return not exceeds(risk, self._max_risk)

    def replace(
        self,
        old: Any,
        new: Any,
        risk: Risk,
        reason: str,
        extra: float = 0,
        others: Iterable[Any] = (),
    ) -> Coerced:
        """Replace a value at the cost of the risk and `extra`; a mismatch where the risk is not allowed.

        The reason quotes the value where words of it are not in the new one. `others` are alternatives.
        """
        if not self.allows(risk):
            return Coerced(old, MISMATCH)
        change = Change("replace", "", quoting(reason, old, new), risk, new)
        alternatives = tuple(Alternative("", other, ALTERNATIVE_COST) for other in others)
        return Coerced(new, COST[risk] + extra, (change,), alternatives)

    def replace_whole(self, old: Any, inner: Coerced, risk: Risk, reason: str, extra: float) -> Coerced:
        """Replace a value by a coerced part of it, as one change with the highest risk of all."""
        if inner.is_mismatch:
            return Coerced(old, max(MISMATCH, inner.cost))
        highest = max([risk, *(change.risk for change in inner.changes)], key=RISKS.index)
        whole = self.replace(old, inner.value, highest, reason, extra)
        return Coerced(whole.value, whole.cost + inner.cost, whole.changes, inner.alternatives)

    def unwrap(self, value: Any, step: Callable[[Any], Coerced]) -> Coerced:
        """Replace a container by its one item or member, coerced by `step`."""
        if _is_wrapped_deeply(value):
            return Coerced(value, MISMATCH)
        if isinstance(value, list) and len(value) == 1:
            inner, reason = value[0], "the one item of a list"
        elif isinstance(value, dict) and len(value) == 1:
            inner, reason = next(iter(value.values())), "the one member of an object"
        else:
            return Coerced(value, MISMATCH)
        if inner is None:
            return Coerced(value, MISMATCH)
        return self.replace_whole(value, step(inner), "inferred", reason, 50)


def quoting(reason: str, old: Any, new: Any) -> str:
    """Return the reason for a change; it quotes the whole old value where the new one lacks words of it."""
    return f"{reason}: {json_text.dumps(old)}" if loses_words(old, new) else reason


def loses_words(old: Any, new: Any) -> bool:
    """Whether words of letters or digits of the old value do not stand in the new one."""
    if old is None or old is new:
        return False
    return not set(_WORD.findall(_text_of(old))) <= set(_WORD.findall(_text_of(new)))


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else json_text.dumps(value)


def _is_wrapped_deeply(value: Any) -> bool:
    """Whether containers of one member or item are nested too deeply to be mere wrappings of a scalar."""
    for _ in range(_MAX_WRAPPINGS):
        if not isinstance(value, dict | list) or len(value) != 1:
            return False
        value = value[0] if isinstance(value, list) else next(iter(value.values()))
    return True
