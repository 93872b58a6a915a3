"""Write output files completely or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from structgen.errors import ConfigError


def is_standard_output(path: Path | None) -> bool:
    """Return whether `--out` means standard output: it is not given, or `-`."""
    return path is None or str(path) == "-"


def write_text(path: Path | None, text: str) -> None:
    """Write one text to a file, or to standard output."""
    if path is None or is_standard_output(path):
        click.echo(text)
    elif path.exists() and not path.is_file():  # a pipe or a device
        with out_errors(path):
            path.write_text(f"{text}\n", encoding="utf-8")
    else:
        with out_errors(path), replacing(path.resolve()) as target:
            target.write(f"{text}\n".encode())


@contextmanager
def out_errors(path: Path | None) -> Iterator[None]:
    """Raise `ConfigError` with the name of `--out` for errors of the system."""
    try:
        yield
    except OSError as error:
        raise ConfigError(f"--out: {path} cannot be written: {error.strerror}") from error


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that replaces `path` at the end; an error leaves `path` as it was."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_permissions(path))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _permissions(path: Path) -> int:
    """Return the permissions of the file, or those of a new file."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
