"""Results of the service as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from structgen.types import Attempt, Coverage, Diagnostic, Evidence, Usage, Violation
from structgen.types.json_members import typed

T = TypeVar("T")


_MEMBERS = {"id": str, "model": str, "schema": Mapping, "attempts": list}
"""Members that the body of each result has beside `data`, with their types."""


def read_evidence(members: Mapping[str, Any]) -> dict[str, Evidence]:
    """Read evidence by pointers; `KeyError` or `TypeError` if a member is missing or has another type."""
    if not isinstance(members, Mapping):
        raise TypeError(f"evidence is not an object: {members!r:.60}")
    return {at: Evidence.from_json(each) for at, each in members.items()}


def read_coverage(members: Mapping[str, Any]) -> dict[str, Coverage]:
    """Read coverage by pointers; `KeyError` or `TypeError` if a member is missing or has another type."""
    if not isinstance(members, Mapping):
        raise TypeError(f"coverage is not an object: {members!r:.60}")
    return {at: Coverage.from_json(each) for at, each in members.items()}


@dataclass(frozen=True, slots=True)
class ExtractResult(Generic[T]):
    """A valid object with its attempts and usage, those of rejected earlier objects included."""

    data: T
    """A value of the type if the schema comes from one, plain JSON otherwise."""
    attempts: tuple[Attempt, ...]
    usage: Usage
    body: Mapping[str, Any]
    """The body of the 200."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> ExtractResult[Any]:
        """Read the body of a 200; `KeyError` or `TypeError` if a member is missing or has another type."""
        for name, kind in _MEMBERS.items():
            if not isinstance(body[name], kind):
                raise TypeError(f"{name} has an unexpected type: {body[name]!r:.60}")
        for name in ("warnings", "candidates"):
            if not isinstance(body.get(name, []), list):
                raise TypeError(f"{name} is not a list")
        attempts = tuple(Attempt.from_json(attempt) for attempt in body["attempts"])
        result = ExtractResult(body["data"], attempts, Usage.from_json(body.get("usage")), body)
        _ = result.warnings, result.evidence, result.coverage, result.absent
        if not all(isinstance(candidate, Mapping) for candidate in result.candidates):
            raise TypeError("a candidate is not an object")
        return result

    @property
    def id(self) -> str:
        """The id of the request."""
        return str(self.body["id"])

    @property
    def model(self) -> str:
        """The name of the model."""
        return str(self.body["model"])

    @property
    def schema(self) -> Mapping[str, Any]:
        """`name`, `hash` and `dialect` of the schema."""
        return dict(self.body["schema"])

    @property
    def reasoning(self) -> str | None:
        """The reasoning of the model before its answer, if the request allowed it."""
        reasoning = self.body.get("reasoning")
        return None if reasoning is None else str(reasoning)

    @property
    def evidence(self) -> Mapping[str, Evidence] | None:
        """The place of each scalar of the data by its pointer, if the request asked for evidence."""
        evidence = self.body.get("evidence")
        return None if evidence is None else read_evidence(evidence)

    @property
    def coverage(self) -> Mapping[str, Coverage]:
        """The rows of the document against the items of each list, by its pointer."""
        coverage = self.body.get("coverage")
        return {} if coverage is None else read_coverage(coverage)

    @property
    def absent(self) -> tuple[str, ...]:
        """Pointers to required members that are null because the document does not say them."""
        absent = self.body.get("absent")
        return () if absent is None else tuple(typed(str, pointer) for pointer in typed(list, absent))

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Warnings about a valid object, such as a misspelt keyword of the schema."""
        return tuple(Diagnostic.from_json(warning) for warning in self.body.get("warnings", ()))

    @property
    def candidates(self) -> Sequence[Mapping[str, Any]]:
        """The candidates, if the request asked for several."""
        return tuple(self.body.get("candidates", ()))

    def to_json(self) -> dict[str, Any]:
        """Return the body with all attempts and the whole usage."""
        attempts = [attempt.to_json() for attempt in self.attempts]
        return {**self.body, "attempts": attempts, "usage": self.usage.to_json()}


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """A calibration of labelled rows, and what it is worth."""

    calibration: Mapping[str, Any]
    """The contents of a calibration file, for `structgen.ground`, `Generator` and `structgen serve`."""
    report: Mapping[str, Any]
    """AUROC, ECE, bins and the share to review, on documents that the calibration has not seen."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> CalibrationResult:
        """Read the body of a 200; `KeyError` or `TypeError` if a member is missing or has another type."""
        return cls(typed(dict, body["calibration"]), typed(dict, body["report"]))

    @property
    def ranks(self) -> bool:
        """Whether the calibration gives confidences: it ranks right values above wrong ones."""
        return self.calibration.get("ranks") is True

    @property
    def verdict(self) -> str:
        """What the calibration is worth, in a sentence."""
        return str(self.report.get("verdict", ""))


@dataclass(frozen=True, slots=True)
class Account:
    """Attempts and usage of all responses of one call."""

    attempts: tuple[Attempt, ...] = ()
    usage: Usage = field(default_factory=Usage)

    def plus(self, attempts: Sequence[Attempt], usage: Usage) -> Account:
        """Add the attempts of another response, numbered on from the earlier ones."""
        before = len(self.attempts)
        more = tuple(replace(a, number=before + i) for i, a in enumerate(attempts, start=1))
        return Account(self.attempts + more, self.usage + usage)

    def rejected(self, index: int, violations: Sequence[Violation]) -> Account:
        """Mark an attempt whose object the validators of the type reject."""
        attempts = list(self.attempts)
        attempts[index] = replace(attempts[index], status="violations", violations=tuple(violations))
        return Account(tuple(attempts), self.usage)
