"""Decode the text of a document; for other kinds of files name the kind and a command that extracts text."""

from __future__ import annotations

import codecs

from structgen.errors import BadRequest

_OCR = "recognise its text first, for example with `tesseract {name} stdout`"
_PANDOC = "convert it first, for example with `pandoc -t plain {name}`"
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", "convert it first, for example with `pdftotext {name} -`"),
    (b"\x89PNG\r\n", "a PNG image", _OCR),
    (b"\xff\xd8\xff", "a JPEG image", _OCR),
    (b"GIF8", "a GIF image", _OCR),
    (b"II*\x00", "a TIFF image", _OCR),
    (b"MM\x00*", "a TIFF image", _OCR),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first, for example with `gunzip -c {name}`"),
    (b"BZh", "compressed with bzip2", "unpack it first, for example with `bunzip2 -c {name}`"),
    (b"\xfd7zXZ\x00", "compressed with xz", "unpack it first, for example with `xz -dc {name}`"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first, for example with `zstd -dc {name}`"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office file of the old binary format (doc, xls, ppt or msg)",
        "convert it first, for example with `soffice --headless --convert-to txt:Text {name}`",
    ),
    (b"{\\rtf", "an RTF file", _PANDOC),
    (b"SQLite format 3\x00", "an SQLite database", "export its rows as text first"),
    (b"PAR1", "a Parquet file", "export its rows as text first"),
    (b"\x7fELF", "a program", "give a text file"),
)  # fmt: skip
_PACKED: tuple[tuple[bytes, str, str], ...] = (
    (b"word/", "a Word file (docx)", _PANDOC),
    (b"xl/", "an Excel file (xlsx)", "save its sheet as CSV first"),
    (b"ppt/", "a PowerPoint file (pptx)", "save it as text first"),
    (b"application/vnd.oasis", "an OpenDocument file", _PANDOC),
    (b"application/epub", "an EPUB book", _PANDOC),
)  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"),
)  # fmt: skip


def decoded(data: bytes, name: str, *, allow_nul: bool = False) -> str:
    """Return the text, line ends included; `BadRequest` names the kind of another file.

    A NUL is refused unless `allow_nul`: many binary files have one, texts hardly ever do.
    """
    check(data, name)
    if not allow_nul and (at := data.find(0)) >= 0:
        raise BadRequest(
            f"{name} is not text: it has a NUL at byte {at} (line {_line(data, at)}); if it is text "
            "nevertheless, remove the NUL, for example with `tr -d '\\000'`"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line(data, error.start)
        raise BadRequest(
            f"{name} is not UTF-8 at byte {error.start} (line {line}): convert it first, for example with "
            f"`iconv -f WINDOWS-1252 -t UTF-8 {name}`"
        ) from error


def check(data: bytes, name: str) -> None:
    """Raise `BadRequest` for another kind of file, with a command that extracts its text."""
    if (reason := _not_text(data)) is not None:
        raise BadRequest(f"{name} is {reason}".replace("{name}", name))


def _not_text(data: bytes) -> str | None:
    """Return the kind of file and what to do with it; None if the bytes may be UTF-8."""
    if data.startswith(b"PK\x03\x04"):
        for mark, kind, remedy in _PACKED:
            if mark in data[:65536] or mark in data[-65536:]:
                return f"{kind}, not text: {remedy}"
        return "a ZIP archive, not text: unpack it first"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return f"a WebP image, not text: {_OCR}"
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypavif", b"ftypmif1"):
        return f"a HEIF image, not text: {_OCR}"
    for mark, kind, remedy in _KINDS:
        if data.startswith(mark):
            return f"{kind}, not text: {remedy}"
    coding = next((coding for mark, coding in _BOMS if data.startswith(mark)), None) or _wide(data)
    if coding is not None:
        return (
            f"{coding}, not UTF-8: convert it first, for example with `iconv -f {coding} -t UTF-8 {{name}}`"
        )
    return None


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _wide(data: bytes) -> str | None:
    """Return UTF-16 with its byte order if nearly every second byte is NUL, as for Latin letters."""
    sample = data[:4096]
    if len(sample) >= 8:
        for offset, coding in ((1, "UTF-16LE"), (0, "UTF-16BE")):
            half = sample[offset::2]
            if half.count(0) > 0.9 * len(half) and sample[1 - offset :: 2].count(0) == 0:
                return coding
    return None
