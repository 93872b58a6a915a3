"""What a PDF has beside the text of its pages: attached files, notes, images, letters without a meaning."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from structgen.errors import UnreadableFile
from structgen.files.pdf.words import PageWord
from structgen.files.source_builder import NO_TEXT_PAGE, UNREAD_PART, SourceBuilder
from structgen.types.evidence import Box

MAX_SHOWN = 10
MAX_LOOKED_AT = 2_000
"""Notes and images of a page that are looked at."""
SAMPLED_CHARACTERS, UNMAPPED_SHARE = 400, 20
"""Characters of a page whose letters are checked; one in so many without a letter is worth a warning."""
FEW_WORDS, IMAGE_SHARE = 30, 0.5
"""Below so many words, a page with an image over that part of it is probably a scan."""


@dataclass
class Unread:
    """Pages, by their numbers from 1, of which something is not in the text."""

    empty: list[int] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    unmapped: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)

    def warn(self, document: Any, builder: SourceBuilder) -> None:
        """Tell what of the document is not in the text."""
        for code, what, pages in (
            (NO_TEXT_PAGE, "pages without text, perhaps scans", self.empty),
            (NO_TEXT_PAGE, "pages with little text and a large image, whose text is not read", self.images),
            (
                UNREAD_PART,
                "pages with characters of which their font does not say what letters they are, so that their "
                "text may be wrong",
                self.unmapped,
            ),
            (UNREAD_PART, "pages with notes of readers or attached files, which are not read", self.notes),
        ):
            if pages:
                builder.warn(code, f"{what}: {_listed(list(map(str, pages)))}")
        count = document.count_attachments()
        if count:
            names = [document.get_attachment(index).get_name() for index in range(min(count, MAX_SHOWN + 1))]
            detail = "files attached to the PDF are not read, send them apart"
            builder.warn(UNREAD_PART, f"{detail}: {_listed([repr(name[:80]) for name in names])}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MAX_SHOWN]) + (", …" if len(names) > MAX_SHOWN else "")


def refuse_dynamic_form(document: Any, raw: Any) -> None:
    """Raise `UnreadableFile` for a form that its scripts lay out: its pages only ask the reader to wait."""
    if document.get_formtype() == raw.FORMTYPE_XFA_FULL:
        detail = "the PDF is a dynamic form (XFA), whose pages are no part of the file: print it to a new PDF"
        raise UnreadableFile(detail, "unknown-format")


def has_unmapped(text_page: Any, raw: Any) -> bool:
    """Return whether a good part of a page's characters have no letter in their font's table."""
    count = raw.FPDFText_CountChars(text_page)
    sampled = range(0, count, max(1, count // SAMPLED_CHARACTERS))
    unmapped = sum(raw.FPDFText_HasUnicodeMapError(text_page, index) == 1 for index in sampled)
    return bool(unmapped * UNMAPPED_SHARE >= max(1, len(sampled)))


def is_mostly_image(page: Any, words: Sequence[PageWord], box: Box, raw: Any) -> bool:
    """Return whether a page has few words, and an image over most of it."""
    if len(words) >= FEW_WORDS:
        return False
    left, bottom, right, top = box
    for image in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), MAX_LOOKED_AT):
        bounds = image.get_bounds()
        width = min(right, bounds[2]) - max(left, bounds[0])
        height = min(top, bounds[3]) - max(bottom, bounds[1])
        if min(width, height) > 0 and width * height >= IMAGE_SHARE * (right - left) * (top - bottom):
            return True
    return False


def notes(page: Any, raw: Any) -> list[str]:
    """Return what the notes of readers say, and a text for each attached file; links and fields are none."""
    return [text for text in _contents(page, raw) if text.strip()]


def _contents(page: Any, raw: Any) -> Iterator[str]:
    no_notes = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP)
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_LOOKED_AT)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(note) in no_notes:
                continue
            if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_FILEATTACHMENT:
                yield "an attached file"
            size = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
            buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
            raw.FPDFAnnot_GetStringValue(note, b"Contents", buffer, ctypes.sizeof(buffer))
            yield bytes(buffer).decode("utf-16-le", "replace").partition("\0")[0]
        finally:
            raw.FPDFPage_CloseAnnot(note)
