"""Read labelled rows from JSON Lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen.cli.json_lines import read_json_lines


def read_labelled(paths: Sequence[str]) -> list[Any]:
    """Return the rows of files; `BadRequest` names the file, line and field of each fault."""
    from structgen.evidence.calibration.observations import read_row

    def read(data: Any, number: int) -> Any:
        faults = read_row(data)
        return faults if isinstance(faults, list) else data

    return [row for path in paths for _, row in read_json_lines(path, read)]
