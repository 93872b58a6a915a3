"""What Office files, pages and mails have in unusual places is read, or told in a warning."""

from __future__ import annotations

import base64
import io
import zipfile

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from hostile_files import docx_of
from made_files import archive, cell, drawn, workbook

from structgen.errors import UnreadableFile
from structgen.files.read import read_file

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
FIELD = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{}</w:ffData></w:fldChar></w:r>'
PARAGRAPHS = {
    "symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
    "symbol of an unknown font": ('<w:r><w:sym w:font="Odd" w:char="F0FE9"/></w:r>', "\ufffd"),
    "formula": ("<m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath>", "E=mc"),
    "drawing": ("<w:r><w:drawing><a:p><a:r><a:t>label</a:t></a:r></a:p></w:drawing></w:r>", "label"),
    "checked box": (FIELD.format('<w:checkBox><w:default w:val="1"/></w:checkBox>'), "[x]"),
    "box that was unchecked": (FIELD.format('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>'), "[ ]"),
    "chosen entry": (FIELD.format('<w:ddList><w:result w:val="1"/><w:listEntry w:val="a"/><w:listEntry w:val="b"/></w:ddList>'), "b"),
}  # fmt: skip


@pytest.mark.parametrize(("xml", "text"), PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_a_paragraph_has_all_that_it_shows(xml: str, text: str) -> None:
    body = f"<w:p><w:r><w:t>Is: </w:t></w:r>{xml}</w:p>"
    data = docx_of(f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
    assert read_file(data, "a.docx").text == f"Is: {text}"


def saved(document: docx.document.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def changed(data: bytes, member: str, before: bytes, after: bytes) -> bytes:
    """Return an archive with a part of one member replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    assert before in members[member]
    return archive({**members, member: members[member].replace(before, after)})


@pytest.mark.parametrize(
    "kind",
    [
        b"vnd.ms-word.document.macroEnabled.main",
        b"vnd.openxmlformats-officedocument.wordprocessingml.template.main",
    ],
    ids=["macros", "template"],
)
def test_a_document_of_a_kin_format_is_read(kind: bytes) -> None:
    document = docx.Document()
    document.add_paragraph("Hello")
    plain = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main"
    assert read_file(changed(saved(document), "[Content_Types].xml", plain, kind)).text == "Hello"


@pytest.mark.parametrize(
    ("relation", "words"),
    {
        "oleObject": "embedded objects", "chart": "charts", "aFChunk": "inserted documents", "diagramData": "diagrams",
    }.items(),
)  # fmt: skip
def test_parts_of_a_document_that_are_not_read_are_told(relation: str, words: str) -> None:
    document = docx.Document()
    document.add_paragraph("Hello")
    part = Part(PackURI("/word/odd.bin"), "application/octet-stream", b"x", document.part.package)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    document.part.relate_to(part, f"{office}/{relation}")
    source = read_file(saved(document))
    assert [(each.code, words in each.message) for each in source.warnings] == [("unread-part", True)]


def sheet(cells: str) -> str:
    return f"<row r='1'>{cell('A1', 'Total')}{cells}</row>"


BOTH = workbook({"Shown": sheet(""), "Cellar": sheet("")})
DRAWING = '<x xmlns:a="q"><a:p><a:t>drawn</a:t></a:p></x>'
WORKBOOKS = {
    "formula without a value": (workbook({"A": sheet("<c r='B1'><f>SUM(C1:C9)</f></c>")}), "B1"),
    "formula with an empty value": (workbook({"A": sheet("<c r='B1'><f>SUM(C1:C9)</f><v></v></c>")}), "B1"),
    "shared formula": (workbook({"A": sheet("<c r='B1'><f t='shared' si='0'/></c>")}), "B1"),
    "formulas without values in a long sheet": (
        workbook({"A": "".join(f"<row r='{n}'>{cell(f'A{n}', n)}<c r='B{n}'><f>A{n}*2</f></c></row>" for n in range(1, 40_000))}),
        "39999 cells",
    ),
    "error": (workbook({"A": sheet("<c r='B1' t='e'><f>1/0</f><v>#DIV/0!</v></c>")}), "B1"),
    "hidden sheet": (changed(BOTH, "xl/workbook.xml", b'name="Cellar"', b'name="Cellar" state="hidden"'), "'Cellar'"),
    "comment": (workbook({"A": sheet("")}, **{"xl/comments1.xml": "<comments/>"}), "comments"),
    "text box": (workbook({"A": sheet("")}, **{"xl/drawings/drawing1.xml": DRAWING}), "text boxes"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), WORKBOOKS.values(), ids=WORKBOOKS)
def test_what_a_workbook_hides_is_told(data: bytes, words: str) -> None:
    source = read_file(data, "a.xlsx")
    assert [(each.code, words in each.message) for each in source.warnings] == [("unread-part", True)]


@pytest.mark.parametrize(
    "cells",
    [
        "<c r='B1'><f>1+1</f><v>2</v></c>",
        "<c r='B1' t='str'><f>IF(A1=0,1,\"\")</f><v></v></c>",
        "<c r='B1' s='1'/>",
    ],
    ids=["with-a-value", "empty-text", "no-formula"],
)
def test_cells_that_have_their_value_are_not_told(cells: str) -> None:
    assert read_file(workbook({"A": sheet(cells)}), "a.xlsx").warnings == ()


def test_an_open_document_text_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as whole:
        whole.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        whole.writestr("content.xml", "<a/>")
    with pytest.raises(UnreadableFile, match="save it as DOCX") as caught:
        read_file(file.getvalue(), "a.odt")
    assert caught.value.reason == "unknown-format"


PAGES = {
    "formula": ("<math><mi>x</mi><mo>=</mo><mn>2</mn><annotation>no</annotation></math>", "x=2"),
    "labels of a drawing": ("<svg><title>no</title><desc>no</desc><text>Jan</text><text>Feb</text></svg>", "Jan\nFeb"),
    "numbers of a list": ("<ol start=3><li>a<li>b<ul><li>c</ul><li value=9>d</ol>", "3. a\n4. b\n\nc\n\n9. d"),
    "letters of a list": ("<ol type=a><li>x<li>y</ol><ol style='list-style: none'><li>z</ol>", "a. x\nb. y\n\nz"),
}  # fmt: skip


@pytest.mark.parametrize(("html", "text"), PAGES.values(), ids=PAGES)
def test_a_page_has_all_that_it_shows(html: str, text: str) -> None:
    assert read_file(f"<!doctype html><body>{html}".encode()).text == text


def test_markdown_that_begins_with_a_tag_is_kept() -> None:
    text = "<table>\n| a | b <c> d |\n```\nif a<b then\n```\n"
    assert read_file(text.encode(), "a.md").text == text


def mail(kind: str, *parts: str, end: bool = True) -> bytes:
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + ("--b--\r\n" if end else "")
    return f'From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="b"\r\n\r\n{body}'.encode()


PDF = base64.b64encode(drawn((50, 700, "attached"))).decode()
PLAIN = "Content-Type: text/plain\r\n\r\nHello\r\n"
HTML = "Content-Type: text/html\r\n\r\n<p>Hello\r\n"
ROWS = "Content-Type: text/html\r\n\r\n<p>Hello<table><tr><td>bolt<td>1.20<tr><td>nut<td>0.40</table>\r\n"
MIXED = (
    f'Content-Type: multipart/mixed; boundary="c"\r\n\r\n--c\r\n{HTML}--c\r\nContent-Type: application/pdf; name="i.pdf"\r\n'
    f"Content-Transfer-Encoding: base64\r\n\r\n{PDF}\r\n--c--\r\n"
)
REPORT = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; who@x\r\n"
EXTERNAL = 'Content-Type: message/external-body; access-type=URL; URL="http://x/y"\r\n\r\nContent-Type: text/plain\r\n'
EMPTY = 'Content-Type: text/plain; name="e.txt"\r\nContent-Disposition: attachment; filename="e.txt"\r\n\r\n'
MAILS = {
    "attachment of another alternative": (mail("alternative", PLAIN, MIXED), ["Hello", "attached"]),
    "table that the plain text lacks": (mail("alternative", PLAIN, ROWS), ["Hello", "bolt\t1.20\nnut\t0.40"]),
    "equal alternatives": (mail("alternative", PLAIN, HTML), ["Hello"]),
    "calendar": (mail("alternative", PLAIN, "Content-Type: text/calendar\r\n\r\nDTSTART:20260101\r\n"), ["Hello", "DTSTART:20260101"]),
    "report of delivery": (mail("report", PLAIN, REPORT), ["Hello", "rfc822; who@x"]),
    "text elsewhere": (mail("mixed", PLAIN, EXTERNAL), ["Hello", "http://x/y"]),
}  # fmt: skip


@pytest.mark.parametrize(("data", "texts"), MAILS.values(), ids=MAILS)
def test_a_mail_has_all_of_its_parts(data: bytes, texts: list[str]) -> None:
    source = read_file(data, "m.eml")
    assert [source.text.count(text) for text in texts] == [1] * len(texts)
    assert source.warnings == ()


TOLD_OF_MAILS = {
    "cut off": (mail("mixed", PLAIN, end=False), "unread-part", "cut off"),
    "cut in an attachment": (mail("mixed", PLAIN, 'Content-Type: text/plain; name="a.txt"\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8'), "unread-part", "cut off"),
    "empty attachment": (mail("mixed", PLAIN, EMPTY), "unread-part", "'e.txt'"),
    "unknown encoding": (mail("mixed", PLAIN).replace(b"Hello", "Müller".encode("cp1252")), "guessed-encoding", "Windows-1252"),
    "words in HTML alone": (mail("alternative", PLAIN, HTML.replace("Hello", "Bonjour")), "unread-part", "further words"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "words"), TOLD_OF_MAILS.values(), ids=TOLD_OF_MAILS)
def test_what_a_mail_lacks_is_told(data: bytes, code: str, words: str) -> None:
    source = read_file(data, "m.eml")
    assert [(each.code, words in each.message) for each in source.warnings] == [(code, True)]


def test_a_text_of_a_mail_that_is_no_text_is_named() -> None:
    with pytest.raises(UnreadableFile, match=r"text of the mail \(text/plain\)") as caught:
        read_file(mail("mixed", PLAIN.replace("Hello", "a\0b")), "m.eml")
    assert caught.value.reason == "damaged"
