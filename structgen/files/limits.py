"""Limits of the files that are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from structgen.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Limits of one file, with all its attachments. An error names the exceeded limit by its field."""

    max_bytes: int = 64 * 2**20
    """Bytes of the file."""
    max_unpacked: int = 256 * 2**20
    """Bytes of the members of an archive (DOCX, XLSX) when they are unpacked."""
    max_members: int = 10_000
    """Members of an archive."""
    max_pages: int = 5_000
    """Pages of a PDF."""
    max_characters: int = 20_000_000
    """Characters of the text."""
    max_cells: int = 2_000_000
    """Cells of a spreadsheet, those between two filled ones included."""
    max_depth: int = 4
    """Levels of mails and attachments inside one another."""
    max_attachments: int = 200
    """Attachments in all."""
    max_cpu_seconds: int = 20
    """Processor time."""
    max_memory: int = 2**30
    """Bytes beyond the memory of an idle process."""
    max_seconds: int = 60
    """Wall time, waits for a processor included."""
    max_convert_seconds: int = 120
    """Wall time of the converter of other formats, if there is one."""


SERVICE_LIMITS = FileLimits(max_characters=5_000_000, max_cpu_seconds=10)
"""Limits of the files of requests: their text passes through the service's own process."""
UNITS = {
    "max_bytes": "bytes",
    "max_unpacked": "unpacked bytes",
    "max_members": "members of the archive",
    "max_pages": "pages",
    "max_characters": "characters",
    "max_cells": "cells",
    "max_depth": "levels of attachments",
    "max_attachments": "attachments",
    "max_cpu_seconds": "seconds of processor time",
    "max_memory": "bytes of memory",
    "max_seconds": "seconds",
    "max_convert_seconds": "seconds of the converter",
}


def exceeded(limit: str, limits: FileLimits, given: int | None = None) -> NoReturn:
    """Raise the error for a file that exceeds a limit, by the name of its field."""
    raise limit_error(limit, limits, given)


def reading_error(limit: str, limits: FileLimits, file: str | None) -> UnreadableFile:
    """Return the error for a file whose reader was ended at a limit, or crashed."""
    if limit in UNITS:
        return limit_error(limit, limits, file=file)
    detail = "the file is damaged, and its reader crashed: open it, save it anew, and send that"
    return UnreadableFile(detail, "damaged", file)


def limit_error(
    limit: str, limits: FileLimits, given: int | None = None, file: str | None = None
) -> UnreadableFile:
    """Return the error for a file that exceeds a limit; `given` is what it has, where that is known."""
    allowed = getattr(limits, limit)
    if given is None:
        detail = f"reading the file takes more than {allowed:,} {UNITS[limit]} ({limit})"
    else:
        detail = f"the file has {given:,} {UNITS[limit]}; {limit} allows {allowed:,}"
    detail += ": send a part of it, such as fewer pages"
    return UnreadableFile(detail, "limit", file)
