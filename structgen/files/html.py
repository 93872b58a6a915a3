"""Read the visible text of HTML, with the rows of tables as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from structgen.errors import MissingExtra, UnreadableFile
from structgen.evidence.source import Source
from structgen.files.decoding import decode
from structgen.files.html_numbers import ItemNumbers
from structgen.files.limits import FileLimits
from structgen.files.source_builder import DECODED, SourceBuilder

_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEAD = 4096
_DROPPED = frozenset(
    "script style template noscript iframe object audio video canvas head desc defs metadata annotation "
    "annotation-xml".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre search section summary "
    "table tbody text tfoot thead title tr ul option".split()
)
_APART = frozenset("p h1 h2 h3 h4 h5 h6 table blockquote pre ul ol dl".split())
"""Blocks with an empty line before and after."""
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f]+")


def read_html(data: bytes, media_type: str | None, limits: FileLimits) -> Source:
    """Return the visible text of a page: blocks as lines, rows of tables with tabs between their cells."""
    declared = re.search(r"charset\s*=\s*\"?([\w.:-]+)", media_type or "", re.IGNORECASE)
    meta = _META.search(data[:_HEAD])
    coding = declared[1] if declared else meta[1].decode("ascii", "replace") if meta else None
    if coding and coding.lower().startswith("utf-16") and meta and not declared:
        coding = "utf-8"  # it was read as ASCII: it cannot be UTF-16
    text, guessed = decode(data, coding)
    builder = SourceBuilder(limits)
    builder.text(html_text(text))
    if not builder.length:
        raise UnreadableFile(
            "the HTML page has no visible text: a script may write it. Print it to a PDF", "no-text"
        )
    if guessed:
        builder.warn(DECODED, "the page does not say its encoding: it was read as Windows-1252")
    return builder.build()


def html_text(text: str) -> str:
    """Return the visible text of HTML."""
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError as error:
        raise MissingExtra("files", error) from error
    parser = LexborHTMLParser(text)
    writer = _Writer()
    title = parser.css_first("head > title")
    if title is not None and (words := _SPACE.sub(" ", title.text()).strip()):
        writer.line(words)
    if parser.body is not None:
        _walk(parser.body, writer)
    return writer.result()


def _walk(root: Any, writer: _Writer) -> None:
    """Write the nodes under a node."""
    layout, numbers = _layout_cells(root), ItemNumbers()
    for node, ends in _nodes(root):
        tag = "div" if node.mem_id in layout else node.tag
        if ends:
            writer.end(tag)
        elif tag == "-text":
            writer.text(node.text_content or "")
        else:
            writer.start(tag)
            if tag == "br":
                writer.line_break()
            elif tag == "input":
                writer.text(_shown_value(node))
            elif tag == "li":
                writer.text(numbers.before(node))


def _nodes(root: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the visible nodes at their start and, but for texts, at their end.

    There is no recursion, as pages may nest deeply.
    """
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, ends = stack.pop()
        if ends:
            yield node, True
            continue
        tag = node.tag
        if tag != "-text" and (tag.startswith(("-", "_", "!")) or _is_hidden(node, tag)):
            continue
        yield node, False
        if tag == "-text":
            continue
        stack.append((node, True))
        children = []
        child = node.child
        while child is not None:
            children.append((child, False))
            child = child.next
        stack += reversed(children)


def _layout_cells(root: Any) -> set[int]:
    """Return the ids of the rows and cells that have a table inside: they lay out the page."""
    layout: set[int] = set()
    around: list[int] = []
    for node, ends in _nodes(root):
        if node.tag in ("tr", "td", "th"):
            if ends:
                around.pop()
            else:
                around.append(node.mem_id)
        elif node.tag == "table" and not ends:
            for cell in reversed(around):
                if cell in layout:
                    break
                layout.add(cell)
    return layout


def _is_hidden(node: Any, tag: str) -> bool:
    if tag in _DROPPED or (tag == "title" and node.parent.tag != "body"):  # the title of a drawing
        return True
    attributes = node.attributes
    return bool(attributes) and (
        "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))
    )


def _shown_value(node: Any) -> str:
    kind = (node.attributes.get("type") or "text").lower()
    if kind in ("hidden", "password", "file", "image"):
        return ""
    if kind in ("checkbox", "radio"):
        return " [x] " if "checked" in node.attributes else " [ ] "
    return f" {node.attributes.get('value') or ''} "


class _Writer:
    """Write blocks as lines, and cells with tabs between."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open = ""
        self._space = self._apart = False
        self._cells: int | None = None
        """Cells of the row so far; None outside of rows."""
        self._preformatted = 0

    def start(self, tag: str) -> None:
        """Begin an element."""
        self._preformatted += tag == "pre"
        if tag == "tr":
            self._break()
            self._cells = 0
        elif tag in ("td", "th") and self._cells is not None:
            if self._cells:
                self._emit("\t")
            self._cells += 1
            self._space = False
        else:
            self._block(tag)

    def end(self, tag: str) -> None:
        """End an element."""
        self._preformatted -= tag == "pre"
        if tag == "tr":
            self._cells = None
            self._break()
        elif tag in ("td", "th"):
            self._space = False
        else:
            self._block(tag)

    def _block(self, tag: str) -> None:
        if tag not in _BLOCKS:
            return
        if self._cells is not None:
            self._space = True  # one line for each row, whatever its cells have
            return
        self._break()
        self._apart = self._apart or tag in _APART

    def line_break(self) -> None:
        """Begin a line, which is a space inside of a cell."""
        if self._cells is not None:
            self._space = True
        else:
            self._emit("\n")
            self._space = False

    def line(self, text: str) -> None:
        """Write a line of its own."""
        self.text(text)
        self._break()

    def text(self, text: str) -> None:
        """Write text, with single spaces for white space outside of preformatted text."""
        if self._preformatted and self._cells is None:
            self._write(text)
            return
        text = text.replace("\xa0", " ")
        if text[:1].isspace():
            self._space = True
        words = _SPACE.sub(" ", text).strip(" ")
        if words:
            self._write(words)
            self._space = text[-1:].isspace()

    def _write(self, text: str) -> None:
        at_start = not self._open or self._open.endswith(("\n", "\t"))
        if self._apart and self._parts and not self._open.endswith("\n\n"):
            self._emit("\n")
        self._apart = False
        if self._space and not at_start:
            self._emit(" ")
        self._space = False
        self._emit(text)

    def _emit(self, text: str) -> None:
        self._parts.append(text)
        self._open = (self._open + text)[-2:]

    def _break(self) -> None:
        self._space = False
        if self._open and not self._open.endswith("\n"):
            self._emit("\n")

    def result(self) -> str:
        """Return the text, without empty lines at its ends and spaces before line ends."""
        return re.sub(r" +(?=\n)", "", "".join(self._parts)).strip("\n")
