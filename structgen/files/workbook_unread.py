"""What an XLSX has and the reader of its values does not tell: formulas without a value, errors, comments."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from itertools import islice

from structgen.files.cell_formats import sheet_paths
from structgen.messages import counted

_NAME = rb"(?:[\w.-]{1,20}:)?"
_NO_VALUE = re.compile(
    rb"<%(n)sc\b(?P<cell>[^<>]{0,1000}+)>\s{0,9}+<%(n)sf\b[^<>]{0,1000}+(?:(?<=/)>|(?<!/)>[^<]{0,9000}+</%(n)sf>)"
    rb"\s{0,9}+(?:<%(n)sv\s?/>|<%(n)sv></%(n)sv>)?+\s{0,9}+</%(n)sc>" % {b"n": _NAME}
)
"""A cell with a formula that has no value beside it."""
_ERROR = re.compile(rb"<%sc\b(?P<cell>[^<>]{0,999}?\bt=[\"']e[\"'][^<>]{0,999})>" % _NAME)
_PLACE, _EMPTY_TEXT = re.compile(rb"\br=[\"']([A-Z]{1,3}\d{1,7})[\"']"), re.compile(rb"\bt=[\"']str[\"']")
_SHAPE_TEXT = re.compile(rb"<a:t(?:\s[^<>]{0,200})?>[^<]{0,200}?\w")
CHUNK, OVERLAP = 2**20, 2**14
"""Bytes that are looked at once, and those of them that are looked at again with the next ones."""
MAX_SHOWN = 5


def unread_in_workbook(data: bytes, shown: Collection[str]) -> Iterator[str]:
    """Yield what the text of the shown sheets of an XLSX lacks; nothing for other workbooks."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name, path in sheet_paths(archive):
                if name in shown and (places := list(_cells_without_value(archive, path))):
                    yield (
                        f"the sheet {name!r} has {counted(len(places), 'cell')} whose formula has no stored "
                        f"value, or is an error ({', '.join(islice(places, MAX_SHOWN))}"
                        f"{', …' if len(places) > MAX_SHOWN else ''}), which are empty here: let a "
                        "spreadsheet program calculate and save the workbook"
                    )
            names = archive.namelist()
            if any(name.startswith(("xl/comments", "xl/threadedComments/")) for name in names):
                yield "the comments of cells are not read"
            drawings = [name for name in names if name.startswith("xl/drawings/drawing")]
            if any(_matches(archive, name, _SHAPE_TEXT) for name in drawings):
                yield "the text boxes are not read"
    except Exception:  # zip and zlib raise what they like; the reader of the values says what is damaged
        return


def _cells_without_value(archive: zipfile.ZipFile, path: str) -> Iterator[str]:
    """Yield the places of the cells of a sheet that have a formula or an error, and no value."""
    for chunk, until in _chunks(archive, path):
        for pattern in (_NO_VALUE, _ERROR):
            for found in pattern.finditer(chunk):
                is_empty_text = _EMPTY_TEXT.search(found["cell"]) and b"v>" in found[0][-40:]
                if found.start() < until and not is_empty_text:
                    place = _PLACE.search(found["cell"])
                    yield place[1].decode() if place else "?"


def _chunks(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[bytes, int]]:
    """Yield the bytes of a member, and up to where in them a match may begin: the rest comes again."""
    with archive.open(path) as stream:
        rest = b""
        while more := stream.read(CHUNK):
            chunk = rest + more
            until = max(0, len(chunk) - OVERLAP)
            yield chunk, until
            rest = chunk[until:]
        yield rest, len(rest)


def _matches(archive: zipfile.ZipFile, path: str, pattern: re.Pattern[bytes]) -> bool:
    return any(pattern.search(chunk) for chunk, _ in _chunks(archive, path))
