"""Bodies of `/v1/calibrate`."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from structgen.api.base import Body, SchemaReference

MAX_ROWS = 5_000
"""Labelled rows of one request."""
CALIBRATE_EXAMPLE: dict[str, Any] = {
    "rows": [
        {"document": "Total: 12.50", "data": {"total": 12.5}, "gold": {"total": 12.5}},
        {"document": "Total: 7.20\nTip: 1.00", "data": {"total": 1.0}, "gold": {"total": 7.2}},
    ]
}


class CalibrateRequest(Body):
    """Labelled rows of one schema."""

    schema_: SchemaReference | None = Field(default=None, alias="schema")
    rows: list[dict[str, Any]] = Field(
        min_length=2,
        max_length=MAX_ROWS,
        description="Objects with the `document` or its `pages`, the extracted `data` and the `gold` value; "
        "optionally the `evidence` that the extraction returned, and its `prompt`.",
    )


class CalibrateResponse(Body):
    """A calibration, and what it is worth."""

    calibration: dict[str, Any] = Field(description="The contents of a calibration file: plain numbers.")
    report: dict[str, Any] = Field(
        description="Measured on documents that the calibration has not seen: AUROC, ECE, bins, the share to "
        "review, and a verdict."
    )
