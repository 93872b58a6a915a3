"""The bodies of `/v1/repair`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from structgen.api.base import FIRST_HUNDRED, VIOLATIONS_TOTAL, Body, SchemaReference, UsageBody
from structgen.types import AskModel, Diagnostic, RepairStatus, Risk, Violation


class RepairRequest(Body):
    """Texts that were meant to be JSON."""

    text: str | None = None
    texts: list[str] | None = Field(default=None, min_length=1, max_length=1000, description="Many at once.")
    schema_: SchemaReference | None = Field(default=None, alias="schema")
    model: AskModel = Field(
        default="never", description="Whether the model is asked for what rules cannot decide."
    )
    max_risk: Risk | None = Field(
        default=None, description="Bounds what is applied. Default: model with a model, else inferred."
    )
    source: str | None = Field(default=None, description="The document that the text came from.")

    @classmethod
    def lacks(cls, given: dict[str, Any]) -> str | None:
        both = given.get("text") is None, given.get("texts") is None
        return "give either text or texts" if both[0] == both[1] else None

    @property
    def risk(self) -> Risk:
        """What may be applied; a model that is never asked writes nothing."""
        most = self.max_risk or "model"
        return "inferred" if most == "model" and self.model == "never" else most


class FixBody(Body):
    """A syntactic repair; positions are code points of the given text, half-open."""

    kind: str
    start: int
    end: int
    text: str = Field(description="What stands there instead.")


class ChangeBody(Body):
    """An RFC 6902 operation."""

    op: Literal["add", "remove", "replace", "move"]
    path: str
    from_: str | None = Field(default=None, alias="from")
    value: Any = None
    reason: str
    risk: Risk


class RepairResponse(Body):
    """One text's result, or `results` for many, in their order."""

    status: RepairStatus | None = None
    value: Any = None
    fixes: list[FixBody] | None = None
    changes: list[ChangeBody] | None = Field(
        default=None, description="From the first value read to `value`."
    )
    violations: list[Violation] | None = Field(default=None, description=FIRST_HUNDRED)
    violations_total: int | None = Field(default=None, description=VIOLATIONS_TOTAL)
    usage: UsageBody | None = None
    cut_at: str | None = Field(default=None, description="Pointer of the place where the text was cut.")
    results: list[RepairResponse] | None = None
    warnings: list[Diagnostic] | None = Field(
        default=None, description="About the schema, such as a misspelt keyword; once for many texts."
    )


class RepairAccount(Body):
    """The account of a repair."""

    status: RepairStatus
    fixes: list[FixBody]
    changes: list[ChangeBody]
