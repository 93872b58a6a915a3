"""Rows in a file, through a journal that a later run can resume.

During a run the rows are in `FILE.part`, one in each line as `{"key", "stamp", "row"}`. At the end the run
writes `FILE` from them, in the order of the documents, and replaces it in one step. A run that is interrupted
leaves `FILE` as it was, and `FILE.part` for `--resume`.
"""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path
from typing import IO, Any

from structgen import json_text
from structgen.cli import console
from structgen.cli.output_file import is_standard_output, out_errors, replacing
from structgen.cli.rows import PrintedRows, RowWriter, key_of, stamp_of
from structgen.errors import ConfigError

SUFFIX = ".part"


class JournaledRows:
    """Rows in a file, through its journal; a `RowWriter`.

    `resume` has stamps: the valid rows with one of them that an earlier run left are kept.
    """

    def __init__(self, path: Path, resume: Container[str] | None = None) -> None:
        self._path = path.resolve()
        self._journal_path = self._path.with_name(self._path.name + SUFFIX)
        self._order: list[int] = []
        self._earlier: dict[str, int] = {}
        with out_errors(path):
            if resume is None:
                _set_aside(self._journal_path)
            mode = "r+b" if resume is not None and self._journal_path.exists() else "w+b"
            self._journal: IO[Any] = self._journal_path.open(mode)
        if resume is not None:
            self._read_journal(resume)
            self._read_rows(resume)

    def has_earlier(self, key: str) -> bool:
        """Return whether an earlier run left a valid row for the document."""
        return key in self._earlier

    def add_earlier(self, key: str) -> None:
        """Write the row of the earlier run."""
        self._order.append(self._earlier[key])

    def add(self, key: str, row: Any, stamp: str | None) -> None:
        """Append a row to the journal; a later run does not keep that of a failure."""
        self._order.append(self._append(key, row, stamp))
        self._journal.flush()

    def close(self, *, complete: bool) -> None:
        """Write the file from the journal, or leave the journal and print its path."""
        if complete:
            with out_errors(self._path), replacing(self._path) as target:
                for offset in self._order:
                    target.write(f"{json_text.dumps(self._entry(offset)['row'])}\n".encode())
        count = len(self._earlier) + len(self._order)
        self._journal.close()
        if complete or not count:
            self._journal_path.unlink()
        else:
            console.note(f"{self._journal_path} has the rows so far: continue with --resume")

    def _append(self, key: str, row: Any, stamp: str | None) -> int:
        entry = {"key": key, "stamp": stamp, "row": row}
        offset = self._journal.seek(0, os.SEEK_END)
        with out_errors(self._journal_path):
            self._journal.write(f"{json_text.dumps(entry)}\n".encode())
        return offset

    def _entry(self, offset: int) -> Any:
        self._journal.seek(offset)
        return json_text.loads(self._journal.readline())

    def _read_journal(self, stamps: Container[str]) -> None:
        """Find the valid rows of the journal; remove a last line that was cut off."""
        offset = 0
        for line in self._journal:
            entry = _object(line)
            if not line.endswith(b"\n") or entry is None or "key" not in entry:
                break
            if entry.get("stamp") in stamps:
                self._earlier[entry["key"]] = offset
            offset += len(line)
        self._journal.seek(offset)
        self._journal.truncate()

    def _read_rows(self, stamps: Container[str]) -> None:
        """Copy the valid rows of the file to the journal; the file stays until this run ends."""
        if not self._path.is_file():
            return
        rows = rows_with_source = 0
        with out_errors(self._path), self._path.open("rb") as stream:
            for line in stream:
                row = _object(line) or {}
                key = key_of(row)
                rows, rows_with_source = rows + 1, rows_with_source + (key is not None)
                stamp = stamp_of(row)
                if key is not None and key not in self._earlier and stamp in stamps:
                    self._earlier[key] = self._append(key, row, stamp)
        if rows and not rows_with_source and not self._earlier:
            self._journal.close()
            self._journal_path.unlink()
            raise ConfigError(
                f"--resume: the rows of {self._path} do not name their documents: write them with "
                "--with-source or --full, or give another --out"
            )


def open_rows(path: Path | None, resume: Container[str] | None) -> RowWriter:
    """Open the output of a run. `resume` has the stamps of the earlier rows to keep."""
    if path is None or is_standard_output(path):
        return PrintedRows()
    return PrintedRows(path) if path.exists() and not path.is_file() else JournaledRows(path, resume)


def _set_aside(journal: Path) -> None:
    """Rename the journal of an interrupted run that this run does not resume."""
    if journal.exists() and journal.stat().st_size:
        old = journal.with_name(f"{journal.name}.old")
        journal.replace(old)
        message = f"{old} now has the rows of an interrupted run, which --resume would have kept"
        console.warn(message, "set-aside")


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = json_text.loads(line)
    except json_text.JsonError:
        return None
    return value if isinstance(value, dict) else None
