"""Bodies of `/v1/repair`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from structgen.api.base import FIRST_HUNDRED, VIOLATIONS_TOTAL, Body, SchemaReference, UsageBody
from structgen.types import Diagnostic, ModelUse, OnLoss, RepairStatus, Risk, Violation


class RepairRequest(Body):
    """One or several malformed JSON texts."""

    text: str | None = None
    texts: list[str] | None = Field(default=None, min_length=1, max_length=1000, description="Several texts.")
    schema_: SchemaReference | None = Field(default=None, alias="schema")
    model: ModelUse = Field(
        default="never", description="Whether the model repairs what rules cannot decide."
    )
    max_risk: Risk | None = Field(
        default=None,
        description="Highest risk of a change that may be applied. Default: `model` with a model, else "
        "`inferred`.",
    )
    on_loss: OnLoss = Field(
        default="error",
        description="Whether a repair that leaves out a key, a value or a row is `failed`, or accepted; "
        "`dropped` lists it.",
    )
    source: str | None = Field(default=None, description="The document from which the text was made.")

    @classmethod
    def missing_combination(cls, given: dict[str, Any]) -> str | None:
        """Describe a request with no text, or with both members."""
        has_neither_or_both = (given.get("text") is None) == (given.get("texts") is None)
        return "give either text or texts" if has_neither_or_both else None

    @property
    def risk(self) -> Risk:
        """Return the highest risk that may be applied, which is below `model` without a model."""
        risk = self.max_risk or "model"
        return "inferred" if risk == "model" and self.model == "never" else risk


class FixBody(Body):
    """A syntactic repair. `start` and `end` are code points of the given text; `end` is exclusive."""

    kind: str
    start: int
    end: int
    text: str = Field(description="The replacement.")
    risk: Risk = Field(
        description="`lossless` and `coerced` only where no reading with another value is about as likely; "
        "else `inferred`."
    )


class DroppedBody(Body):
    """A text within the outermost container that the value leaves out. Positions are code points."""

    start: int
    end: int
    text: str
    pointer: str = Field(
        description="Pointer to the container or value next to the text, in the value as it was read."
    )
    is_loss: bool | None = Field(
        default=None, description="True for a key, a value or a row; absent for a stray word or mark."
    )


class AlternativeBody(Body):
    """Another likely reading of a place in the text."""

    pointer: str = Field(description="Pointer to the place, in the value as it was read, before `changes`.")
    value: Any = Field(description="The value that the other reading has there; null where it has none.")
    cost: float = Field(description="How much more the other reading costs.")


class ChangeBody(Body):
    """An RFC 6902 operation."""

    op: Literal["add", "remove", "replace", "move"]
    path: str
    from_: str | None = Field(default=None, alias="from")
    value: Any = None
    reason: str
    risk: Risk


_DROPPED = "Texts within the outermost container that the value leaves out."
_ALTERNATIVES = "Other likely readings. What they differ in is a guess."


class RepairResponse(Body):
    """The result for one text, or `results` for several, in the same order."""

    status: RepairStatus | None = None
    value: Any = None
    fixes: list[FixBody] | None = None
    changes: list[ChangeBody] | None = Field(
        default=None, description="Changes from the first value that was read to `value`."
    )
    violations: list[Violation] | None = Field(default=None, description=FIRST_HUNDRED)
    violations_total: int | None = Field(default=None, description=VIOLATIONS_TOTAL)
    usage: UsageBody | None = None
    cut_at: str | None = Field(default=None, description="Pointer to the value at which the text was cut.")
    dropped: list[DroppedBody] | None = Field(default=None, description=_DROPPED)
    alternatives: list[AlternativeBody] | None = Field(default=None, description=_ALTERNATIVES)
    results: list[RepairResponse] | None = None
    warnings: list[Diagnostic] | None = Field(
        default=None, description="Warnings about the schema, such as a misspelt keyword; once for all texts."
    )


class RepairAccount(Body):
    """The status of a repair, and what it changed and left out."""

    status: RepairStatus
    fixes: list[FixBody]
    changes: list[ChangeBody]
    dropped: list[DroppedBody] | None = Field(default=None, description=_DROPPED)
    alternatives: list[AlternativeBody] | None = Field(default=None, description=_ALTERNATIVES)
