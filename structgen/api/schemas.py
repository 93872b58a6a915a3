"""The bodies of `/v1/schemas`, `/v1/schemas/check` and `/v1/validate`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from structgen.api.base import FIRST_HUNDRED, VIOLATIONS_TOTAL, Body, SchemaReference
from structgen.types import Diagnostic, Violation


class SchemaNames(Body):
    """The names that requests may use instead of a schema."""

    schemas: list[str]


class ValidateRequest(Body):
    """A value, and the schema that validates it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"schema": {"type": "integer"}, "value": 1.5}]},
    )

    schema_: SchemaReference = Field(alias="schema")
    value: Any


class ValidateResponse(Body):
    """The violations of the value; none if it is valid."""

    valid: bool
    violations: list[Violation] = Field(description=FIRST_HUNDRED)
    violations_total: int | None = Field(default=None, description=VIOLATIONS_TOTAL)
    warnings: list[Diagnostic] | None = Field(
        default=None, description="Warnings about the schema, such as a misspelt keyword."
    )


class CheckRequest(Body):
    """A schema to check."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"schema": {"type": "array", "uniqueItems": True}}]},
    )

    schema_: SchemaReference = Field(alias="schema")


class SchemaInfo(Body):
    """The schema that was used."""

    name: str | None
    hash: str
    dialect: str


class EnforcementBody(Body):
    """How a constraint is enforced: during decoding, or by validation afterwards, with the reason."""

    by: Literal["decoded", "validated"]
    reason: str | None = None


class CheckResponse(Body):
    """The enforcement of each constraint of a schema, by pointer, and warnings."""

    schema_: SchemaInfo = Field(alias="schema")
    report: dict[str, EnforcementBody]
    warnings: list[Diagnostic]
