"""Bodies of `/v1/repair`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from structgen.api.base import FIRST_HUNDRED, VIOLATIONS_TOTAL, Body, SchemaReference, UsageBody
from structgen.types import Diagnostic, ModelUse, RepairStatus, Risk, Violation


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
    risk: Risk


class DroppedBody(Body):
    """A text within the outermost container that the value leaves out. Positions are code points."""

    start: int
    end: int
    text: str
    pointer: str = Field(description="Pointer of the container or value next to the text.")


class AlternativeBody(Body):
    """The value of another likely reading at a pointer, and how much more that reading costs."""

    pointer: str
    value: Any
    cost: float


class ChangeBody(Body):
    """An RFC 6902 operation."""

    op: Literal["add", "remove", "replace", "move"]
    path: str
    from_: str | None = Field(default=None, alias="from")
    value: Any = None
    reason: str
    risk: Risk


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
    dropped: list[DroppedBody] | None = None
    alternatives: list[AlternativeBody] | None = None
    results: list[RepairResponse] | None = None
    warnings: list[Diagnostic] | None = Field(
        default=None, description="Warnings about the schema, such as a misspelt keyword; once for all texts."
    )


class RepairAccount(Body):
    """The status and the changes of a repair."""

    status: RepairStatus
    fixes: list[FixBody]
    changes: list[ChangeBody]
