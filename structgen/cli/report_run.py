"""Make the page of `structgen report`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from structgen.cli.ground_run import read_source
from structgen.cli.report_rows import ReportRow, source_text
from structgen.errors import BadRequest
from structgen.types import Evidence

if TYPE_CHECKING:
    from structgen.evidence.report import ShownDocument
    from structgen.evidence.source import Source
    from structgen.schema import Schema

_PAGE_BREAK = "\f"


@dataclass(frozen=True)
class Reporter:
    """What all rows of a report share."""

    schema: Schema | None
    text: str | Path | None
    """The text of `--source`, or its path where it is more than text."""
    pages: bool
    """Whether form feeds separate pages."""

    def page(self, rows: Sequence[ReportRow]) -> str:
        """Return the HTML of all rows."""
        from structgen.evidence.report import report_page

        documents = [self.shown(row) for row in rows]
        title = documents[0].id if len(documents) == 1 else f"{len(documents)} documents"
        return report_page(title, documents, None)

    def shown(self, row: ReportRow) -> ShownDocument:
        """Return the document of a row; values without evidence are looked for in the text."""
        from structgen.evidence.answer_evidence import EvidenceTask
        from structgen.evidence.report import ShownDocument
        from structgen.evidence.source import Source

        text, evidence = source_text(row, self.text), _evidence(row)
        paged = self.pages or any(each.page is not None for each in evidence.values())
        if isinstance(text, Path):
            source = read_source(text)
        else:
            source = Source.of(text.split(_PAGE_BREAK) if paged else text)
        if evidence:
            _check_places(row, evidence, source)
        elif row.problem is None:
            task = EvidenceTask(row.data, source, list_signals=True, max_leaves=None)
            evidence = task.evidence(self.schema)
        return ShownDocument(row.id or row.source or row.place, source, row.data, evidence, row.problem)


def _evidence(row: ReportRow) -> dict[str, Evidence]:
    """Return the evidence that a row has."""
    if not row.evidence:
        return {}
    try:
        return {str(pointer): Evidence.from_json(each) for pointer, each in row.evidence.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        detail = (
            f"{row.place}: `evidence` is not as structgen prints it: {fault}; "
            "leave it out to look for the values"
        )
        raise BadRequest(detail) from fault


def _check_places(row: ReportRow, evidence: dict[str, Evidence], source: Source) -> None:
    """Raise `BadRequest` for places that the text does not have: it is another one."""
    for pointer, each in evidence.items():
        if each.start is None and each.end is None:
            continue
        if each.start is None or each.end is None or not 0 <= each.start <= each.end <= len(source.text):
            detail = (
                f"{row.place}: the evidence of {pointer or 'the value'!r} stands at {each.start} to "
                f"{each.end}, the text has {len(source.text)} characters: "
                "give the text of the extraction with --source"
            )
            raise BadRequest(detail)
