"""Bodies of `/v1/ground`."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from structgen.api.base import Body, SchemaReference
from structgen.api.files import FileBody
from structgen.types import Diagnostic, Evidence, GroundLimits

GROUND_EXAMPLE: dict[str, Any] = {
    "data": {"invoice_number": "INV-2026-0042", "due": "2026-03-01", "total": 1234.5},
    "source": "Invoice INV-2026-0042, due 1 March 2026\nTotal: 1,234.50 EUR",
}


class GroundRequest(Body):
    """An object, and the text that it came from: give one of `source`, `pages` and `file`."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [GROUND_EXAMPLE],
            "oneOf": [
                {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
                for name in ("source", "pages", "file")
            ],
        },
    )

    data: Any = Field(
        description="The object, or any other JSON value, from any model. It need not be valid."
    )
    schema_: SchemaReference | None = Field(default=None, alias="schema")
    source: str | None = Field(default=None, description="The text that the data came from.")
    pages: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=10_000,
        description="The texts of its pages. Positions count in these texts joined by a form feed, and each "
        "place has its page.",
    )
    file: FileBody | None = Field(
        default=None, description="The file that the data came from: each place has its page and its box."
    )
    limits: GroundLimits = GroundLimits()
    signals: bool = Field(default=False, description="List the signals of each score.")

    @classmethod
    def missing_combination(cls, given: dict[str, Any]) -> str | None:
        """Describe a request without a source, or with both members."""
        sources = sum(given.get(name) is not None for name in ("source", "pages", "file"))
        return None if sources == 1 else "give exactly one of source, pages and file"

    @property
    def text(self) -> str | tuple[str, ...]:
        """Return the text, or the texts of the pages."""
        return tuple(self.pages) if self.pages is not None else self.source or ""


class GroundResponse(Body):
    """The place of each scalar of the data, by its JSON Pointer, in document order."""

    id: str
    evidence: dict[str, Evidence]
    leaves: int = Field(description="Scalars of the data.")
    grounded: int = Field(description="Scalars that have a place in the source.")
    warnings: list[Diagnostic] | None = Field(
        default=None, description="Warnings about the schema, such as a misspelt keyword."
    )
