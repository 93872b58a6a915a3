"""Evaluate the answers to the documents of a data set against their gold values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from structgen.errors import BadRequest
from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.evaluation.rows import (
    Answer,
    GoldRow,
    read_all,
    read_answer,
    read_gold_row,
)
from structgen.evidence.evaluation.summary import Evaluation
from structgen.evidence.grounding.ground import ground
from structgen.evidence.scoring.scored import scored
from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.types.evidence import Evidence

NO_ANSWER = "there is no answer for this document"


def evaluate(
    rows: Iterable[GoldRow | Mapping[str, Any]],
    answers: Mapping[str, Any] | Iterable[Answer | Mapping[str, Any]],
    *,
    schema: Any = None,
    name: str = "",
    evidence: bool = True,
) -> Evaluation:
    """Compare answers with gold values, leaf by leaf; lists are aligned item by item.

    Args:
        rows: objects with `document` or `pages`, `gold`, and perhaps `id`, `schema` and `prompt`. A row
            without an id has its number from 1 as id.
        answers: values by the ids of their documents; or objects with `id` and `data`, perhaps with
            `evidence`, such as the rows of `structgen extract --with-source`. A document without an answer
            counts all of its gold values as missing.
        schema: what `Schema.parse` takes; it helps to find the evidence. By default that of each row.
        name: names the run.
        evidence: whether to search the documents for the values of answers that have no evidence.

    Raises:
        BadRequest: names each fault of a row, ids that two rows share, and answers to no document.
    """
    gold_rows = with_distinct_ids(_gold_rows(rows))
    by_id = answers_by_id(gold_rows, _answers(answers))
    parsed = None if schema is None else Schema.parse(schema)
    documents = [
        evaluated(row, by_id.get(row.id), row.schema if parsed is None else parsed, ground_values=evidence)
        for row in gold_rows
    ]
    return Evaluation(name, tuple(documents), run_members(by_id.values()))


def evaluated(row: GoldRow, answer: Answer | None, schema: Any, *, ground_values: bool) -> EvaluatedDocument:
    """Evaluate one document; evidence that the answer lacks is searched for and scored."""
    if answer is None:
        return EvaluatedDocument.of(row.id, row.source, row.gold, problem=NO_ANSWER)
    source, evidence = Source.of(row.source), answer.evidence
    if answer.problem is None and evidence is None and ground_values:
        evidence = _evidence(answer.data, schema, source, row.prompt or "")
    return EvaluatedDocument.of(
        row.id, source, row.gold, answer.data, evidence=evidence, problem=answer.problem
    )


def with_distinct_ids(rows: Iterable[GoldRow]) -> list[GoldRow]:
    """Return the rows; `BadRequest` for two with one id."""
    by_id: dict[str, GoldRow] = {}
    for row in rows:
        if row.id in by_id:
            raise BadRequest(f"two rows have the id {row.id!r}: give each document its own")
        by_id[row.id] = row
    return list(by_id.values())


def answers_by_id(rows: Iterable[GoldRow], answers: Iterable[Answer]) -> dict[str, Answer]:
    """Return the answers by the ids of their documents; `BadRequest` for two to one document, or to none.

    An answer without an id has a `source`: the id of a row, or a file and line, `rows.jsonl:3`, where the id
    is the number of the line.
    """
    ids = {row.id for row in rows}
    by_id: dict[str, Answer] = {}
    for answer in answers:
        names = [answer.id, answer.source, (answer.source or "").rpartition(":")[2]]
        id_ = next((name for name in names if name in ids), None)
        if id_ is None:
            given = answer.source if answer.id is None else answer.id
            raise BadRequest(f"the answer {given!r} names no document of the data set: ids have to be equal")
        if id_ in by_id:
            raise BadRequest(f"two answers are for the document {id_!r}: keep one of them")
        by_id[id_] = answer
    return by_id


def run_members(answers: Iterable[Answer]) -> dict[str, Any]:
    """Return what is known of what made the answers: models, prompts and schemas, each once."""
    listed = list(answers)
    schemas = {
        each.schema_hash: {"name": each.schema_name, "hash": each.schema_hash}
        for each in listed
        if each.schema_hash is not None
    }
    return {
        "models": sorted({each.model for each in listed if each.model is not None}),
        "schemas": [schemas[hash_] for hash_ in sorted(schemas)],
        "prompts": sorted({each.prompt for each in listed if each.prompt is not None}),
    }


def _evidence(value: Any, schema: Any, source: Source, prompt: str) -> dict[str, Evidence]:
    parsed = None if schema is None else Schema.parse(schema)
    return scored(ground(value, parsed, source), value, parsed, source, prompt=prompt)


def _gold_rows(rows: Iterable[GoldRow | Mapping[str, Any]]) -> list[GoldRow]:
    def read(row: Any, number: int) -> Any:
        return row if isinstance(row, GoldRow) else read_gold_row(row, str(number))

    return read_all(rows, read, "the data set")


def _answers(answers: Mapping[str, Any] | Iterable[Answer | Mapping[str, Any]]) -> list[Answer]:
    if isinstance(answers, Mapping):
        return [Answer(str(id_), data) for id_, data in answers.items()]

    def read(row: Any, number: int) -> Any:
        return row if isinstance(row, Answer) else read_answer(row)

    return read_all(answers, read, "the answers")
