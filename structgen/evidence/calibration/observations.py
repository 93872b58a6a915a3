"""Labelled rows, read into observations: what is known of each leaf, and whether it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from structgen.errors import BadRequest
from structgen.evidence.labelled import labelled_leaves
from structgen.evidence.row_members import read_evidence, read_source, read_text
from structgen.types import Violation
from structgen.types.evidence import Evidence

_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Observation:
    """A leaf of a labelled row."""

    document: int
    """Index of the row: the leaves of one document are never on both sides of a fold."""
    field: str
    score: float
    signals: Mapping[str, float]
    is_right: bool


@dataclass(frozen=True)
class LabelledRow:
    """A document, the value that was extracted from it, and the gold value."""

    source: str | tuple[str, ...]
    value: Any
    gold: Any
    evidence: Mapping[str, Evidence] | None = None
    prompt: str = ""


def read_rows(rows: Iterable[Any]) -> list[LabelledRow]:
    """Read rows as a request has them; `BadRequest` names each fault with its pointer, `/rows/3/gold`."""
    read, faults = [], []
    for index, data in enumerate(rows):
        row = read_row(data)
        if isinstance(row, LabelledRow):
            read.append(row)
        else:
            faults += [replace(fault, pointer=f"/rows/{index}{fault.pointer}") for fault in row]
    if faults:
        raise BadRequest.from_violations(faults, "the rows")
    return read


def read_row(data: Any) -> LabelledRow | list[Violation]:
    """Return a row, or what is wrong with it, with pointers into the row.

    A row has `document` or `pages`, `data` (or `value`), `gold`, and perhaps `evidence` and `prompt`. Further
    members are those of the extraction and stay unread.
    """
    if not isinstance(data, dict):
        return [Violation("", "type", "a row is an object with document, data and gold")]
    faults: list[Violation] = []
    source = read_source(data, faults)
    value = data.get("data", data.get("value", _MISSING))
    if value is _MISSING:
        faults.append(Violation("/data", "required", "the value that was extracted is missing"))
    if "gold" not in data:
        faults.append(Violation("/gold", "required", "the right value is missing"))
    prompt = read_text(data, "prompt", faults) or ""
    evidence = read_evidence(data.get("evidence"), faults)
    return faults or LabelledRow(source, value, data["gold"], evidence, prompt)


def observations(rows: Sequence[LabelledRow], schema: Any) -> Iterator[Observation]:
    """Yield what is known of each leaf of the values; leaves that a value lacks are not among them.

    The signals that need no model are found here; those that the evidence of a row has beside them, such as
    an engine's, are kept.
    """
    for index, row in enumerate(rows):
        known = row.evidence or {}
        for leaf in labelled_leaves(row.source, schema, row.value, row.gold, prompt=row.prompt):
            told = known.get(leaf.pointer)
            own = dict(leaf.evidence.signals or {})
            signals = own if told is None or told.signals is None else {**own, **told.signals}
            score = leaf.evidence.score if told is None or told.score is None else told.score
            yield Observation(index, leaf.field, score or 0.0, signals, leaf.is_right)
