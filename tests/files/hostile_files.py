"""Files that are made to harm their reader, or that are broken, by name."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from email.message import EmailMessage

from made_files import archive, cell, drawn, workbook

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEADER, END = b"%PDF-1.7\n", b"\nstartxref\n0\n%%EOF\n"


def pdf(*objects: str | bytes, trailer: str = "/Root 1 0 R") -> bytes:
    """Return a PDF of these objects, numbered from 1, with a right table of references."""
    body, offsets = HEADER, []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        content = content.encode() if isinstance(content, str) else content
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + table + size.encode()


def one_page(content: bytes, more: str = "", pages: str = "/Kids [3 0 R] /Count 1", *others: str) -> bytes:
    """Return a PDF of one page with a compressed content."""
    packed = zlib.compress(content, 1)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages {pages} >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        f"/Resources << /Font << /F 5 0 R >> {more} >> >>",
        stream,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *others,
    )


def form_bomb() -> bytes:
    """Return a page of forms that each draw the next one ten times."""
    forms = []
    for number in range(6, 16):
        content = b"/X Do " * 10 if number < 15 else b"BT /F 9 Tf 9 9 Td (x) Tj ET"
        forms.append(
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Length {len(content)} /Resources "
            f"<< /Font << /F 5 0 R >> /XObject << /X {number + 1} 0 R >> >> >>\nstream\n{content.decode()}\nendstream"
        )
    return one_page(b"/X Do", "/XObject << /X 6 0 R >>", "/Kids [3 0 R] /Count 1", *forms)


def with_wrong_sizes() -> bytes:
    """Return a workbook whose directory says that its bomb has a few bytes."""
    data = bytearray(workbook({"A": "<row r='1'>" + " " * 100_000_000}))
    directory = data.index(b"PK\x01\x02")
    while (place := data.find(b"PK\x01\x02", directory)) >= 0:
        (size,) = struct.unpack_from("<I", data, place + 24)
        if size > 1000:
            struct.pack_into("<I", data, place + 24, 1000)
        directory = place + 4
    return bytes(data)


def nested_archives() -> bytes:
    inner = archive({"a.txt": "0" * 1_000_000})
    for level in range(6):
        inner = archive({f"{level}-{number}.zip": inner for number in range(10)})
    return inner


def nested_mail(depth: int) -> bytes:
    lines = b""
    for level in range(depth):
        lines += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    return b"MIME-Version: 1.0\r\nMessage-ID: <a@b>\r\n" + lines + b"Content-Type: text/plain\r\n\r\nend\r\n"


def many_parts() -> bytes:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.make_mixed()
    for _ in range(5000):
        part = EmailMessage()
        part.set_content("x")
        message.attach(part)
    return message.as_bytes()


def entities(declaration: str) -> bytes:
    document = f"<?xml version='1.0'?><!DOCTYPE d [{declaration}]><w:document {_W}><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
    return docx_of(document)


def docx_of(document: str) -> bytes:
    import docx

    file = io.BytesIO()
    docx.Document().save(file)
    with zipfile.ZipFile(file) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    return archive({**members, "word/document.xml": document})


LAUGHS = "<!ENTITY e0 'ha'>" + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
LAUGHS += "<!ENTITY e '&e11;'>"
PAGES = drawn(*[(50, 800 - 12 * n, f"line {n} of a page") for n in range(40)], pages=20)
TEXT = b"BT /F 9 Tf 1 0 0 1 9 9 Tm (text) Tj ET\n"
HOSTILE: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": ("a.xlsx", lambda: workbook({"A": "<row r='1'>" + " " * 60_000_000})),
    "zip bomb with wrong sizes": ("a.xlsx", with_wrong_sizes),
    "zip bomb of a document": ("a.docx", lambda: archive({"word/document.xml": " " * 60_000_000})),
    "nested archives": ("a.docx", nested_archives),
    "many members": ("a.xlsx", lambda: archive({f"xl/{n}": "" for n in range(20_000)})),
    "entity bomb": ("a.docx", lambda: entities(LAUGHS)),
    "quadratic entities": ("a.docx", lambda: entities(f"<!ENTITY x '{'x' * 100_000}'><!ENTITY e '{'&x;' * 9_000}'>")),
    "external entity": ("a.docx", lambda: entities("<!ENTITY e SYSTEM 'file:///etc/passwd'>")),
    "entity bomb in a workbook": ("a.xlsx", lambda: workbook({"A": ""}, **{"xl/sharedStrings.xml": f"<?xml version='1.0'?><!DOCTYPE d [{LAUGHS}]><sst><si><t>&e;</t></si></sst>"})),
    "deep document": ("a.docx", lambda: docx_of(f"<w:document {_W}><w:body>{'<w:tbl><w:tr><w:tc>' * 60_000}</w:body></w:document>")),
    "nested tables": ("a.docx", lambda: docx_of(f"<w:document {_W}><w:body>{'<w:tbl><w:tr><w:tc>' * 70}x{'</w:tc></w:tr></w:tbl>' * 70}</w:body></w:document>")),
    "corner cells": ("a.xlsx", lambda: workbook({"A": f"<row r='1'>{cell('A1', 'x')}</row><row r='1048576'>{cell('XFD1048576', 'x')}</row>"})),
    "many cells": ("a.xlsx", lambda: workbook({"A": "".join(f"<row r='{r}'>{''.join(cell(f'{c}{r}', r) for c in 'ABCDEFGHIJ')}</row>" for r in range(1, 12_000))})),
    "page tree loop": ("a.pdf", lambda: one_page(TEXT, "", "/Kids [2 0 R 3 0 R] /Count 2")),
    "page tree of itself": ("a.pdf", lambda: pdf("<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 9 >>")),
    "billion pages": ("a.pdf", lambda: one_page(TEXT, "", "/Kids [3 0 R] /Count 1000000000")),
    "10,000 pages": ("a.pdf", lambda: one_page(TEXT, "", f"/Kids [{'3 0 R ' * 10_000}] /Count 10000")),
    "page many times": ("a.pdf", lambda: one_page(TEXT, "", f"/Kids [{'3 0 R ' * 400}] /Count 400")),
    "contents loop": ("a.pdf", lambda: one_page(b"/X Do", "/XObject << /X 6 0 R >>", "/Kids [3 0 R] /Count 1", "<< /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> /Length 5 >>\nstream\n/X Do\nendstream")),
    "billion steps": ("a.pdf", form_bomb),
    "long content": ("a.pdf", lambda: one_page(TEXT * 500_000)),
    "long content without text": ("a.pdf", lambda: one_page(b"q Q " * 20_000_000)),
    "stream bomb": ("a.pdf", lambda: one_page(b"\0" * 600_000_000)),
    "deep arrays": ("a.pdf", lambda: one_page(TEXT, "/Deep " + "[" * 200_000 + "]" * 200_000)),
    "deep dictionaries": ("a.pdf", lambda: one_page(TEXT, "/Deep " + "<< /A " * 100_000 + "1" + " >>" * 100_000)),
    "deep operands": ("a.pdf", lambda: one_page(b"[" * 1_000_000 + TEXT)),
    "references in a circle": ("a.pdf", lambda: one_page(TEXT, "/A 6 0 R", "/Kids [3 0 R] /Count 1", "7 0 R", "6 0 R")),
    "wrong references": ("a.pdf", lambda: PAGES.replace(b"0000", b"9999")),
    "huge table of references": ("a.pdf", lambda: HEADER + b"xref\n0 4294967295\ntrailer\n<< /Size 4294967295 /Root 1 0 R >>" + END),
    "table in a circle": ("a.pdf", lambda: pdf("<< /Type /Catalog >>", trailer="/Root 1 0 R /Prev 9 /XRefStm 9")),
    "huge page": ("a.pdf", lambda: one_page(TEXT).replace(b"[0 0 600 800]", b"[-1e38 -1e38 1e38 1e38]")),
    "encrypted": ("a.pdf", lambda: drawn((50, 700, "x"), encrypt="secret")),
    "unknown encryption": ("a.pdf", lambda: pdf("<< /Type /Catalog >>", trailer="/Root 1 0 R /Encrypt << /Filter /Odd >>")),
    "only a header": ("a.pdf", lambda: HEADER + END),
    "deep HTML": ("a.html", lambda: b"<html>" + b"<div>" * 200_000 + b"x"),
    "deep tables": ("a.html", lambda: b"<html>" + b"<table><tr><td>" * 40_000 + b"x"),
    "unclosed formats": ("a.html", lambda: b"<html>" + b"".join(b"<b id=%d>" % n for n in range(5_000)) + b"<p>x" * 1_000),
    "long attribute": ("a.html", lambda: b"<html><p style='" + b"display " * 500_000 + b"'>x"),
    "many comments": ("a.html", lambda: b"<!--" + b"-" * 4_000 + b"<!--" * 100_000),
    "deep mail": ("a.eml", lambda: nested_mail(20_000)),
    "mail of 5,000 parts": ("a.eml", many_parts),
    "mail with odd coding": ("a.eml", lambda: b"Subject: =?zlib?b?eJw=?=\nContent-Type: text/plain; charset=unicode_escape\n\nx" + b"\xff" * 99),
    "random bytes": ("a.pdf", lambda: random.Random(1).randbytes(300_000)),
    "random PDF": ("a.pdf", lambda: HEADER + random.Random(2).randbytes(300_000) + END),
    "random workbook": ("a.xlsx", lambda: b"PK\x03\x04" + random.Random(3).randbytes(300_000)),
    "random old workbook": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(4).randbytes(300_000)),
    "wrong suffix": ("a.docx", lambda: b"plain text"),
    "nothing": ("a.pdf", lambda: b""),
    **{f"cut at {share}%": ("a.pdf", lambda share=share: PAGES[: len(PAGES) * share // 100]) for share in (1, 20, 50, 80, 99)},
    **{f"workbook cut at {share}%": ("a.xlsx", lambda share=share: workbook({"A": f"<row r='1'>{cell('A1', 'x')}</row>"})[: share * 15]) for share in (10, 50, 90)},
}  # fmt: skip
"""Names of files, and what makes their bytes."""
