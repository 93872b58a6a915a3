"""Extract from the documents of a data set, or take given answers, and evaluate them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from structgen.cli import console
from structgen.cli.errors import DOCUMENT_ERRORS, report
from structgen.cli.model_choice import Extractor
from structgen.cli.parallel import in_order
from structgen.cli.progress import progress
from structgen.cli.summary import show_result, show_summary
from structgen.errors import BadRequest, StructgenError

if TYPE_CHECKING:
    from structgen.evidence.calibration.calibration import Calibration
    from structgen.evidence.evaluation.documents import EvaluatedDocument
    from structgen.evidence.evaluation.rows import Answer, GoldRow

GetAnswer = Callable[["GoldRow"], "tuple[Answer | None, float, Any]"]
"""Returns the answer to a document, its seconds, and the result of the extraction, if there was one."""
_SHOWN = 5
"""Warnings of gold values that are shown, each with the number of its documents."""


@dataclass(frozen=True)
class Asking:
    """What is asked for each document; options of the command replace those of a row."""

    extractor: Extractor
    has_schema: bool
    """Whether the command names the schema."""
    prompt: str | None

    def answer(self, row: GoldRow) -> tuple[Answer, float, Any]:
        """Extract from the document of a row. Errors are raised."""
        from structgen.evidence.evaluation.rows import Answer
        from structgen.evidence.source import Source

        if not self.has_schema and row.schema is None:
            raise BadRequest(f"the row {row.id!r} has no `schema`: add it, or give --schema")
        own = {} if self.has_schema else {"schema": row.schema}
        prompt = row.prompt if self.prompt is None else self.prompt
        started = time.monotonic()
        result = self.extractor.extract(Source.of(row.source).text, prompt=prompt, **own)
        body = result.to_json()
        schema = body["schema"]
        answer = Answer(
            row.id,
            body["data"],
            result.evidence,
            model=body["model"],
            schema_name=schema.get("name"),
            schema_hash=schema.get("hash"),
            prompt=prompt,
        )
        return answer, time.monotonic() - started, result


class EvaluationRun:
    """A run over the documents of a data set, in their order."""

    def __init__(self, rows: Sequence[GoldRow], schema: Any, *, with_evidence: bool) -> None:
        self._rows, self._schema, self._with_evidence = rows, schema, with_evidence
        self._warnings = console.ResultWarnings()
        self._counts = Counter({"valid": 0})
        self._documents: list[EvaluatedDocument] = []
        self._answers: list[Answer] = []
        self.calibration: Calibration | None = None
        """What gives the values confidences."""

    def extracted(self, asking: Asking, jobs: int) -> list[EvaluatedDocument]:
        """Extract from all documents, and evaluate each.

        A document that fails has its problem; an error that would fail every document is raised.
        """
        return self._run(in_order(asking.answer, self._rows, jobs), noun="document")

    def given(self, answers: Mapping[str, Answer]) -> list[EvaluatedDocument]:
        """Evaluate given answers by the ids of their documents."""

        def found(row: GoldRow) -> tuple[Answer | None, float, Any]:
            return answers.get(row.id), 0.0, None

        return self._run(in_order(found, self._rows, 1), noun="answer")

    @property
    def answers(self) -> Sequence[Answer]:
        """The answers to the documents so far."""
        return self._answers

    def _run(self, answers: Iterator[tuple[GoldRow, Future[Any]]], noun: str) -> list[EvaluatedDocument]:
        started = time.monotonic()
        with progress(len(self._rows)) as advance:
            for row, future in answers:
                try:
                    answer, seconds, result = future.result()
                except DOCUMENT_ERRORS as error:
                    advance(partial(self._add_failure, row, error))
                else:
                    advance(partial(self._add, row, answer, seconds, result))
        self._warnings.show()
        show_summary(self._counts, time.monotonic() - started, noun)
        return self._documents

    def _add(self, row: GoldRow, answer: Answer | None, seconds: float, result: Any) -> None:
        from structgen.evidence.evaluation.evaluate import evaluated

        if result is not None:
            self._warnings.add(result.warnings, row.id)
            show_result(row.id, result, seconds)
        outcome = "missing" if answer is None else "failed" if answer.problem is not None else "valid"
        self._counts[outcome] += 1
        if answer is not None:
            self._answers.append(answer)
        schema = row.schema if self._schema is None else self._schema
        document = evaluated(row, answer, schema, ground_values=self._with_evidence)
        self._documents.append(self._with_confidence(document, row, schema))

    def _with_confidence(self, document: EvaluatedDocument, row: GoldRow, schema: Any) -> EvaluatedDocument:
        if self.calibration is None or not document.evidence:
            return document
        from structgen.evidence.calibration.confidence import with_confidence

        evidence = with_confidence(
            self.calibration, document.evidence, document.data, schema, document.source, row.prompt or ""
        )
        return replace(document, evidence=evidence)

    def _add_failure(self, row: GoldRow, error: StructgenError) -> None:
        from structgen.evidence.evaluation.evaluate import evaluated
        from structgen.evidence.evaluation.rows import Answer

        self._counts[error.name] += 1
        report(error, row.id)
        failed = Answer(row.id, problem=f"{error.name}: {error}")
        self._documents.append(evaluated(row, failed, None, ground_values=False))


def warn_of_gold(rows: Iterable[GoldRow], schema: Any) -> None:
    """Warn of gold values that violate the schema: no valid answer can be right there."""
    from structgen.errors import InvalidSchema
    from structgen.schema import Schema

    faulty: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        given = row.schema if schema is None else schema
        if given is None:
            continue
        try:
            violations = Schema.parse(given).violations(row.gold)
        except InvalidSchema as error:
            raise BadRequest(f"the row {row.id!r}: /schema: {error}") from error
        if violations:
            faulty.setdefault(violations[0].message, []).append((violations[0].pointer, row.id))
    for message, places in list(faulty.items())[:_SHOWN]:
        at, id_ = places[0]
        console.warn(f"the gold value violates the schema: {message}", "gold", at, len(places), id_)
    if (more := len(faulty) - _SHOWN) > 0:
        console.warn(f"gold values violate the schema in {more} more ways", "gold")
