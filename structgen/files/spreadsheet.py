"""Read the sheets of a workbook: each one a page, each row a line with tabs between its cells."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from structgen.errors import MissingExtra, UnreadableFile
from structgen.evidence.source import Source
from structgen.files.cell_formats import CellFormats, cell_formats
from structgen.files.kinds import ZIP
from structgen.files.limits import FileLimits, exceeded
from structgen.files.number_formats import shown_date, shown_number
from structgen.files.source_builder import UNREAD_PART, SourceBuilder
from structgen.files.workbook_unread import unread_in_workbook

_MIDNIGHT = time()
MAX_NAMED = 10
"""Sheets that a warning names."""


def read_spreadsheet(data: bytes, limits: FileLimits) -> Source:
    """Return the sheets that are shown, with their names; cells of an XLSX as their formats show them."""
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise MissingExtra("files", error) from error
    builder, cells, filled = SourceBuilder(limits), 0, False
    try:
        formats_of = cell_formats(data) if data.startswith(ZIP) else {}
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        hidden = {
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible != calamine.SheetVisibleEnum.Visible
            or sheet.typ != calamine.SheetTypeEnum.WorkSheet
        }
        if hidden:
            names = ", ".join(map(repr, sorted(hidden)[:MAX_NAMED])) + (
                ", …" if len(hidden) > MAX_NAMED else ""
            )
            builder.warn(UNREAD_PART, f"sheets that are hidden, or have no cells, are not read: {names}")
        shown_sheets = [name for name in workbook.sheet_names if name not in hidden]
        for name in shown_sheets:
            sheet = workbook.get_sheet_by_name(name)
            cells += sheet.height * sheet.width
            if cells > limits.max_cells:
                exceeded("max_cells", limits, cells)
            builder.page()
            builder.text(f"{name}\n")
            if formats_of.get(name, ...) is None:
                message = f"the sheet {name!r} is large: its numbers are written as they are stored"
                builder.warn(UNREAD_PART, message)
            formats, left = formats_of.get(name), (sheet.start or (0, 0))[1]
            for number, row in enumerate(sheet.iter_rows()):  # rows above the first filled one included
                texts = (_formatted(value, formats, number, at) for at, value in enumerate(row, left))
                line = "\t".join(texts).rstrip("\t")
                filled = filled or bool(line)
                builder.text(f"{line}\n")
    except calamine.PasswordError as error:
        raise UnreadableFile("the workbook is encrypted: remove its password", "encrypted") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        detail = f"the workbook is damaged, or of a format that is not read ({error}): save it anew as XLSX"
        raise UnreadableFile(detail[:500], "damaged") from error
    for message in unread_in_workbook(data, shown_sheets) if data.startswith(ZIP) else ():
        builder.warn(UNREAD_PART, message)
    if not filled:
        raise UnreadableFile("the workbook has no filled cells in sheets that are shown", "no-text")
    return builder.build()


def _formatted(value: Any, formats: CellFormats | None, row: int, column: int) -> str:
    """Write the value of a cell as its format shows it, as far as that is known."""
    shown = None
    if formats is not None and not isinstance(value, bool | str):
        code = formats.code(row, column)
        if isinstance(value, float | int):
            shown = shown_number(value, code)
        elif isinstance(value, date | time):
            shown = shown_date(value, code)
    return _shown(value) if shown is None else " ".join(shown.split())


def _shown(value: Any) -> str:
    """Write the value of a cell: dates as ISO 8601, whole numbers without a fraction."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return " ".join(str(value).split())
