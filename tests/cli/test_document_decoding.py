"""Files of other kinds are refused, with their kind and a command that extracts text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from structgen.cli import main
from structgen.cli.decoding import decoded
from structgen.errors import BadRequest


def packed(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


KINDS = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "a PDF", "pdftotext doc.bin -"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image", "tesseract doc.bin"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image", "tesseract"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP image", "tesseract"),
    "gzip": (b"\x1f\x8b\x08\0", "gzip", "gunzip -c doc.bin"),
    "docx": (packed("[Content_Types].xml", "word/document.xml"), "a Word file", "pandoc"),
    "xlsx": (packed("[Content_Types].xml", "xl/workbook.xml"), "an Excel file", "CSV"),
    "zip": (packed("a.txt"), "a ZIP archive", "unpack"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "an Office file", "soffice"),
    "rtf": (rb"{\rtf1\ansi hello}", "an RTF file", "pandoc"),
    "utf-16": ("Rechnung".encode("utf-16"), "UTF-16", "iconv -f UTF-16 -t UTF-8 doc.bin"),
    "utf-16 without a mark": ("Rechnung Nr. 7".encode("utf-16-be"), "UTF-16BE", "iconv -f UTF-16BE"),
    "utf-32": ("Rechnung".encode("utf-32"), "UTF-32", "iconv -f UTF-32"),
    "latin-1": ("eins\nzwei für".encode("latin-1"), "not UTF-8 at byte 11 (line 2)", "iconv -f WINDOWS-1252"),
    "nul": (b"one\ntwo\0", "a NUL at byte 7 (line 2)", r"tr -d '\000'"),
}


@pytest.mark.parametrize(("data", "kind", "remedy"), KINDS.values(), ids=KINDS.keys())
def test_a_binary_file_is_refused_with_its_kind(data: bytes, kind: str, remedy: str) -> None:
    """The message has the file, its kind and a command."""
    with pytest.raises(BadRequest) as caught:
        decoded(data, "doc.bin")
    assert "doc.bin" in str(caught.value)
    assert kind in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "plain", "naïve — “quoted”\r\n", "PK or not", "GIF", "日本語", "\ufeffmarked", "MM* II*"]
)
def test_text_is_decoded_unchanged(text: str) -> None:
    """Line ends and byte order marks stay."""
    assert decoded(text.encode(), "doc.txt") == text


@pytest.mark.parametrize("command", ["validate", "schemas check", "extract"])
def test_a_pdf_is_refused_as_schema_or_value(tmp_path: Path, command: str) -> None:
    """Commands that read JSON name the kind of file too."""
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    arguments = {
        "validate": ["-s", "invoice", str(path)], "schemas check": [str(path)], "extract": ["-s", str(path)]
    }  # fmt: skip
    result = CliRunner().invoke(main, [*command.split(), *arguments[command]], input="x")
    assert (result.exit_code, "is a PDF" in result.stderr) == (2, True)


def test_repair_keeps_a_nul() -> None:
    """Broken texts may have one."""
    result = CliRunner().invoke(main, ["repair"], input='{"a":"\0 1",}')
    assert (result.exit_code, result.stdout) == (0, '{"a":"\\u0000 1"}\n')
