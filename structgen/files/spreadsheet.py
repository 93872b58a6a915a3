"""Read the sheets of a workbook: each one a page, each row a line with tabs between its cells."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from structgen.errors import MissingExtra, UnreadableFile
from structgen.evidence.source import Source
from structgen.files.limits import FileLimits, exceeded
from structgen.files.source_builder import SourceBuilder

_MIDNIGHT = time()


def read_spreadsheet(data: bytes, limits: FileLimits) -> Source:
    """Return the sheets that are shown, with their names; cells in a shape that needs no format."""
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise MissingExtra("files", error) from error
    builder, cells, filled = SourceBuilder(limits), 0, False
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        hidden = {
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible != calamine.SheetVisibleEnum.Visible
            or sheet.typ != calamine.SheetTypeEnum.WorkSheet
        }
        for name in workbook.sheet_names:
            if name in hidden:
                continue
            sheet = workbook.get_sheet_by_name(name)
            cells += sheet.height * sheet.width
            if cells > limits.max_cells:
                exceeded("max_cells", limits, cells)
            builder.page()
            builder.text(f"{name}\n")
            for row in sheet.iter_rows():
                line = "\t".join(map(_shown, row)).rstrip("\t")
                filled = filled or bool(line)
                builder.text(f"{line}\n")
    except calamine.PasswordError as error:
        raise UnreadableFile("the workbook is encrypted: remove its password", "encrypted") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        detail = f"the workbook is damaged, or of a format that is not read ({error}): save it anew as XLSX"
        raise UnreadableFile(detail[:500], "damaged") from error
    if not filled:
        raise UnreadableFile("the workbook has no filled cells in sheets that are shown", "no-text")
    return builder.build()


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
