"""Read the files of an evaluation: data sets, answers, and evaluations of earlier runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from structgen import json_text
from structgen.cli import files
from structgen.cli.json_lines import read_json_lines
from structgen.errors import BadRequest

if TYPE_CHECKING:
    from structgen.evidence.evaluation.rows import Answer, GoldRow
    from structgen.evidence.evaluation.summary import Evaluation


def read_data_set(path: str) -> list[GoldRow]:
    """Return the rows of a data set; a row without an `id` has the number of its line."""
    from structgen.evidence.evaluation.rows import read_gold_row

    lines: dict[str, int] = {}
    rows = []
    for number, row in read_json_lines(path, lambda data, number: read_gold_row(data, str(number))):
        if (first := lines.setdefault(row.id, number)) != number:
            raise BadRequest(
                f"{files.source_name(path)}: line {number}: /id: the row of line {first} has the id "
                f"{row.id!r} too: give each document its own"
            )
        rows.append(row)
    return rows


def read_answers(path: str, rows: Sequence[GoldRow]) -> tuple[dict[str, Answer], dict[str, Any]]:
    """Return the answers by the ids of their documents, and what made them.

    The file has the rows of an extraction, or the evaluation that an earlier run wrote with `--json`.
    """
    from structgen.evidence.evaluation.evaluate import answers_by_id, run_members
    from structgen.evidence.evaluation.rows import Answer, read_answer

    def read(data: Any, number: int) -> Any:
        return data if isinstance(data, Mapping) and "evaluation" in data else read_answer(data)

    read_rows: list[Any] = [row for _, row in read_json_lines(path, read)]
    run = None
    if isinstance(read_rows[0], Mapping):
        evaluation = _evaluation(read_rows[0], path)
        run = dict(evaluation.run)
        read_rows = [
            Answer(each.id, each.data, each.evidence or None, each.problem) for each in evaluation.documents
        ]
    try:
        by_id = answers_by_id(rows, read_rows)
    except BadRequest as error:
        raise BadRequest(f"--answers: {files.source_name(path)}: {error}") from error
    return by_id, run_members(by_id.values()) if run is None else run


def read_evaluation(path: str) -> Evaluation:
    """Return the evaluation that a run wrote with `--json`."""
    try:
        data = json_text.loads(files.json_bytes(path))
    except json_text.JsonError as error:
        raise BadRequest(f"{files.source_name(path)}: {error}") from error
    return _evaluation(data, path)


def _evaluation(data: Any, path: str) -> Evaluation:
    from structgen.evidence.evaluation.record import from_record

    try:
        return from_record(data)
    except BadRequest as error:
        raise BadRequest(f"{files.source_name(path)}: {error}") from error
