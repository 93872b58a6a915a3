"""Tables of random PDFs: every row is one line with its cells in order, and every word is there once."""

from __future__ import annotations

import io
import random
from collections import Counter

import pytest
from made_files import drawn
from random_tables import TablePdf, random_style, table_pdf, two_column_pdf
from reportlab.pdfgen.canvas import Canvas

from structgen.evidence.source import Source
from structgen.files.read import read_file


def check(made: TablePdf) -> None:
    """Check the rows and the words of a table; the header stands on each page."""
    source = read_file(made.data)
    lines = [line for line in source.text.replace("\f", "\n").split("\n") if line]
    header, *body = ["\t".join(row) for row in made.rows]
    table = [line for line in lines if line not in ("Overview of goods", "Thank you.", header)]
    assert table == body, made.style
    assert words(source) == Counter(" ".join(lines).split())
    pages = len(source.page_starts) - (source.text.rpartition("\f")[2] == "Thank you.")
    assert lines.count(header) == pages, made.style


def words(source: Source) -> Counter[str]:
    """Return the words that have rectangles."""
    return Counter(source.text[word.start : word.end] for word in source.words)


@pytest.mark.parametrize("seed", range(12))
def test_rows_of_one_line_are_lines(seed: int) -> None:
    """Whatever the columns, fonts, alignments and rules."""
    chance = random.Random(seed)
    check(table_pdf(chance, random_style(chance)))


@pytest.mark.parametrize("seed", range(20))
def test_rows_with_wrapped_cells_are_lines(seed: int) -> None:
    """Cells of several lines stand in the line of their row, however they are aligned in it."""
    chance = random.Random(100 + seed)
    check(table_pdf(chance, random_style(chance, wrapped=True)))


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rows_of_turned_pages_are_lines(rotation: int) -> None:
    """A page that is shown sideways is read as it was written."""
    chance = random.Random(rotation)
    for wrapped in (False, True):
        check(table_pdf(chance, random_style(chance, wrapped=wrapped, rotation=rotation)))


@pytest.mark.parametrize("wrapped", [False, True])
def test_rows_of_tables_over_pages_are_lines(wrapped: bool) -> None:
    """Each page repeats the header; the last one may have a single row."""
    for seed in range(3):
        chance = random.Random(200 + seed)
        check(table_pdf(chance, random_style(chance, wrapped=wrapped, rows=90)))


@pytest.mark.parametrize("seed", range(10))
def test_columns_of_running_text_are_no_rows(seed: int) -> None:
    """Short paragraphs beside long ones are no wrapped cells."""
    data, expected = two_column_pdf(random.Random(300 + seed))
    assert read_file(data).text.split() == expected


def test_lines_of_numbers_below_one_another_are_rows_of_their_own() -> None:
    """A group's name beside several rows does not make these one row."""
    left = [(50, 700, "Fruit"), (50, 640, "Bread"), (50, 580, "Dairy"), (50, 520, "Drinks")]
    right = [
        (x, y - 12 * n, text)
        for _, y, _ in left
        for n in range(3)
        for x, text in ((200, f"{n + 1}.50"), (300, f"2026-01-0{n + 1}"))
    ]
    text = read_file(drawn(*left, *right)).text
    assert "Fruit\t1.50\t2026-01-01\n2.50\t2026-01-02\n3.50\t2026-01-03" in text


def test_a_letter_head_is_no_table() -> None:
    """An address stays on its lines, also beside a word of another column."""
    lines = ["ACME Limited", "12 Market Street", "Leeds LS1 4AP"]
    text = read_file(
        drawn(*((50, 780 - 12 * n, line) for n, line in enumerate(lines)), (400, 768, "Invoice"))
    ).text
    assert text.split("\n") == ["ACME Limited", "12 Market Street\tInvoice", "Leeds LS1 4AP"]


def test_two_pieces_of_one_line_in_a_column_are_read() -> None:
    """Their distance is none: no step between rows comes from it."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(720, 900))
    canvas.setFont("Courier", 8)
    lines = ["Account 20-44-91 88213370    Mr T Okafor", f"{'':11}Balance carried forward{'':39}-1,350.55"]
    for number, line in enumerate(lines):
        canvas.drawString(30, 870 - 12 * number, line)
    canvas.save()
    text = read_file(file.getvalue()).text
    assert "Balance carried forward\t-1,350.55" in text
