"""Read files and standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from structgen.cli.decoding import check, decoded
from structgen.errors import BadRequest

STDIN = "-"


def source_name(path: str) -> str:
    """Return the name of a source in messages and rows."""
    return "stdin" if path == STDIN else path


@contextmanager
def open_binary(path: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for `-`."""
    if path == STDIN:
        if sys.stdin is None:
            raise BadRequest("standard input is closed: give a file, or pipe one in")
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as stream:
            yield stream
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from error


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file, or of standard input for `-`."""
    with open_binary(path) as stream:
        return stream.read()


def read_text(path: str, *, allow_nul: bool = False) -> str:
    """Return the text of a file, line ends included."""
    return decoded(read_bytes(path), source_name(path), allow_nul=allow_nul)


def is_read_as_file(path: str) -> bool:
    """Return whether the suffix of a path is that of a file that is more than its text, such as a PDF."""
    from structgen.files.kinds import FILE_SUFFIXES

    return Path(path).suffix.lower() in FILE_SUFFIXES


def read_document(path: str) -> str | Path:
    """Return the text of a file, or the path of a file that is more than its text."""
    return Path(path) if path != STDIN and is_read_as_file(path) else read_text(path)


def json_bytes(path: str) -> bytes:
    """Return the bytes of a JSON file; `BadRequest` if they are those of another kind of file."""
    data = read_bytes(path)
    check(data, source_name(path))
    return data
