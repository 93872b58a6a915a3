"""What the service answered, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from structgen.types import Attempt, Diagnostic, Usage, Violation

T = TypeVar("T")


_MEMBERS = {"id": str, "model": str, "schema": Mapping, "attempts": list}
"""What the body of each result has besides `data`."""


@dataclass(frozen=True, slots=True)
class ExtractResult(Generic[T]):
    """A valid object and the account of how it came about, earlier answers that were sent back included."""

    data: T
    """Typed where the schema came from a type, plain JSON otherwise."""
    attempts: tuple[Attempt, ...]
    usage: Usage
    answer: Mapping[str, Any]
    """The body of the 200 as it came."""

    @classmethod
    def from_json(cls, answer: Mapping[str, Any]) -> ExtractResult[Any]:
        """Read the body of a 200; `KeyError` or `TypeError` where a member is missing or of another type."""
        for name, kind in _MEMBERS.items():
            if not isinstance(answer[name], kind):
                raise TypeError(f"{name} is of an unexpected type: {answer[name]!r:.60}")
        for name in ("warnings", "candidates"):
            if not isinstance(answer.get(name, []), list):
                raise TypeError(f"{name} is no list")
        attempts = tuple(Attempt.from_json(attempt) for attempt in answer["attempts"])
        result = ExtractResult(answer["data"], attempts, Usage.from_json(answer.get("usage")), answer)
        _ = result.warnings
        if not all(isinstance(candidate, Mapping) for candidate in result.candidates):
            raise TypeError("a candidate is no object")
        return result

    @property
    def id(self) -> str:
        return str(self.answer["id"])

    @property
    def model(self) -> str:
        return str(self.answer["model"])

    @property
    def schema(self) -> Mapping[str, Any]:
        """`name`, `hash` and `dialect`."""
        return dict(self.answer["schema"])

    @property
    def reasoning(self) -> str | None:
        """What the model thought before its answer, where it was let."""
        found = self.answer.get("reasoning")
        return None if found is None else str(found)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is worth knowing although the object is valid, such as a misspelt keyword of the schema."""
        return tuple(Diagnostic.from_json(warning) for warning in self.answer.get("warnings", ()))

    @property
    def candidates(self) -> Sequence[Mapping[str, Any]]:
        return tuple(self.answer.get("candidates", ()))

    def to_json(self) -> dict[str, Any]:
        """The body with the whole account in it."""
        attempts = [attempt.to_json() for attempt in self.attempts]
        return {**self.answer, "attempts": attempts, "usage": self.usage.to_json()}


@dataclass(frozen=True, slots=True)
class Account:
    """Attempts and usage of all the answers of one call."""

    attempts: tuple[Attempt, ...] = ()
    usage: Usage = field(default_factory=Usage)

    def plus(self, attempts: Sequence[Attempt], usage: Usage) -> Account:
        """The attempts keep counting where the earlier answer's ended."""
        done = len(self.attempts)
        more = tuple(replace(a, number=done + i) for i, a in enumerate(attempts, start=1))
        return Account(self.attempts + more, self.usage + usage)

    def rejected(self, index: int, faults: Sequence[Violation]) -> Account:
        """That attempt's object was valid under the schema, and not for its type's validators."""
        attempts = list(self.attempts)
        attempts[index] = replace(attempts[index], status="violations", violations=tuple(faults))
        return Account(tuple(attempts), self.usage)
