"""Open a DOCX, also one with macros or a template, and tell which of its parts are not read."""

from __future__ import annotations

import io
from typing import Any

from structgen.files.source_builder import UNREAD_PART, SourceBuilder

_MAIN_KINDS = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
"""Content types of main parts that python-docx does not know, and that are as those it knows."""
_UNREAD = {
    "oleObject": "embedded objects", "package": "embedded objects", "control": "controls", "chart": "charts",
    "chartEx": "charts", "diagramData": "diagrams", "aFChunk": "inserted documents",
}  # fmt: skip
"""What the parts with text are, by the last word of the type of their relation."""


def open_document(data: bytes) -> Any:
    """Return the document of python-docx; `ValueError` for a file that has none."""
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    for kind in _MAIN_KINDS:
        PartFactory.part_type_for.setdefault(kind, DocumentPart)
    part = Package.open(io.BytesIO(data)).main_document_part
    if not isinstance(part, DocumentPart):
        raise ValueError(f"its main part is of the type {part.content_type}")
    return part.document


def warn_of_unread(document: Any, builder: SourceBuilder) -> None:
    """Warn of the parts of a document that have text and are not read."""
    kinds = (_UNREAD.get(each.reltype.rpartition("/")[2]) for each in document.part.rels.values())
    names = dict.fromkeys(kind for kind in kinds if kind is not None)
    if names:
        builder.warn(UNREAD_PART, f"the document has {', '.join(names)}, which are not read")
