"""Documents for the tests of the report's page."""

from __future__ import annotations

import copy
from typing import Any

from structgen import ground
from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.evaluation.summary import Evaluation
from structgen.evidence.report import ShownDocument, report_page
from structgen.evidence.source import Source
from structgen.types import Evidence

PAGES = (
    "ALPINE TOOLS LTD 🏔 cafe\u0301\r\nINVOICE No. INV-417   Date: 17 April 2025\r\n\r\n"
    "A-10  Ice axe        4   39.50  158.00\r\nB-20  Carabiner     24    7.25  174.00\r\n"
    "C-31  Rope 60 m      2  149.00  298.00\r\n",
    "page 2\r\nTotal due   £630.00\r\nPaid: no. Thank you 🙏 Ada Bergmann\r\n",
)
GOLD: dict[str, Any] = {
    "seller": "Alpine Tools Ltd",
    "number": "INV-417",
    "date": "2025-04-17",
    "items": [
        {"sku": "A-10", "quantity": 4, "amount": 158.0},
        {"sku": "B-20", "quantity": 24, "amount": 174.0},
        {"sku": "C-31", "quantity": 2, "amount": 298.0},
    ],
    "total": 630.0,
    "contact": "Ada Bergmann",
    "city": None,
}


def answer(**changed: Any) -> dict[str, Any]:
    return copy.deepcopy(GOLD) | changed


def extraction(data: Any = GOLD, pages: tuple[str, ...] = PAGES, name: str = "invoice.txt") -> str:
    shown = ShownDocument(name, Source.of(pages), data, ground(data, None, pages))
    return report_page(name, [shown], None)


def evaluated(name: str, data: Any, **more: Any) -> EvaluatedDocument:
    evidence = ground(data, None, PAGES) if data is not None else {}
    return EvaluatedDocument.of(name, Source.of(PAGES), GOLD, data, evidence=evidence, **more)


def evaluation() -> str:
    """Return the page of four documents: right, with two errors, with a row missing, and without an object."""
    documents = (
        evaluated("right", answer()),
        evaluated("two-errors", answer(number="INV-471", contact="Bergmann")),
        evaluated("row-missing", answer(items=GOLD["items"][:1] + GOLD["items"][2:])),
        evaluated("no-object", None, problem="no valid object within 3 attempts"),
    )
    return report_page("Evaluation", documents, Evaluation("run", documents))


def large(leaves: int) -> str:
    """Return the page of an object of so many leaves, each with a place in a text of as many words."""
    rows = leaves // 4
    text, data, evidence, offset = [], [], {}, 0
    for number in range(rows):
        words = [f"item-{number}", f"Part number {number}", f"{number % 90 + 1}", f"{number * 7 % 900}.50"]
        data.append(dict(zip(("sku", "description", "quantity", "amount"), words, strict=True)))
        for name, word in zip(data[-1], words, strict=True):
            kind = "none" if (number % 97, name) == (5, "sku") else "exact"
            place = (None, None) if kind == "none" else (offset, offset + len(word))
            evidence[f"/{number}/{name}"] = Evidence(
                kind, *place, candidates=1, score=(number * 13 % 100) / 100
            )
            offset += len(word) + 2
        text.append("  ".join(words))
        offset -= 1
    assert offset == len("\n".join(text)) + 1
    return report_page("Large", [ShownDocument("large", Source("\n".join(text)), data, evidence)], None)
