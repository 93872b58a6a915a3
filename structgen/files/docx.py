"""Read the text of a DOCX: paragraphs and tables in the order of the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from structgen.errors import MissingExtra, UnreadableFile
from structgen.evidence.source import Source
from structgen.files.docx_inline import inline_text
from structgen.files.docx_numbering import ListNumbers
from structgen.files.docx_package import open_document, warn_of_unread
from structgen.files.limits import FileLimits
from structgen.files.source_builder import SourceBuilder

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", _FALLBACK}
_NOTES = ("footnotes", "endnotes", "comments")
MAX_NESTING = 50
"""Levels of tables and text boxes inside one another."""


def read_docx(data: bytes, limits: FileLimits) -> Source:
    """Return headers, body, footers and notes; rows of tables are lines with tabs between their cells."""
    try:
        from docx.opc.exceptions import PackageNotFoundError
        from lxml import etree
    except ImportError as error:
        raise MissingExtra("files", error) from error
    try:
        document = open_document(data)
        body = document.element.body
        headers, footers = _margins(document)
        notes = _parts(document, etree, _NOTES).values()
        parts = _parts(document, etree, ("numbering", "styles"))
        numbers = ListNumbers.of(parts.get("numbering"), parts.get("styles"))
    except (
        PackageNotFoundError,
        KeyError,
        ValueError,
        AttributeError,
        etree.XMLSyntaxError,
        OSError,
    ) as error:
        detail = f"the document is damaged ({error}): open it, save it anew as DOCX, and send that"
        raise UnreadableFile(detail[:500], "damaged") from error
    except Exception as error:  # zip and zlib raise what they like for a broken member
        raise UnreadableFile(f"the document is damaged ({type(error).__name__})", "damaged") from error
    builder = SourceBuilder(limits)
    warn_of_unread(document, builder)
    for part in (*headers, body, *footers, *notes):
        for line in _blocks(part, numbers if part is body else None):
            builder.text(f"{line}\n")
    source = builder.build()
    if not source.text.strip():
        raise UnreadableFile(
            "the document has no text: if it shows images, recognise their text (OCR) first", "no-text"
        )
    return Source(source.text.strip("\n"), warnings=source.warnings)


def _margins(document: Any) -> tuple[list[Any], list[Any]]:
    """Return the headers and the footers of all sections, equal ones once."""
    kinds: tuple[dict[str, Any], dict[str, Any]] = {}, {}
    for section in document.sections:
        for found, names in zip(
            kinds,
            (
                ("first_page_header", "header", "even_page_header"),
                ("first_page_footer", "footer", "even_page_footer"),
            ),
            strict=True,
        ):
            for name in names:
                margin = getattr(section, name)
                if not margin.is_linked_to_previous:
                    element = margin._element
                    found.setdefault("\n".join(_blocks(element)), element)
    return list(kinds[0].values()), list(kinds[1].values())


def _parts(document: Any, etree: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the roots of the parts with notes, numberings or styles, as far as the document has them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    parts = {
        rel.reltype.rpartition("/")[2]: rel for rel in document.part.rels.values() if not rel.is_external
    }
    return {name: etree.fromstring(parts[name].target_part.blob, parser) for name in names if name in parts}


def _blocks(root: Any, numbers: ListNumbers | None = None, depth: int = 0) -> Iterator[str]:
    """Yield the paragraphs and the rows of tables under an element, as lines with the numbers of lists."""
    if depth > MAX_NESTING:
        raise UnreadableFile(
            f"the document nests its tables or boxes more than {MAX_NESTING} levels deep", "limit"
        )
    for element in root:
        if element.tag == f"{_W}p":
            number = "" if numbers is None else numbers.before(element)
            text = _paragraph(element)
            yield f"{number}{text}" if text else ""
            for box in _boxes(element):
                yield from _blocks(box, numbers, depth + 1)
        elif element.tag == f"{_W}tbl":
            yield from _rows(element, numbers, depth)
            yield ""
        elif isinstance(element.tag, str) and element.tag not in _SKIPPED:
            yield from _blocks(element, numbers, depth + 1)


def _rows(table: Any, numbers: ListNumbers | None, depth: int) -> Iterator[str]:
    for row in _descend(table, f"{_W}tr", {f"{_W}tc", *_SKIPPED}):
        cells = _descend(row, f"{_W}tc", {f"{_W}tbl", *_SKIPPED})
        texts = (" ".join(filter(None, map(str.strip, _blocks(cell, numbers, depth + 1)))) for cell in cells)
        yield "\t".join(" ".join(text.split()) for text in texts)


def _descend(root: Any, tag: str, stops: set[str]) -> Iterator[Any]:
    """Yield the outermost elements of that tag, which do not stand under one of `stops`."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            yield element
        elif element.tag not in stops:
            stack += reversed(element)


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Yield the contents of the text boxes of a paragraph."""
    return _descend(paragraph, f"{_W}txbxContent", _SKIPPED)


def _paragraph(paragraph: Any) -> str:
    parts = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if (text := inline_text(element)) is not None:
            parts.append(text)
        elif element.tag != f"{_W}txbxContent" and element.tag not in _SKIPPED:
            stack += reversed(element)
    return "".join(parts).rstrip()
