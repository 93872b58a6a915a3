"""Read rows from JSON Lines; a fault names the file, the line and the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from structgen import json_text
from structgen.cli import files
from structgen.errors import BadRequest
from structgen.types import Violation

Row = TypeVar("Row")
_SHOWN = 5
"""Faults that a message names."""


def read_json_lines(path: str, read: Callable[[Any, int], Row | list[Violation]]) -> list[tuple[int, Row]]:
    """Return the rows of a file with the numbers of their lines; empty lines are skipped.

    `read` gets a JSON value and the number of its line, and returns the row, or what is wrong with it. Raises
    `BadRequest` with the first faults of all lines.
    """
    rows: list[tuple[int, Row]] = []
    faults: list[str] = []
    name = files.source_name(path)
    for number, line in enumerate(files.json_bytes(path).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            result = read(json_text.loads(line), number)
        except json_text.JsonError as error:
            faults.append(f"{name}: line {number}: {error}")
            continue
        if isinstance(result, list):
            faults += [f"{name}: line {number}: {_said(fault)}" for fault in result]
        else:
            rows.append((number, result))
    if faults:
        more = f"; and {len(faults) - _SHOWN:,} more" if len(faults) > _SHOWN else ""
        raise BadRequest("; ".join(faults[:_SHOWN]) + more)
    if not rows:
        raise BadRequest(f"{name} has no rows: give JSON Lines, one object in each line")
    return rows


def _said(fault: Violation) -> str:
    return f"{fault.pointer}: {fault.message}" if fault.pointer else fault.message
