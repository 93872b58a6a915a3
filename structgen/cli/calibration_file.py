"""Read the calibration file of `--calibration`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from structgen.cli import console
from structgen.errors import BadRequest

if TYPE_CHECKING:
    from structgen.evidence.calibration.calibration import Calibration


def read_calibration(path: Path, schema_hash: str | None) -> Calibration:
    """Return the calibration of a schema, and warn of one that gives no confidence.

    Raises `BadRequest` for the calibration of another schema; the hash is None where none is given.
    """
    from structgen.evidence.calibration.files import calibration_of

    calibration = calibration_of(path)
    try:
        calibration.check_schema(schema_hash)
    except BadRequest as error:
        raise BadRequest(f"--calibration: {path}: {error}") from error
    if not calibration.ranks:
        message = (
            f"--calibration: {path} cannot rank right values above wrong ones, so no value gets a "
            "confidence: see the verdict of structgen calibrate"
        )
        console.warn(message, "no-confidence")
    return calibration
