"""What a PDF has beside the text of its pages is read, or told in a warning."""

from __future__ import annotations

import io
import zlib

import pytest
from pdf_objects import drawn_at, page, stream
from reportlab.pdfgen.canvas import Canvas

from structgen.errors import UnreadableFile
from structgen.files.read import read_file

BODY = drawn_at(50, 700, "body")
ATTACHED = (
    "<< /Type /Filespec /F (f.xml) /UF (f.xml) /EF << /F 7 0 R >> >>",
    stream("<a/>", "/Type /EmbeddedFile"),
)
GREY = zlib.compress(b"\x80" * 100)
IMAGE = stream(
    GREY,
    "/Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode",
)
UNMAPPED = (
    "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Odd /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
    " /Supplement 0 >> /FontDescriptor 7 0 R >>",
    "<< /Type /FontDescriptor /FontName /Odd /Flags 4 /FontBBox [0 0 1000 1000] >>",
)  # fmt: skip


def note(subtype: str, entries: str) -> str:
    return f"<< /Type /Annot /Subtype /{subtype} /Rect [10 10 300 30] {entries} >>"


def test_a_page_with_a_link_and_no_form_is_read() -> None:
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(50, 700, "see here")
    canvas.linkURL("https://example.org", (50, 690, 100, 710))
    canvas.save()
    source = read_file(file.getvalue())
    assert (source.text, source.warnings) == ("see here", ())


TOLD = {
    "attached file": (page(BODY, *ATTACHED, catalog="/Names << /EmbeddedFiles << /Names [(f.xml) 6 0 R] >> >>"), "'f.xml'"),
    "attached file on a page": (page(BODY, note("FileAttachment", "/FS 7 0 R"), *ATTACHED, page="/Annots [6 0 R]"), "attached files"),
    "note": (page(BODY, note("Text", "/Contents (sticky)"), page="/Annots [6 0 R]"), "notes of readers"),
    "free text that is not drawn": (page(BODY, note("FreeText", "/Contents (free)"), page="/Annots [6 0 R]"), "notes of readers"),
    "font without letters": (
        page("BT /F 9 Tf 1 0 0 1 50 700 Tm <002300240025> Tj ET", *UNMAPPED,
             font="<< /Type /Font /Subtype /Type0 /BaseFont /Odd /Encoding /Identity-H /DescendantFonts [6 0 R] >>"),
        "font does not say",
    ),
    "scan with a stamp": (page("q 600 0 0 800 0 0 cm /I Do Q " + BODY, IMAGE, resources="/XObject << /I 6 0 R >>"), "large image"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), TOLD.values(), ids=TOLD)
def test_what_is_not_read_is_told_with_its_page(data: bytes, words: str) -> None:
    messages = [each.message for each in read_file(data).warnings]
    assert len(messages) == 1
    assert words in messages[0]
    assert messages[0].endswith((": 1", "'f.xml'"))


@pytest.mark.parametrize(
    "data",
    [
        page(BODY, note("Highlight", "/Contents (body)"), page="/Annots [6 0 R]"),
        page("q 60 0 0 80 0 0 cm /I Do Q " + BODY, IMAGE, resources="/XObject << /I 6 0 R >>"),
        page(BODY) + b"\0" * 10_000,
    ],
    ids=["note-that-repeats-the-text", "small-image", "padding-after-the-end"],
)
def test_what_is_in_the_text_is_not_told(data: bytes) -> None:
    source = read_file(data)
    assert (source.text, source.warnings) == ("body", ())


def test_a_form_that_scripts_lay_out_is_refused() -> None:
    form = stream("<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'></xdp:xdp>")
    data = page(BODY, form, catalog="/NeedsRendering true /AcroForm << /XFA 6 0 R >>")
    with pytest.raises(UnreadableFile, match="dynamic form") as caught:
        read_file(data)
    assert caught.value.reason == "unknown-format"


def test_equal_rows_in_tiny_units_are_all_kept() -> None:
    rows = "".join(
        drawn_at(0.1, 5 - 0.07 * n, "item", 0.05) + drawn_at(0.6, 5 - 0.07 * n, "1.00", 0.05)
        for n in range(20)
    )
    assert read_file(page(rows, box=(0, 0, 6, 6))).text.split() == ["item", "1.00"] * 20
