"""Where documents and schemas come from: files, folders, standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structgen import jsontext
from structgen.errors import BadRequest, InvalidSchema

if TYPE_CHECKING:
    from structgen.schema import Schema

STDIN = "-"


def bytes_of(path: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    if path == STDIN:
        if sys.stdin is None:
            raise BadRequest("standard input is closed: name a file")
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from error


def document(path: str) -> str:
    """The text as it is, line ends included."""
    try:
        return bytes_of(path).decode("utf-8")
    except UnicodeDecodeError as error:
        name = "standard input" if path == STDIN else path
        raise BadRequest(f"{name} is not UTF-8 at byte {error.start}") from error


def is_name(schema: str) -> bool:
    """Whether it names a schema of a folder or a service; anything that looks like a path is a file."""
    return not ("/" in schema or "\\" in schema or "." in schema or "{" in schema or _exists(schema))


def definition(schema: str) -> Any:
    """The JSON value in a schema file, for a service that checks it itself."""
    text: str | bytes = schema if schema.lstrip().startswith(("{", "[")) else _schema_file(schema)
    try:
        return jsontext.loads(text)
    except jsontext.JsonFault as error:
        raise InvalidSchema(f"{schema[:200]}: {error}") from error


def parsed(schema: str, folder: Path | None) -> Schema:
    """A schema by its name in the folder, or the one in a file."""
    from structgen.schema import Registry, Schema

    if is_name(schema):
        return (Registry(folder) if folder else Registry()).get(schema)
    return Schema.parse(definition(schema))


def _exists(path: str) -> bool:
    """Whether there is something to read: a file, or a pipe."""
    try:
        return Path(path).exists() and not Path(path).is_dir()
    except (OSError, ValueError):  # no path at all: too long, a NUL
        return False


def _schema_file(path: str) -> bytes:
    if not _exists(path):
        raise InvalidSchema(f"no schema file {path[:200]!r}")
    return bytes_of(path)
