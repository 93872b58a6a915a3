"""PDFs of random tables, with the cells of each row: ruled and plain, wrapped, turned, over pages, in columns."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, Table

FONTS = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Times-Italic")
ALIGNMENTS = {"LEFT": TA_LEFT, "RIGHT": TA_RIGHT, "CENTER": TA_CENTER}
WORDS = (
    "annual audit bolt carbon copper delivery engine filter freight gasket handle invoice joint kettle ladder "
    "licence motor nozzle office paper piston quarter rental repair screw service spindle storage support "
    "tariff timber travel valve vendor washer weekly wire workshop zinc"
).split()


@dataclass(frozen=True)
class Style:
    """How a table looks."""

    columns: int
    rows: int
    font: str
    size: float
    ruled: str
    """`grid`, `lines` between rows, `box`, or nothing."""
    padding: float
    wrapped: bool
    """Whether long cells take two lines or more."""
    valign: str
    rotation: int
    is_landscape: bool


@dataclass(frozen=True)
class TablePdf:
    """A PDF and the texts of its cells, row by row: the header first."""

    data: bytes
    rows: list[list[str]]
    style: Style


def random_style(chance: random.Random, *, wrapped: bool = False, rotation: int = 0, rows: int = 0) -> Style:
    """Return a style; more columns have a smaller font, so that they fit the page."""
    columns = chance.randint(2, 8)
    return Style(
        columns,
        rows or chance.randint(4, 25),
        chance.choice(FONTS),
        chance.choice((7, 8, 9)) if columns > 5 else chance.choice((8, 9, 10, 11, 12)),
        chance.choice(("grid", "lines", "box", "")),
        chance.choice((1, 3, 6)),
        wrapped,
        chance.choice(("TOP", "MIDDLE", "BOTTOM")),
        rotation,
        columns > 5 or chance.random() < 0.3,
    )


def table_pdf(chance: random.Random, style: Style) -> TablePdf:
    """Return a PDF of one table with a heading above and a line below."""
    size = landscape(A4) if style.is_landscape else A4
    width = (size[0] - 80) / style.columns
    kinds = [chance.choice(("text", "number", "date", "code")) for _ in range(style.columns)]
    alignments = ["RIGHT" if kind == "number" else chance.choice(tuple(ALIGNMENTS)) for kind in kinds]
    header = [f"{chance.choice(WORDS).title()}{number}" for number in range(style.columns)]
    body = [[_value(chance, kind, style, width) for kind in kinds] for _ in range(style.rows)]
    paragraphs = [
        ParagraphStyle(
            name,
            fontName=style.font,
            fontSize=style.size,
            leading=1.2 * style.size,
            alignment=ALIGNMENTS[name],
        )
        for name in alignments
    ]
    content = [
        [Paragraph(text, look) if style.wrapped else text for text, look in zip(row, paragraphs, strict=True)]
        for row in [header, *body]
    ]
    look: list[tuple[object, ...]] = [
        ("FONT", (0, 0), (-1, -1), style.font, style.size, 1.2 * style.size),
        ("VALIGN", (0, 0), (-1, -1), style.valign),
        *(("ALIGN", (i, 0), (i, -1), name) for i, name in enumerate(alignments)),
        *((f"{side}PADDING", (0, 0), (-1, -1), style.padding) for side in ("TOP", "BOTTOM")),
    ]
    if style.ruled == "grid":
        look.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
    elif style.ruled == "lines":
        look.append(("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.grey))
    elif style.ruled == "box":
        look.append(("BOX", (0, 0), (-1, -1), 1, colors.black))
    table = Table(content, colWidths=[width] * style.columns, repeatRows=1, style=look)
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=size)
    frame = Frame(40, 40, size[0] - 80, size[1] - 80, 0, 0, 0, 0)

    def turned(canvas: Canvas, _: object) -> None:
        canvas.setPageRotation(style.rotation)

    document.addPageTemplates(PageTemplate(frames=[frame], onPage=turned))
    heading = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=16, leading=20)
    document.build(
        [
            Paragraph("Overview of goods", heading),
            Spacer(1, 14),
            table,
            Spacer(1, 14),
            Paragraph("Thank you."),
        ]
    )
    return TablePdf(file.getvalue(), [header, *body], style)


def _value(chance: random.Random, kind: str, style: Style, width: float) -> str:
    if kind == "number":
        return f"{chance.randint(0, 9999):,}.{chance.randint(0, 99):02}"
    if kind == "date":
        return f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    if kind == "code":
        return f"{chance.choice('ABCDEF')}{chance.randint(100, 999)}"
    text = chance.choice(WORDS)
    for _ in range(chance.randint(0, 9 if style.wrapped else 3)):
        longer = f"{text} {chance.choice(WORDS)}"
        if not style.wrapped and stringWidth(longer, style.font, style.size) > width - 14:
            break
        text = longer
    return text


def two_column_pdf(chance: random.Random) -> tuple[bytes, list[str]]:
    """Return a PDF with running text in two columns, and its words in the order in which they are read."""
    file = io.BytesIO()
    size = chance.choice((8, 9, 10, 11))
    style = ParagraphStyle(
        "text", fontName=chance.choice(FONTS[:2]), fontSize=size, leading=1.2 * size, spaceBefore=chance.choice((0, 4, 9)),
        firstLineIndent=chance.choice((0, 12)),
    )  # fmt: skip
    document = BaseDocTemplate(file, pagesize=A4)
    gap = chance.choice((14, 20, 30))
    width = (A4[0] - 100 - gap) / 2
    height = chance.choice((220, 400, 600))
    frames = [Frame(50 + at * (width + gap), 780 - height, width, height, 0, 0, 0, 0) for at in (0, 1)]
    document.addPageTemplates(PageTemplate(frames=frames))
    words: list[str] = []
    paragraphs = []
    while len(words) < 9 * height / size:
        first = len(words)
        length = chance.choice((5, 12, 30, 60, 90))
        words += [f"{chance.choice(WORDS)}{_letters(number)}" for number in range(first, first + length)]
        paragraphs.append(Paragraph(" ".join(words[first:]) + ".", style))
        words[-1] += "."
    document.build(paragraphs)
    return file.getvalue(), words


def _letters(number: int) -> str:
    """Return a text of letters for a number: words of prose have no digits."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))
