"""Read the text of a PDF with the rectangle of each word."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from itertools import islice, pairwise
from statistics import median
from typing import Any

from structgen.errors import MissingExtra, UnreadableFile
from structgen.evidence.source import Source
from structgen.files.limits import FileLimits, exceeded
from structgen.files.pdf.columns import reading_order
from structgen.files.pdf.geometry import shown
from structgen.files.pdf.lines import Line, in_reading_direction, lines
from structgen.files.pdf.unread import Unread, has_unmapped, is_mostly_image, notes, refuse_dynamic_form
from structgen.files.pdf.words import Character, words
from structgen.files.pdf.wrapped import Rule, with_whole_rows
from structgen.files.source_builder import SourceBuilder
from structgen.types.evidence import Box

END_MARK, TAIL = b"%%EOF", 4096
"""A whole PDF has the mark in its last bytes, but for what a transfer appends."""
_PADDING = b"\0\t\n\f\r "
BLANK_LINE = 1.5
"""Distance of two lines from which on an empty line stands between, in usual distances."""
MAX_PATHS = 20_000
"""Drawings of a page that are looked at for rules."""
MIN_RULE, MAX_THICKNESS = 8.0, 3.0
"""Length and thickness of a rule, in points."""
_HYPHEN = "\x02"
"""What pdfium writes for a hyphen at the end of a line."""


def read_pdf(data: bytes, limits: FileLimits) -> Source:
    """Return the text of a PDF, page by page; `UnreadableFile` where it is damaged, encrypted or a scan."""
    try:
        import pypdfium2
        from pypdfium2 import raw
    except ImportError as error:
        raise MissingExtra("files", error) from error
    if END_MARK not in data.rstrip(_PADDING)[-TAIL:]:
        raise UnreadableFile(
            "the PDF has no end mark: it was cut off. Send the whole file, or print it to a new PDF",
            "damaged",
        )
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            detail = "the PDF is encrypted: remove its password, and send it again"
            raise UnreadableFile(detail, "encrypted") from error
        detail = f"the PDF is damaged ({error}): print it to a new PDF, and send that"
        raise UnreadableFile(detail, "damaged") from error
    with closing(document):
        count = len(document)
        if count > limits.max_pages:
            exceeded("max_pages", limits, count)
        if count == 0:
            raise UnreadableFile("the PDF has no pages that can be read", "damaged")
        refuse_dynamic_form(document, raw)
        return _read_pages(document, count, limits)


def _read_pages(document: Any, count: int, limits: FileLimits) -> Source:
    import pypdfium2

    builder, unread = SourceBuilder(limits), Unread()
    if document.get_formtype():
        document.init_forms()
    for index in range(count):
        builder.page()
        before = builder.length
        try:
            _read_page(document, index, builder, limits, unread)
        except pypdfium2.PdfiumError as error:
            detail = f"page {index + 1} of the PDF is damaged ({error}): print it to a new PDF, and send that"
            raise UnreadableFile(detail, "damaged") from error
        if builder.length == before:
            unread.empty.append(index + 1)
    if len(unread.empty) == count:
        raise UnreadableFile(
            "the PDF has no text: it is probably a scan. Recognise its text (OCR) first, and send that",
            "no-text",
        )
    unread.warn(document, builder)
    return builder.build()


def _read_page(document: Any, index: int, builder: SourceBuilder, limits: FileLimits, unread: Unread) -> None:
    from pypdfium2 import raw

    page, noted = document[index], list[str]()
    if raw.FPDFPage_GetAnnotCount(page.raw) > 0:
        noted = notes(page.raw, raw)
        # pypdfium2's own `flatten` refuses a document without forms, although it may have stamps and notes.
        if raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
            page.close()  # what forms and stamps say is part of the page now
            page = document[index]
    with closing(page), closing(page.get_textpage()) as text_page:
        left, bottom, right, top = page.get_bbox()
        shown_page: Box = (left, bottom, right, top)
        directions = words(_characters(text_page.raw, raw, limits), shown_page, page.get_rotation() // 90)
        drawn = list(islice(_paths(page, raw), MAX_PATHS))
        on_page = [word for group in directions.values() for word in group]
        if on_page and is_mostly_image(page, on_page, shown_page, raw):
            unread.images.append(index + 1)
        if has_unmapped(text_page.raw, raw):
            unread.unmapped.append(index + 1)
    if noted and any(_joined(note) not in _joined("".join(word.text for word in on_page)) for note in noted):
        unread.notes.append(index + 1)
    order = sorted(directions.items(), key=lambda each: -sum(len(word.text) for word in each[1]))
    for number, (turn, group) in enumerate(order):
        if number:
            builder.text("\n\n")
        rules = list(_rules(drawn, turn, shown_page))
        _write(reading_order(with_whole_rows(lines(group), rules)), builder)


def _joined(text: str) -> str:
    return "".join(text.split())


def _paths(page: Any, raw: Any) -> Iterator[Box]:
    """Yield the rectangles around what is drawn on a page."""
    for drawing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        yield drawing.get_bounds()


def _rules(drawn: list[Box], turn: int, page: Box) -> Iterator[Rule]:
    """Yield the horizontal lines among drawings, and the upper and lower edges of boxes."""
    for box in drawn:
        left, top, right, bottom = shown(box, -turn, page)
        if right - left < MIN_RULE:
            continue
        if bottom - top <= MAX_THICKNESS:
            yield Rule(left, right, (top + bottom) / 2)
        else:
            yield Rule(left, right, top)
            yield Rule(left, right, bottom)


def _characters(page: Any, raw: Any, limits: FileLimits) -> Iterator[Character | None]:
    """Yield the characters of a page in the order of pdfium, None for a space."""
    box = raw.FS_RECTF()
    reference = ctypes.byref(box)
    count = raw.FPDFText_CountChars(page)
    if count > limits.max_characters:
        exceeded("max_characters", limits, count)
    unicode_of, generated = raw.FPDFText_GetUnicode, raw.FPDFText_IsGenerated
    box_of, angle_of = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharAngle
    high = 0
    for index in range(count):
        code = unicode_of(page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            if not high:
                continue
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        text = chr(code) if code <= 0x10FFFF else "\ufffd"
        if text.isspace() or generated(page, index):
            yield None
            continue
        if text in (_HYPHEN, "\ufffe"):
            text = "-"
        elif code < 0x20 or 0x7F <= code < 0xA0 or code & 0xFFFE == 0xFFFE:
            continue
        if not box_of(page, index, reference):
            continue
        turn = round(angle_of(page, index) / 1.5707963) % 4
        yield Character(text, (box.left, box.bottom, box.right, box.top), turn)


def _write(ordered: list[Line], builder: SourceBuilder) -> None:
    """Append lines: cells with tabs between, an empty line where the page has a wider space."""
    steps = [low.top - high.last_top for high, low in pairwise(ordered) if low.top > high.last_top]
    usual = median(steps) if steps else 0.0
    for index, line in enumerate(ordered):
        if index:
            step = line.top - ordered[index - 1].last_top
            builder.text("\n\n" if step > BLANK_LINE * max(usual, line.height) else "\n")
        for place, cell in enumerate(in_reading_direction(line).cells):
            if place:
                builder.text("\t")
            for number, word in enumerate(cell.words):
                if number:
                    builder.text(" ")
                builder.word(word.text, word.box)
