"""Files that the tests make: PDFs by reportlab, Office files by zipfile and python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, SimpleDocTemplate, Table

SENTENCE = (
    "the board approved the budget after a long discussion about the price of paper, and the members asked "
    "for a second report before the end of the year."
)


def two_columns(paragraphs: int = 12) -> bytes:
    """Return a PDF with a heading and numbered paragraphs in two columns of a page."""
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=A4)
    frames = [Frame(50, 60, 240, 640), Frame(305, 60, 240, 640)]

    def heading(canvas: Canvas, _: object) -> None:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(50, 750, "The quarterly report of a company with a long name")

    document.addPageTemplates(PageTemplate(frames=frames, onPage=heading))
    style = getSampleStyleSheet()["BodyText"]
    document.build([Paragraph(f"Par{n} {SENTENCE * 3}", style) for n in range(paragraphs)])
    return file.getvalue()


def table(rows: list[list[str]]) -> bytes:
    """Return a PDF of a table without rules, over as many pages as it needs."""
    file = io.BytesIO()
    SimpleDocTemplate(file, pagesize=A4).build([Table(rows, repeatRows=1)])
    return file.getvalue()


def drawn(*texts: tuple[float, float, str], rotation: int = 0, pages: int = 1, **options: object) -> bytes:
    """Return a PDF of pages with texts at points from the lower left corner."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, **options)
    for _ in range(pages):
        canvas.setPageRotation(rotation)
        for x, y, text in texts:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


_XMLNS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"


def workbook(sheets: Mapping[str, str], **members: str | bytes) -> bytes:
    """Return an XLSX whose sheets have these XML contents of `sheetData`; style 1 is a date."""
    listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(sheets, 1))
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{_OFFICE}/relationships/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    return archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {_XMLNS} xmlns:r="{_OFFICE}/relationships"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}'
            f'<Relationship Id="rId99" Type="{_OFFICE}/relationships/styles" Target="styles.xml"/></Relationships>',
            "xl/styles.xml": f'<styleSheet {_XMLNS}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
            "</cellXfs></styleSheet>",
            **{
                f"xl/worksheets/sheet{i}.xml": f"<worksheet {_XMLNS}><sheetData>{data}</sheetData></worksheet>"
                for i, data in enumerate(sheets.values(), 1)
            },
            **members,
        }
    )


def cell(at: str, value: object, style: int = 0) -> str:
    """Return the XML of a cell."""
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{at}" s="{style}"><v>{value}</v></c>'
