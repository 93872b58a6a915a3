"""HTML, DOCX, spreadsheets, mail and plain text become text with rows as lines."""

from __future__ import annotations

import io
from email.message import EmailMessage

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import archive, cell, drawn, workbook

from structgen.errors import UnreadableFile
from structgen.files import FileLimits
from structgen.files.read import read_file


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a  b\n c</p><p>d", "a b c\n\nd"),
        ("<title>T</title><body>x<br>y", "T\nx\ny"),
        ("<table><tr><th>a<th>b</tr><tr><td>1 <td><b>2</b> 3</table>", "a\tb\n1\t2 3"),
        ("<table><tr><td><p>a</p><p>b</p><td></td><td>c</table>", "a b\t\tc"),
        ("<table><tr><td><table><tr><td>a<td>b</table><td>c</table>", "a\tb\n\nc"),
        ("a<script>no</script><style>no</style><span style='display: none'>no</span><i hidden>no</i>b", "ab"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>Price&nbsp;5&euro; &amp; more", "Price 5€ & more"),
        ("Name <input value='Ada'> <input type=hidden value=x>", "Name Ada"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
    ],
)
def test_html_is_read_as_it_is_seen(html: str, text: str) -> None:
    assert read_file(f"<!doctype html><body>{html}".encode()).text == text


@pytest.mark.parametrize(
    "page",
    [
        '<html><meta charset="iso-8859-1">é'.encode("latin-1"),
        b"\xef\xbb\xbf" + "<html>é".encode(),
        "\ufeff<html>é".encode("utf-16-le"),
        "<html>é".encode(),
    ],
    ids=["meta", "mark", "utf-16", "utf-8"],
)
def test_the_encoding_of_html_is_found(page: bytes) -> None:
    assert read_file(page, "a.html").text == "é"


def test_a_document_is_read_in_its_order() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Head"
    document.add_paragraph("First")
    table = document.add_table(2, 2)
    for row, texts in zip(table.rows, [("a", "b"), ("1", "two\nlines")], strict=True):
        for each, text in zip(row.cells, texts, strict=True):
            each.text = text
    document.add_paragraph("Last\tone")
    document.add_section()
    document.sections[1].footer.is_linked_to_previous = False
    document.sections[1].footer.paragraphs[0].text = "Foot"
    file = io.BytesIO()
    document.save(file)
    text = read_file(file.getvalue()).text
    assert [line for line in text.split("\n") if line] == [
        "Head",
        "First",
        "a\tb",
        "1\ttwo lines",
        "Last\tone",
        "Foot",
    ]


def test_cells_of_a_workbook_are_read_as_they_are_shown() -> None:
    data = workbook(
        {
            "Sales": f"<row r='1'>{cell('A1', 'Name')}{cell('B1', 'Sold')}</row>"
            f"<row r='2'>{cell('A2', 'Pen')}{cell('B2', 12.0)}{cell('C2', 45000, 1)}{cell('D2', 0.1)}</row>",
            "More": f"<row r='1'>{cell('B1', 'x')}</row>",
        }
    )
    source = read_file(data, "a.xlsx")
    assert source.text == "Sales\nName\tSold\nPen\t12\t2023-03-15\t0.1\n\fMore\nx\n"
    assert len(source.page_starts) == 2


def mail(attachment: bytes, name: str, kind: str = "application/octet-stream") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Über Rechnung"
    message.set_content("See below.")
    message.add_alternative("<p>See <b>below</b>.", subtype="html")
    message.add_attachment(attachment, *kind.split("/"), filename=name)
    return message.as_bytes()


def test_a_mail_is_read_with_its_attachments() -> None:
    source = read_file(mail(drawn((50, 700, "Invoice 7"), pages=2), "i.pdf"), "m.eml")
    first, *rest = source.text.split("\f")
    assert first.startswith("From: a@b.example\nTo: c@d.example\nSubject: Über Rechnung\n\nSee below.")
    assert "Attachment: i.pdf" in first
    assert rest == ["Invoice 7", "Invoice 7"]
    assert [source.page(word.start) for word in source.words] == [2, 2, 3, 3]


def test_an_attachment_that_cannot_be_read_is_named() -> None:
    source = read_file(mail(b"\x89PNG....", "photo.png"), "m.eml")
    assert "Attachment: photo.png" in source.text
    assert [(each.code, "photo.png" in each.message) for each in source.warnings] == [("unread-part", True)]


def test_mails_inside_of_mails_are_read_to_a_depth() -> None:
    inner = mail(b"deepest", "t.txt", "text/plain")
    for _ in range(6):
        inner = mail(inner, "m.eml")
    source = read_file(inner, "m.eml")
    assert "deepest" not in source.text
    assert ["max_depth" in each.message for each in source.warnings] == [True]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_plain_text_is_kept_as_it_is(text: str) -> None:
    text = f"A note: {text}"  # so that it does not begin as a file of another kind
    assert read_file(text.encode(), "a.txt").text == text


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(coding: str) -> None:
    assert read_file("name;sum\nMüller;5 €\n".encode(coding), "a.csv").text == "name;sum\nMüller;5 €\n"


def test_text_that_is_not_utf_8_is_read_with_a_warning() -> None:
    source = read_file("Müller; 5 €".encode("cp1252"), "a.csv")
    assert source.text == "Müller; 5 €"
    assert [each.code for each in source.warnings] == ["guessed-encoding"]


UNREADABLE = {
    "empty": (b"", "a.pdf", "empty"),
    "white space": (b" \n", "a.txt", "empty"),
    "binary": (bytes(range(256)), "a.bin", "unknown-format"),
    "image": (b"\x89PNG\r\n\x1a\n", "a.pdf", "unknown-format"),
    "archive": (archive({"a.txt": "a"}), "a.zip", "unknown-format"),
    "text named as PDF": (b"hello", "a.pdf", "damaged"),
    "text named as workbook": (b"hello", "a.xlsx", "damaged"),
    "document without parts": (archive({"word/document.xml": "<a/>"}), "a.docx", "damaged"),
    "half an archive": (archive({"word/document.xml": "<a/>" * 99})[:100], "a.docx", "damaged"),
    "empty workbook": (workbook({"A": ""}), "a.xlsx", "no-text"),
    "old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "damaged"),
}


@pytest.mark.parametrize(("data", "name", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_says_why(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(data, name)
    assert (caught.value.reason, caught.value.file) == (reason, name)


@pytest.mark.parametrize(
    ("limits", "data"),
    [
        (FileLimits(max_unpacked=1000), archive({"word/document.xml": "x" * 1001})),
        (FileLimits(max_members=2), archive({f"word/{n}": "" for n in range(3)})),
        (FileLimits(max_cells=10), workbook({"A": f"<row r='9'>{cell('A1', 'x')}{cell('B9', 'x')}</row>"})),
    ],
    ids=["max_unpacked", "max_members", "max_cells"],
)
def test_a_limit_is_named(limits: FileLimits, data: bytes, request: pytest.FixtureRequest) -> None:
    with pytest.raises(UnreadableFile, match=request.node.callspec.id) as caught:
        read_file(data, limits=limits)
    assert caught.value.reason == "limit"
