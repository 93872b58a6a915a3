"""Make the PDFs of this folder: python examples/make_files.py (needs reportlab)."""

from __future__ import annotations

import sys
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

FOLDER = Path(__file__).parent
ITEMS = [
    ("Desk lamp, black", 4, "39.90", "159.60"),
    ("Paper A4, 500 sheets", 20, "4.75", "95.00"),
    ("Chair, adjustable", 2, "189.00", "378.00"),
]
NOTES = [
    "The library will stay open on Saturdays from March on, because the readers asked for it in the survey "
    "of last autumn. Two new colleagues help at the desk, and the lending of tablets moves to the first "
    "floor.",
    "The budget for new books rises by four percent. Most of it goes to the children's section, which has "
    "grown faster than any other part of the house since the school next door was opened.",
    "The roof of the reading room has to be repaired in July. During that month the room is closed, and its "
    "newspapers can be read in the hall on the ground floor, where the coffee bar will be open longer.",
    "The catalogue gets a new search, which also finds words inside of titles. The old one stays for a year, "
    "so that saved lists can be moved without haste, and the desk helps everyone who asks.",
]


def invoice(path: Path) -> None:
    """Make an invoice without rules: labels and values at fixed places."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(50, 780, "Invoice")
    canvas.setFont("Helvetica", 10)
    for place, (label, value) in enumerate(
        [("Number", "INV-2026-0117"), ("Date", "17 March 2026"), ("Due", "16 April 2026")]
    ):
        canvas.drawString(350, 780 - 14 * place, label)
        canvas.drawRightString(545, 780 - 14 * place, value)
    for place, line in enumerate(["Northwind Office Ltd", "12 Harbour Road", "Bristol"]):
        canvas.drawString(50, 750 - 14 * place, line)
    rows = [("Item", "Quantity", "Price", "Amount"), *ITEMS]
    for place, (item, quantity, price, amount) in enumerate(rows):
        y = 660 - 16 * place
        canvas.drawString(50, y, item)
        canvas.drawRightString(360, y, str(quantity))
        canvas.drawRightString(450, y, price)
        canvas.drawRightString(545, y, amount)
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawString(50, 580, "Total EUR")
    canvas.drawRightString(545, 580, "632.60")
    canvas.save()


def newsletter(path: Path) -> None:
    """Make a page of two columns under a heading."""

    def heading(canvas: Canvas, _: object) -> None:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(50, 770, "News of the town library, spring 2026")

    document = BaseDocTemplate(str(path), pagesize=A4, invariant=1)
    frames = [Frame(50, 610, 240, 140), Frame(305, 610, 240, 140)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=heading))
    document.build([Paragraph(note, getSampleStyleSheet()["BodyText"]) for note in NOTES])


def price_list(path: Path) -> None:
    """Make a table without rules over two pages."""
    rows = [["Article", "Name", "Unit", "Price"]]
    rows += [
        [f"A-{n:04}", f"Screw M{n % 9 + 3} x {10 + n}", "100 pieces", f"{1.2 + n / 10:.2f}"]
        for n in range(1, 61)
    ]
    document = SimpleDocTemplate(str(path), pagesize=A4, invariant=1)
    title = Paragraph("Price list 2026", getSampleStyleSheet()["Title"])
    document.build([title, Spacer(1, 12), Table(rows, repeatRows=1)])


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    invoice(folder / "invoice_layout.pdf")
    newsletter(folder / "newsletter.pdf")
    price_list(folder / "price_list.pdf")
