"""The rows of an evaluation: documents with gold values, and the answers to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from structgen import json_text
from structgen.errors import BadRequest
from structgen.evidence.row_members import Faults, read_evidence, read_id, read_source, read_text
from structgen.types import Violation
from structgen.types.evidence import Evidence


@dataclass(frozen=True)
class GoldRow:
    """A document with the value that an extraction of it should give."""

    id: str
    source: str | tuple[str, ...]
    """The text, or the texts of the pages."""
    gold: Any
    schema: dict[str, Any] | None = None
    prompt: str | None = None


@dataclass(frozen=True)
class Answer:
    """What an extraction gave for a document: a value, or the problem that there is none."""

    id: str | None
    data: Any = None
    evidence: Mapping[str, Evidence] | None = None
    problem: str | None = None
    source: str | None = None
    """Name of the document's file, and of its line, as `structgen extract` writes it."""
    model: str | None = None
    schema_name: str | None = None
    schema_hash: str | None = None
    prompt: str | None = None


def read_gold_row(row: Any, default_id: str) -> GoldRow | Faults:
    """Return a row of a data set, or what is wrong with it, with pointers into the row.

    It has `document` or `pages`, `gold`, and perhaps `id`, `schema` and `prompt`; others stay unread.
    """
    if not isinstance(row, Mapping):
        return [Violation("", "type", "a row is an object with `document` and `gold`")]
    faults: Faults = []
    source = read_source(row, faults)
    if "gold" not in row:
        faults.append(Violation("/gold", "required", "the row has no `gold` value"))
    elif _is_json_of_an_object(row["gold"]):
        faults.append(Violation("/gold", "type", "the gold value is a text of JSON: give the value itself"))
    schema = row.get("schema")
    if schema is not None and not isinstance(schema, dict):
        faults.append(Violation("/schema", "type", "the schema of a row is a JSON Schema, an object"))
    read_as = read_id(row, "id", faults)
    prompt = read_text(row, "prompt", faults)
    return faults or GoldRow(
        default_id if read_as is None else read_as, source, row["gold"], schema or None, prompt
    )


def read_answer(row: Any) -> Answer | Faults:
    """Return an answer, or what is wrong with it.

    It has `data`, perhaps with `evidence`, and the `id` of its document; so have the rows that `structgen
    extract` writes with `--with-source` and `--full`, where the id is `document_id`. Without an object they
    have an `error`, or a `type` and a `detail`.
    """
    if not isinstance(row, Mapping):
        return [Violation("", "type", "an answer is an object with `id` and `data`")]
    faults: Faults = []
    # The rows of --full have the id of their request as `id`.
    name = "document_id" if "document_id" in row or "attempts" in row else "id"
    read_as, source = read_id(row, name, faults), read_text(row, "source", faults)
    if read_as is None and source is None and not faults:
        faults.append(Violation("/id", "required", "the answer has neither `id` nor `source`"))
    problem = _problem(row)
    if problem is None and "data" not in row:
        faults.append(Violation("/data", "required", "the answer has neither `data` nor `error`"))
    evidence = read_evidence(row.get("evidence"), faults)
    schema = row["schema"] if isinstance(row.get("schema"), Mapping) else {}
    return faults or Answer(
        id=read_as,
        data=None if problem else row.get("data"),
        evidence=evidence,
        problem=problem,
        source=source,
        model=_text(row.get("model")),
        schema_name=_text(schema.get("name")),
        schema_hash=_text(row.get("schema_hash", schema.get("hash"))),
        prompt=_text(row.get("prompt")),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def read_all(rows: Iterable[Any], read: Any, whole: str) -> list[Any]:
    """Return the rows as `read` reads each with its number from 1; `BadRequest` names each fault."""
    found, faults = [], []
    for number, row in enumerate(rows, 1):
        result = read(row, number)
        if isinstance(result, list):
            faults += [replace(fault, pointer=f"/{number - 1}{fault.pointer}") for fault in result]
        else:
            found.append(result)
    if faults:
        raise BadRequest.from_violations(faults, whole)
    return found


def _problem(row: Mapping[str, Any]) -> str | None:
    """Return why an answer has no object."""
    error = row.get("error")
    if error is None and row.get("data") is None and isinstance(row.get("detail"), str):
        error = row
    if error is None:
        return None
    if isinstance(error, Mapping):
        kind = str(error.get("type", "error")).rpartition("/")[2]
        return f"{kind}: {error.get('detail', '')}".removesuffix(": ")
    return str(error)


def _is_json_of_an_object(value: Any) -> bool:
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return False
    try:
        return isinstance(json_text.loads(value), dict | list)
    except json_text.JsonError:
        return False
