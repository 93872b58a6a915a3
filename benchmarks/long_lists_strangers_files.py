"""Reads strangers' lists from files (PDF, CSV, DOCX, HTML, mails): is each row whole, and in order.

`python benchmarks/long_lists_strangers_files.py [--rows 60]` renders documents of the tuned half, reads them
with `structgen.files`, and prints for each kind of file the rows whose words stand on one line each, and how
the counted rows compare with the truth.
"""

import argparse
import io
import random
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from html import escape
from typing import Any

from common import parsed
from long_lists_counting import counted
from long_lists_strangers import TUNED
from long_lists_strangers_paper import Stranger

import structgen

Cells = list[list[Any]]
TABULAR = ("bank_statement", "packing_list", "lab_report", "time_sheet", "expenses_english", "call_records")


def pdf(made: Stranger, _: Cells) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(720, 900))
    for page in made.text.split("\f"):
        lines = page.splitlines()
        for first in range(0, max(1, len(lines)), 70):
            canvas.setFont("Courier", 8)
            for number, line in enumerate(lines[first : first + 70]):
                canvas.drawString(30, 870 - 12 * number, line)
            canvas.showPage()
    canvas.save()
    return file.getvalue()


def docx(_: Stranger, cells: Cells) -> bytes:
    from docx import Document

    document, file = Document(), io.BytesIO()
    document.add_paragraph("Export of the list")
    table = document.add_table(rows=len(cells), cols=len(cells[0]))
    for line, row in zip(table.rows, cells, strict=True):
        for cell, value in zip(line.cells, row, strict=True):
            cell.text = "" if value is None else str(value)
    document.save(file)
    return file.getvalue()


def html(_: Stranger, cells: Cells) -> bytes:
    lines = ("".join(f"<td>{escape('' if v is None else str(v))}</td>" for v in row) for row in cells)
    return f"<h1>Export</h1><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>".encode()


def mail(made: Stranger, _: Cells) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ada@example.org", "bob@example.org", "The list"
    message.set_content(made.text.replace("\f", "\n"))
    return bytes(message)


def csv(_: Stranger, cells: Cells) -> bytes:
    rows = (["" if v is None else f'"{v}"' if isinstance(v, str) else str(v) for v in row] for row in cells)
    return "\r\n".join(map(";".join, rows)).encode()


KINDS: dict[str, Callable[[Stranger, Cells], bytes]] = {
    "pdf": pdf, "docx": docx, "html": html, "eml": mail, "csv": csv,
}  # fmt: skip


def cells_of(items: list[dict[str, Any]]) -> Cells:
    return [[name.replace("_", " ").title() for name in items[0]], *(list(item.values()) for item in items)]


def rows_in_order(text: str, made: Stranger, name: str) -> int:
    """Return the rows of the document whose words stand on one line each, in order."""
    lines = [line.split() for line in text.replace("\t", " ").splitlines()]
    at = found = 0
    for start, _ in made.spans[name]:
        words = made.text[start:].lstrip().splitlines()[0].split()
        place = next((k for k in range(at, len(lines)) if lines[k] == words), None)
        if place is not None:
            at, found = place + 1, found + 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=60)
    rows = parsed(parser, rows=5).rows
    for kind, render in KINDS.items():
        tally: Counter[str] = Counter()
        for writer in TUNED:
            if writer.__name__ not in TABULAR:
                continue
            made = writer(rows, random.Random(writer.__name__))
            name, items = next((k, v) for k, v in made.data.items() if isinstance(v, list) and v)
            source = structgen.read_file(render(made, cells_of(items)), name=f"list.{kind}")
            count = counted(source.text, tuple(source.text.split("\f")), made.schema)[f"/{name}"]
            tally.update(lists=1, rows=rows, certain=count.certain, right=count.expected == rows)
            tally["wrong and certain"] += count.certain and count.expected != rows
            tally["whole, in order"] += rows_in_order(source.text, made, name)
        if kind not in {"pdf", "eml"}:
            del tally["whole, in order"]  # the text is not the document's
        print(kind, dict(tally))


if __name__ == "__main__":
    main()
