"""A whole evaluation as JSON, from which it can be read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from structgen.errors import BadRequest
from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.evaluation.rows import GoldRow, read_answer, read_gold_row
from structgen.evidence.evaluation.summary import Evaluation, errors_of

VERSION = 1
"""Version of the members; a reader refuses others."""


def to_record(evaluation: Evaluation) -> dict[str, Any]:
    """Return the evaluation with all of its documents.

    - `evaluation`: the version of these members;
    - `name`, `run`: what made the answers;
    - `summary`: totals, fields, lists and scores;
    - `documents`, the worst first: `id`, `document` or `pages`, `gold`, `data`, `evidence`, `problem` where
      there is no object, `share_right`, and the wrong leaves under `errors`. They are labelled rows: `data`
      and `gold` stand beside the text.
    """
    summary = evaluation.to_json()
    for name in ("name", "worst"):
        del summary[name]
    return {
        "evaluation": VERSION,
        "name": evaluation.name,
        "run": dict(evaluation.run),
        "summary": summary,
        "documents": [_document(document) for document in evaluation.worst()],
    }


def from_record(record: Any) -> Evaluation:
    """Read an evaluation; leaves are compared again. `BadRequest` for anything else, and other versions."""
    if not isinstance(record, Mapping) or "evaluation" not in record:
        raise BadRequest("this is no evaluation: it has no member `evaluation`; write one with --json")
    if record["evaluation"] != VERSION:
        raise BadRequest(f"the evaluation has the version {record['evaluation']!r:.40}; known is {VERSION}")
    name, run, documents = record.get("name"), record.get("run"), record.get("documents")
    if not (isinstance(name, str) and isinstance(run, dict) and isinstance(documents, list)):
        raise BadRequest("the evaluation lacks `name`, `run` or `documents`")
    return Evaluation(name, tuple(_read_document(each, at) for at, each in enumerate(documents)), run)


def _document(document: EvaluatedDocument) -> dict[str, Any]:
    source = document.source
    text: dict[str, Any] = {"document": source.text}
    if source.page_starts:
        ends = [start - 1 for start in source.page_starts[1:]] + [len(source.text)]
        text = {"pages": [source.text[a:b] for a, b in zip(source.page_starts, ends, strict=True)]}
    return {
        "id": document.id,
        "share_right": round(document.share_right, 4),
        "problem": document.problem,
        "errors": errors_of(document),
        **text,
        "gold": document.gold,
        "data": document.data,
        "evidence": {at: each.to_json() for at, each in document.evidence.items()},
    }


def _read_document(given: Any, index: int) -> EvaluatedDocument:
    members = dict(given) if isinstance(given, Mapping) else {}
    problem = members.pop("problem", None)
    row, answer = read_gold_row(members, ""), read_answer({**members, "error": problem})
    if not isinstance(row, GoldRow) or isinstance(answer, list):
        faults = [*(row if isinstance(row, list) else ()), *(answer if isinstance(answer, list) else ())]
        raise BadRequest(
            f"the evaluation cannot be read: /documents/{index}{faults[0].pointer}: {faults[0].message}"
        )
    return EvaluatedDocument.of(
        row.id, row.source, row.gold, answer.data, evidence=answer.evidence, problem=answer.problem
    )
