"""The members of one document of a report, as its page reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.grounding.ground import ground
from structgen.evidence.grounding.leaves import leaves
from structgen.evidence.report.embedding import literal, shown_text
from structgen.evidence.report.paths import AnswerPaths
from structgen.evidence.source import Source
from structgen.types import Evidence

Members = dict[str, Any]


@dataclass(frozen=True)
class ShownDocument:
    """A document with the object that was extracted from it, for which there is no gold object."""

    id: str
    source: Source
    data: Any
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    problem: str | None = None
    """Why there is no object."""


def document_members(document: EvaluatedDocument | ShownDocument) -> Members:
    """Return the text, the pages and the leaves of a document."""
    rows = _evaluated(document) if isinstance(document, EvaluatedDocument) else _extracted(document)
    return _given(
        id=shown_text(document.id),
        text=shown_text(document.source.text),
        pages=list(document.source.page_starts) or None,
        problem=document.problem,
        leaves=list(rows),
    )


def entry(document: EvaluatedDocument | ShownDocument) -> Members:
    """Return what the list of documents says of one: its name, the share right, and its errors by field."""
    members = _given(id=shown_text(document.id), problem=document.problem)
    if isinstance(document, EvaluatedDocument):
        errors = Counter(leaf.field for leaf in document.leaves if leaf.error is not None)
        members |= {"share": document.share_right, "count": len(document.counted), "errors": dict(errors)}
    else:
        members["count"] = sum(1 for _ in leaves(document.data))
    return members


def _extracted(document: ShownDocument) -> Iterator[Members]:
    for leaf in leaves(document.data):
        yield {
            "pointer": leaf.pointer,
            "value": literal(leaf.value),
            **_proof(document.evidence.get(leaf.pointer)),
        }


def _evaluated(document: EvaluatedDocument) -> Iterator[Members]:
    has_errors = any(leaf.error is not None for leaf in document.leaves)
    gold_places = ground(document.gold, None, document.source) if has_errors else {}
    paths = AnswerPaths(document.leaves)
    for leaf in document.leaves:
        members = _given(pointer=leaf.answer_pointer, error=leaf.error)
        if leaf.answer_pointer is not None:
            members["value"] = literal(leaf.answer)
            members |= _proof(document.evidence.get(leaf.answer_pointer))
        elif leaf.gold_pointer is not None:
            members["path"] = paths.of_missing(leaf.gold_pointer)
        if leaf.gold_pointer is not None:
            members |= {"gold": literal(leaf.gold), "goldPointer": leaf.gold_pointer}
            place = gold_places.get(leaf.gold_pointer) if leaf.error is not None else None
            members |= _given(goldStart=place and place.start, goldEnd=place and place.end)
        yield members


def _proof(evidence: Evidence | None) -> Members:
    return {} if evidence is None else evidence.to_json()


def _given(**members: Any) -> Members:
    return {name: member for name, member in members.items() if member is not None}
