"""Read labelled rows from JSON Lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen import json_text
from structgen.cli import files
from structgen.errors import BadRequest
from structgen.types import Violation

_SHOWN = 5
"""Faults that a message names."""


def read_labelled(paths: Sequence[str]) -> list[Any]:
    """Return the rows of files; `BadRequest` names the file, line and field of each fault."""
    from structgen.evidence.calibration.observations import LabelledRow, read_row

    rows: list[Any] = []
    faults: list[str] = []
    for path in paths:
        for number, line in enumerate(files.json_bytes(path).splitlines(), 1):
            if not line.strip():
                continue
            try:
                data = json_text.loads(line)
            except json_text.JsonError as error:
                faults.append(f"{files.source_name(path)}: line {number}: {error}")
                continue
            read = read_row(data)
            if isinstance(read, LabelledRow):
                rows.append(data)
            else:
                faults += [f"{files.source_name(path)}: line {number}: {_said(fault)}" for fault in read]
    if faults:
        more = f"; and {len(faults) - _SHOWN:,} more" if len(faults) > _SHOWN else ""
        raise BadRequest("; ".join(faults[:_SHOWN]) + more)
    return rows


def _said(fault: Violation) -> str:
    return f"{fault.pointer}: {fault.message}" if fault.pointer else fault.message
