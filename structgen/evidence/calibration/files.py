"""Calibration files: which calibration counts for which schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from structgen import json_text
from structgen.errors import BadRequest, ConfigError
from structgen.evidence.calibration.calibration import Calibration

CalibrationInput: TypeAlias = Calibration | Mapping[str, Any] | str | Path
"""A calibration, the contents of its file as `/v1/calibrate` returns them, or the path of its file."""
CalibrationsInput: TypeAlias = CalibrationInput | Sequence[CalibrationInput]
"""One or several calibrations; a path may be that of a folder of files."""
SUFFIX = ".json"
"""End of the names of the files of a folder that are read."""


def calibration_of(given: CalibrationInput) -> Calibration:
    """Return the calibration; `BadRequest` for what is none, or has another version."""
    if isinstance(given, Calibration):
        return given
    if isinstance(given, str | Path):
        return _read(Path(given))
    return Calibration.from_json(dict(given) if isinstance(given, Mapping) else given)


def calibrations_of(given: CalibrationsInput | None) -> dict[str, Calibration]:
    """Return calibrations by the hashes of their schemas.

    Raises `ConfigError` for a file that is no calibration, that has no schema, or whose schema another file
    has.
    """
    one = isinstance(given, str | Path | Mapping | Calibration)
    among: Sequence[Any] = [given] if one else given or ()  # type: ignore[assignment]
    by_hash: dict[str, Calibration] = {}
    names: dict[str, str] = {}
    for name, calibration in (read for each in among for read in _named(each)):
        if (schema_hash := calibration.schema_hash) is None:
            raise ConfigError(
                f"{name} was made without a schema, so it is not known which extractions it counts for: make "
                "it again with structgen calibrate --schema"
            )
        if schema_hash in names:
            raise ConfigError(
                f"{names[schema_hash]} and {name} are calibrations of the same schema: leave one out"
            )
        by_hash[schema_hash], names[schema_hash] = calibration, name
    return by_hash


def _named(given: CalibrationInput) -> Iterator[tuple[str, Calibration]]:
    """Yield a calibration, or those of the files of a folder, with their names in messages."""
    if not isinstance(given, str | Path):
        yield "the calibration", _configured(given)
        return
    path = Path(given)
    if not path.is_dir():
        yield str(path), _configured(path)
        return
    paths = sorted(each for each in path.iterdir() if each.suffix == SUFFIX and each.is_file())
    if not paths:
        raise ConfigError(f"{path} has no calibration: a folder of calibrations has files *{SUFFIX}")
    yield from ((str(each), _configured(each)) for each in paths)


def _configured(given: CalibrationInput) -> Calibration:
    try:
        return calibration_of(given)
    except BadRequest as error:
        raise ConfigError(str(error)) from error


def _read(path: Path) -> Calibration:
    try:
        return Calibration.from_json(json_text.loads(path.read_bytes()))
    except OSError as error:
        raise BadRequest(f"the calibration {path} cannot be read: {error.strerror}") from error
    except json_text.JsonError as error:
        raise BadRequest(f"the calibration {path} cannot be read: {error}") from error
    except BadRequest as error:
        raise BadRequest(f"{path}: {error}") from error
