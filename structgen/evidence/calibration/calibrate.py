"""Calibrate the score of a schema with labelled rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from structgen.errors import BadRequest
from structgen.evidence.calibration.calibration import Calibration
from structgen.evidence.calibration.fitting import cross_fitted, fit
from structgen.evidence.calibration.observations import Observation, observations, read_rows
from structgen.evidence.calibration.report import CalibrationReport, report
from structgen.schema import Schema

MAX_LEAVES = 200_000
"""Leaves of all rows."""


def calibrate(rows: Iterable[Any], schema: Any = None) -> tuple[Calibration, CalibrationReport]:
    """Return the calibration of labelled rows, and a report from documents that it had not seen.

    Each row is an object with `document` or `pages`, the extracted `data`, the `gold` value, and perhaps the
    `evidence` that the extraction returned. The calibration is fitted to all rows; for the report, each fifth
    of the documents is judged by a calibration of the others. Raises `BadRequest` for faulty rows, and
    `MissingExtra` without scikit-learn.
    """
    parsed = None if schema is None else Schema.parse(schema)
    among: list[Observation] = []
    for each in observations(read_rows(rows), parsed):
        among.append(each)
        if len(among) > MAX_LEAVES:
            raise BadRequest(f"the rows have more than {MAX_LEAVES:,} leaves: give fewer rows")
    if not among:
        raise BadRequest("the rows have no leaves: give rows whose data has values")
    account = report(among, cross_fitted(among))
    fitted = replace(
        fit(among),
        ranks=account.ranks,
        schema_hash=None if parsed is None else parsed.hash,
        thresholds={f"{each.precision:g}": each.threshold for each in account.coverage},
    )
    return fitted, account
