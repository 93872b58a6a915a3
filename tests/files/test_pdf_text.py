"""PDFs: words with boxes, lines by geometry, columns in reading order."""

from __future__ import annotations

import re

import pytest
from made_files import drawn, table, two_columns

from structgen.errors import UnreadableFile
from structgen.evidence.source import PAGE_BREAK
from structgen.files import FileLimits
from structgen.files.read import read_file


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    source = read_file(two_columns())
    assert [int(n) for n in re.findall(r"Par(\d+) ", source.text)] == list(range(12))
    assert source.text.startswith("The quarterly report of a company with a long name\n")
    assert "\t" not in source.text


def test_rows_of_a_table_without_rules_stay_whole_over_two_pages() -> None:
    rows = [
        [f"2026-01-{n % 28 + 1:02}", f"Payment number {n} for the office", f"{n}.50", f"{n * 7}.25"]
        for n in range(60)
    ]
    source = read_file(table([["Date", "Text", "Amount", "Balance"], *rows]))
    lines = [line for line in source.text.replace(PAGE_BREAK, "\n").split("\n") if line]
    header = "Date\tText\tAmount\tBalance"
    assert [line for line in lines if line != header] == ["\t".join(row) for row in rows]
    assert lines.count(header) == 2  # the second page repeats it, as the file does
    assert len(source.page_starts) == 2


def test_every_word_has_its_offset_page_and_box_from_the_upper_left_corner() -> None:
    source = read_file(drawn((100, 741.89, "Total due"), (400, 741.89, "34,900.00"), pages=2))
    assert source.text == PAGE_BREAK.join(["Total due\t34,900.00"] * 2)
    assert [source.text[w.start : w.end] for w in source.words] == ["Total", "due", "34,900.00"] * 2
    left, top, right, bottom = source.words[2].box
    assert (round(left), round(right)) == (400, 453)
    assert top < 100 < bottom  # the baseline is 100 points below the upper edge of A4
    assert [source.page(word.start) for word in source.words] == [1, 1, 1, 2, 2, 2]
    start = source.text.index("34,900")
    assert source.box(start, start + 9) == source.words[2].box


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_follow_the_rotation_of_a_page(rotation: int) -> None:
    (word,) = read_file(drawn((100, 500, "word"), rotation=rotation)).words
    left, top, right, bottom = word.box
    size = (right - left, bottom - top)
    assert size[0] > size[1] if rotation in (0, 180) else size[1] > size[0]
    # reportlab gives a page that is turned sideways the width of A4's height
    corners = {0: (100, 842 - 500), 90: (500, 100), 180: (595 - 100, 500), 270: (595 - 500, 842 - 100)}
    x, y = corners[rotation]
    assert left - 5 <= x <= right + 5
    assert top - 5 <= y <= bottom + 5


def test_an_invoice_has_labels_and_values_on_one_line() -> None:
    source = read_file(
        drawn(
            (50, 780, "ACME Ltd"), (350, 780, "Invoice"), (450, 780, "INV-7"),
            (50, 700, "Item"), (300, 700, "Quantity"), (450, 700, "Price"),
            (50, 685, "Blue pens, fine"), (300, 685, "12"), (450, 685, "3.50"),
            (50, 670, "Paper A4"), (300, 670, "7"), (450, 670, "21.00"),
        )
    )  # fmt: skip
    assert source.text.split("\n") == [
        "ACME Ltd\tInvoice\tINV-7",
        "",
        "Item\tQuantity\tPrice",
        "Blue pens, fine\t12\t3.50",
        "Paper A4\t7\t21.00",
    ]


def test_the_order_of_drawing_does_not_matter() -> None:
    words = [(300, 700, "b"), (50, 685, "c"), (50, 700, "a"), (300, 685, "d")]
    assert read_file(drawn(*words)).text == "a\tb\nc\td"


def test_text_that_is_printed_twice_for_weight_is_read_once() -> None:
    assert read_file(drawn((50, 700, "Total 12"), (50.2, 700, "Total 12"))).text == "Total 12"


def test_a_page_without_text_among_others_is_a_warning() -> None:
    source = read_file(_with_an_empty_page())
    assert [each.code for each in source.warnings] == ["page-without-text"]
    assert "2" in source.warnings[0].message


def _with_an_empty_page() -> bytes:
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    file = BytesIO()
    canvas = Canvas(file)
    canvas.drawString(50, 700, "text")
    canvas.showPage()
    canvas.rect(10, 10, 50, 50)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_values_of_a_filled_form_are_read() -> None:
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    file = BytesIO()
    canvas = Canvas(file)
    canvas.drawString(50, 700, "Name:")
    canvas.acroForm.textfield(name="name", x=100, y=692, value="Ada Lovelace")
    canvas.save()
    assert "Ada Lovelace" in read_file(file.getvalue()).text


@pytest.mark.parametrize(
    ("data", "limits", "reason"),
    {
        "a scan without text": (drawn(), FileLimits(), "no-text"),
        "too many pages": (drawn((50, 700, "x"), pages=4), FileLimits(max_pages=3), "limit"),
        "too much text": (drawn((50, 700, "x" * 50)), FileLimits(max_characters=20), "limit"),
        "too many bytes": (drawn((50, 700, "x")), FileLimits(max_bytes=100), "limit"),
        "cut off": (drawn((50, 700, "x"), pages=40)[:-100], FileLimits(), "damaged"),
    }.values(),
    ids=["scan", "pages", "text", "bytes", "cut"],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, limits: FileLimits, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(data, "a.pdf", limits=limits)
    assert (caught.value.reason, caught.value.file) == (reason, "a.pdf")


def test_an_encrypted_pdf_says_what_to_do() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = drawn((50, 700, "x"), encrypt=StandardEncryption("secret", canPrint=0))
    with pytest.raises(UnreadableFile, match="remove its password") as caught:
        read_file(data)
    assert caught.value.reason == "encrypted"
