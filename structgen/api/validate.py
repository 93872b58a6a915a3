"""The bodies of `/v1/validate` and `/v1/schemas/check`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from structgen.api.base import FIRST_HUNDRED, VIOLATIONS_TOTAL, Body, SchemaReference
from structgen.types import Diagnostic, Violation


class ValidateRequest(Body):
    """A value to check."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"schema": {"type": "integer"}, "value": 1.5}]},
    )

    schema_: SchemaReference = Field(alias="schema")
    value: Any


class ValidateResponse(Body):
    """The violations, none where the value is valid."""

    valid: bool
    violations: list[Violation] = Field(description=FIRST_HUNDRED)
    violations_total: int | None = Field(default=None, description=VIOLATIONS_TOTAL)
    warnings: list[Diagnostic] | None = Field(
        default=None, description="About the schema, such as a misspelt keyword."
    )


class CheckRequest(Body):
    """A schema to look at."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"schema": {"type": "array", "uniqueItems": True}}]},
    )

    schema_: SchemaReference = Field(alias="schema")


class SchemaInfo(Body):
    """Which schema the data is valid under."""

    name: str | None
    hash: str
    dialect: str


class EnforcementBody(Body):
    """When a constraint is enforced: while decoding, or by validation afterwards, with the reason."""

    by: Literal["decoded", "validated"]
    reason: str | None = None


class CheckResponse(Body):
    """What the service makes of a schema. `report` is by the constraints' pointers."""

    schema_: SchemaInfo = Field(alias="schema")
    report: dict[str, EnforcementBody]
    warnings: list[Diagnostic]
