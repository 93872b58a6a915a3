"""Write one standalone HTML file that shows documents and objects side by side."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.evaluation.summary import Evaluation
from structgen.evidence.report.documents import ShownDocument, document_members, entry
from structgen.evidence.report.embedding import embedded

SCRIPTS = (
    *("words", "data", "follower", "document_pane", "rows", "object_pane", "details", "filters", "summary"),
    *("page", "keys", "start"),
)
"""The files of the script in the order in which they are joined."""
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def report_page(
    title: str, documents: Sequence[EvaluatedDocument | ShownDocument], summary: Evaluation | None
) -> str:
    """Return an HTML document that needs no network and runs no other script than its own.

    Args:
        title: names the report.
        documents: in any order; those of an evaluation are listed with the worst first.
        summary: adds the table by field; None for extractions without gold objects.
    """
    ordered = sorted(documents, key=_share) if summary is not None else list(documents)
    index = {
        "title": title,
        "documents": [entry(document) for document in ordered],
        "summary": None if summary is None else _summary(summary),
    }
    style, script = _style(), _script()
    parts = {
        "policy": _POLICY.format(script=_digest(script), style=_digest(style)),
        "title": html.escape(title.encode("utf-8", "replace").decode()),
        "style": style,
        "script": script,
        "data": "\n".join(_blocks(index, ordered)),
    }
    return _filled(_asset("page.html"), parts)


def _share(document: EvaluatedDocument | ShownDocument) -> float:
    return document.share_right if isinstance(document, EvaluatedDocument) else 1.0


def _summary(evaluation: Evaluation) -> dict[str, Any]:
    """Return the totals and fields; the documents have entries of their own."""
    members = evaluation.to_json()
    del members["worst"]
    return members


def _blocks(index: Any, documents: Sequence[EvaluatedDocument | ShownDocument]) -> Iterator[str]:
    """Yield a block of data for the index and for each document: the page reads only those it shows."""
    yield _block("index", index)
    for number, document in enumerate(documents):
        yield _block(f"document-{number}", document_members(document))


def _block(name: str, value: Any) -> str:
    return f'<script type="application/json" id="{name}">{embedded(value)}</script>'


def _filled(template: str, parts: dict[str, str]) -> str:
    """Replace each `{{name}}` of a template once; the parts are not searched."""
    pieces = template.split("{{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, rest = piece.split("}}", 1)
        filled += [parts[name], rest]
    return "".join(filled)


@cache
def _style() -> str:
    return _asset("page.css")


@cache
def _script() -> str:
    body = "\n".join(_asset(f"script/{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{body}}})();\n'


@cache
def _asset(name: str) -> str:
    return files("structgen.evidence.report").joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    """Return the source expression of a content security policy that allows exactly this text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
