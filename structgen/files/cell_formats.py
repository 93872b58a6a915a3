"""The number formats of the cells of an XLSX, read from its XML: the reader of values does not tell them."""

from __future__ import annotations

import io
import re
import zipfile
from array import array
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Any
from xml.parsers.expat import ParserCreate

from structgen.files.number_formats import BUILT_IN

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
MAX_SHEET = 16 * 2**20
"""Bytes of a sheet, unpacked: some 400,000 cells, whose formats take about three seconds."""
_MAX_COLUMNS = 1 << 14
"""Columns of a sheet."""


class CellFormats:
    """The formats of one sheet, by row and column from 0."""

    def __init__(self, codes: list[str | None], cells: dict[int, array[int]]) -> None:
        self._codes, self._cells = codes, cells

    def code(self, row: int, column: int) -> str | None:
        """Return the format of a cell; None for the general one."""
        styles = self._cells.get(row)
        style = styles[column] if styles is not None and column < len(styles) else 0
        return self._codes[style] if style < len(self._codes) else None


def cell_formats(data: bytes) -> dict[str, CellFormats | None]:
    """Return the formats of the sheets of a workbook by their names, None for one that is too large.

    Other files than XLSX, and those whose XML cannot be read, have none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_sheets(archive))
    except Exception:  # zip and zlib raise what they like for a broken member
        return {}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, CellFormats | None]]:
    codes = _codes(archive)
    if not any(codes):
        return
    for name, path in sheet_paths(archive):
        is_large = archive.getinfo(path).file_size > MAX_SHEET
        yield name, None if is_large else CellFormats(codes, _styles(archive, path))


def sheet_paths(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the names of the sheets of an XLSX, and their members of the archive."""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        relation = next(
            (value for name, value in sheet.items() if name.endswith(":id") or name == "id"), None
        )
        if target := targets.get(relation):
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            yield sheet.get("name", ""), path


def _codes(archive: zipfile.ZipFile) -> list[str | None]:
    """Return the number format of each style of cells."""
    custom = {
        each.get("numFmtId"): each.get("formatCode") for each in _elements(archive, "xl/styles.xml", "numFmt")
    }
    codes: list[str | None] = []
    for each in _elements(archive, "xl/styles.xml", "xf", "cellXfs"):
        name = each.get("numFmtId", "0")
        codes.append(custom.get(name) or (BUILT_IN.get(int(name)) if name.isdecimal() else None))
    return codes


def _styles(archive: zipfile.ZipFile, path: str) -> dict[int, array[int]]:
    """Return the styles of the cells of a sheet, row by row."""
    rows: dict[int, array[int]] = {}
    for each in _elements(archive, path, "c"):
        place, style = _CELL.fullmatch(each.get("r", "")), each.get("s", "0")
        if place is None or style == "0" or not style.isdecimal():
            continue
        column = 0
        for letter in place[1]:
            column = 26 * column + ord(letter) - 64
        if column > _MAX_COLUMNS:
            continue
        styles = rows.setdefault(int(place[2]) - 1, array("H"))
        styles.extend([0] * (column - len(styles)))
        styles[column - 1] = min(int(style), 65535)
    return rows


def _elements(
    archive: zipfile.ZipFile, path: str, name: str, within: str | None = None
) -> Iterator[dict[str, str]]:
    """Yield the attributes of all elements of a name, or of those inside of the element `within`."""
    parser = ParserCreate()
    found: list[dict[str, str]] = []
    inside = 0

    def start(tag: str, attributes: dict[str, Any]) -> None:
        nonlocal inside
        local = tag.rpartition(":")[2]
        inside += local == within
        if local == name and (within is None or inside):
            found.append(attributes)

    def end(tag: str) -> None:
        nonlocal inside
        inside -= tag.rpartition(":")[2] == within

    def no_entities(*arguments: object) -> None:
        raise ValueError("a workbook needs no entities")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = no_entities
    with archive.open(path) as stream:
        while chunk := stream.read(1 << 16):
            parser.Parse(chunk)
            yield from found
            found.clear()
