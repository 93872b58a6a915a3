"""Read what `structgen report` shows: the rows of an extraction, or any object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from structgen import json_text
from structgen.cli import files
from structgen.errors import BadRequest

_MARKS = {"evidence", "status", "schema", "schema_hash", "document", "error"}
"""Members that tell the row of an extraction from an object that has a member `data` of its own."""


@dataclass(frozen=True)
class ReportRow:
    """An object with what its row tells of its source; `problem` tells why there is no object."""

    place: str
    """The file and line in messages."""
    data: Any
    id: str | None = None
    source: str | None = None
    """The name of the file of the source."""
    document: str | None = None
    """The text itself."""
    evidence: Any = None
    problem: str | None = None


def read_rows(path: str) -> list[ReportRow]:
    """Read one JSON value, or JSON Lines of rows; `BadRequest` names the line that is neither."""
    text, name = files.json_bytes(path), files.source_name(path)
    try:
        return [_row(json_text.loads(text), name)]
    except json_text.JsonError as fault:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not _is_json(lines[0][1]):
            raise BadRequest(f"{name}: {fault}") from fault
    return [_row(_value(line, f"{name}:{number}"), f"{name}:{number}") for number, line in lines]


def _is_json(line: bytes) -> bool:
    try:
        json_text.loads(line)
    except json_text.JsonError:
        return False
    return True


def _value(line: bytes, place: str) -> Any:
    try:
        return json_text.loads(line)
    except json_text.JsonError as fault:
        raise BadRequest(f"{place}: {fault}") from fault


def _row(value: Any, place: str) -> ReportRow:
    if value is None:
        return ReportRow(place, None, problem="no valid object")
    if not isinstance(value, dict):
        return ReportRow(place, value)
    if _is_failure(value):
        return ReportRow(place, None, _id(value), _text(value, "source"), problem=str(value["detail"]))
    if "data" not in value or not (_MARKS & value.keys() or value.keys() == {"data", "source"}):
        return ReportRow(place, value)
    error = value.get("error")
    return ReportRow(
        place,
        value["data"],
        _id(value),
        _text(value, "source"),
        _text(value, "document"),
        value.get("evidence"),
        str(error["detail"]) if isinstance(error, dict) and "detail" in error else None,
    )


def _is_failure(value: dict[str, Any]) -> bool:
    """Return whether it is a problem as `structgen extract --full` prints it in place of a result."""
    return "data" not in value and {"type", "title", "detail"} <= value.keys()


def _id(value: dict[str, Any]) -> str | None:
    name = value.get("document_id", value.get("id"))
    return None if name is None else str(name)


def _text(value: dict[str, Any], member: str) -> str | None:
    text = value.get(member)
    return text if isinstance(text, str) else None


def source_text(row: ReportRow, given: str | Path | None) -> str | Path:
    """Return the text of a row, or the path of a PDF and the like.

    It is its own text, that of `--source`, or that of the file that it names.
    """
    if row.document is not None:
        return row.document
    if given is not None:
        return given
    if row.source is not None and Path(row.source).is_file():
        return files.read_document(row.source)
    if row.problem is not None:
        return ""
    if row.source is not None:
        raise BadRequest(
            f"{row.place}: its source {row.source!r} is no file here: give the text with --source"
        )
    raise BadRequest(f"{row.place}: the text of the values is missing: give its file with --source")
