"""Where rows go: standard output, or a file that is written whole, from a journal that can be resumed.

While a run goes on its rows are in `FILE.part`, one a line as `{"key", "stamp", "row"}`. At the end
`FILE` is made of them, in the order of the documents, and takes its place in one step. A run that is cut
short leaves `FILE` as it was, and `FILE.part` for `--resume`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

import click

from structgen import json_text
from structgen.cli import console
from structgen.errors import ConfigError

SUFFIX = ".part"


class Rows(Protocol):
    """Takes the rows of a run in the order of its documents."""

    def kept(self, key: str) -> bool:
        """Return whether an earlier run has a valid row for the document."""

    def keep(self, key: str) -> None:
        """Take the row of the earlier run."""

    def add(self, key: str, row: Any, stamp: str | None) -> None:
        """Take a new row; `stamp` tells its shape and schema, None that it is a failure."""

    def close(self, whole: bool) -> None:
        """End; `whole` where every document has its row."""


class Printed:
    """Rows on standard output, or in what is no regular file: a pipe, `/dev/null`."""

    def __init__(self, path: Path | None = None) -> None:
        with _told(path):
            self._file = None if path is None else path.open("w", encoding="utf-8")

    def kept(self, key: str) -> bool:
        """Return False: there is no earlier run."""
        return False

    def keep(self, key: str) -> None:
        """Take nothing."""

    def add(self, key: str, row: Any, stamp: str | None) -> None:
        """Print the row."""
        click.echo(json_text.dumps(row), file=self._file)

    def close(self, whole: bool) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


class Journaled:
    """Rows in a file, by way of its journal.

    With `resume`, a stamp, the valid rows of that stamp that an earlier run left are kept.
    """

    def __init__(self, path: Path, resume: str | None = None) -> None:
        self._path = path.resolve()
        self._part = self._path.with_name(self._path.name + SUFFIX)
        self._order: list[int] = []
        self._earlier: dict[str, int] = {}
        with _told(path):
            if resume is None:
                _set_aside(self._part)
            mode = "r+b" if resume is not None and self._part.exists() else "w+b"
            self._file: IO[Any] = self._part.open(mode)
        if resume is not None:
            self._read_journal(resume)
            self._read_rows(resume)

    def kept(self, key: str) -> bool:
        """Return whether an earlier run has a valid row for the document."""
        return key in self._earlier

    def keep(self, key: str) -> None:
        """Take the row of the earlier run."""
        self._order.append(self._earlier[key])

    def add(self, key: str, row: Any, stamp: str | None) -> None:
        """Append the row to the journal; that of a failure is not kept by a later run."""
        self._order.append(self._append(key, row, stamp))
        self._file.flush()

    def close(self, whole: bool) -> None:
        """Put the file in its place, or leave the journal and say where it is."""
        if whole:
            with _told(self._path), replacing(self._path) as target:
                for offset in self._order:
                    target.write(f"{json_text.dumps(self._entry(offset)['row'])}\n".encode())
        count = len(self._earlier) + len(self._order)
        self._file.close()
        if whole or not count:
            self._part.unlink()
        else:
            console.note(f"the rows so far are in {self._part}: go on with --resume")

    def _append(self, key: str, row: Any, stamp: str | None) -> int:
        entry = {"key": key, "stamp": stamp, "row": row}
        offset = self._file.seek(0, os.SEEK_END)
        with _told(self._part):
            self._file.write(f"{json_text.dumps(entry)}\n".encode())
        return offset

    def _entry(self, offset: int) -> Any:
        self._file.seek(offset)
        return json_text.loads(self._file.readline())

    def _read_journal(self, stamp: str) -> None:
        """Find the valid rows; a last line that was cut short is taken away."""
        offset = 0
        for line in self._file:
            entry = _object(line)
            if not line.endswith(b"\n") or entry is None or "key" not in entry:
                break
            if entry.get("stamp") == stamp:
                self._earlier[entry["key"]] = offset
            offset += len(line)
        self._file.seek(offset)
        self._file.truncate()

    def _read_rows(self, stamp: str) -> None:
        """Find the valid rows of a run that ended; the file keeps its rows until this one ends too."""
        if not self._path.is_file():
            return
        rows = named = 0
        with _told(self._path), self._path.open("rb") as stream:
            for line in stream:
                row = _object(line) or {}
                key = _key_of(row)
                rows, named = rows + 1, named + (key is not None)
                if key is not None and key not in self._earlier and _stamp_of(row) == stamp:
                    self._earlier[key] = self._append(key, row, stamp)
        if rows and not named and not self._earlier:
            self._file.close()
            self._part.unlink()
            raise ConfigError(
                f"--resume: the rows of {self._path} do not name their documents: write them with "
                "--with-source or --full, or name another --out"
            )


def _set_aside(part: Path) -> None:
    """Keep the rows of a run that was cut short, which this one does not go on from."""
    if part.exists() and part.stat().st_size:
        old = part.with_name(f"{part.name}.old")
        part.replace(old)
        message = f"the rows of a run that was cut short are now in {old}: --resume would have kept them"
        console.warn(message, "set-aside")


def opened(path: Path | None, resume: str | None) -> Rows:
    """Return where the rows go: `None` and `-` are standard output."""
    if path is None or str(path) == "-":
        return Printed()
    return Printed(path) if path.exists() and not path.is_file() else Journaled(path, resume)


def _key_of(row: dict[str, Any]) -> str | None:
    """Return what names the document of a row, as `inputs.Document.key` does."""
    source, name = row.get("source"), row.get("document_id")
    if not isinstance(source, str):
        return None
    return source if name is None else f"{source.rpartition(':')[0]}#{name}"


def _stamp_of(row: dict[str, Any]) -> str | None:
    """Return the stamp of a valid row, as `runs.Shape.stamp` makes it."""
    if "schema_hash" in row:
        return f"source:{row['schema_hash']}"
    schema = row.get("schema")
    if isinstance(schema, dict) and row.get("status") == "completed":
        return f"full:{schema.get('hash')}"
    return None


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = json_text.loads(line)
    except json_text.JsonFault:
        return None
    return value if isinstance(value, dict) else None


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes the place of `path` at the end; an error leaves `path` as it was."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """Return the permissions of the file, or those that a new one gets."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def _told(path: Path | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(f"--out: {path} cannot be written: {error.strerror}") from error


def write(path: Path | None, text: str) -> None:
    """Write one text, whole or not at all; `None` and `-` are standard output."""
    if path is None or str(path) == "-":
        click.echo(text)
    elif path.exists() and not path.is_file():
        with _told(path):
            path.write_text(f"{text}\n", encoding="utf-8")
    else:
        with _told(path), replacing(path.resolve()) as target:
            target.write(f"{text}\n".encode())
