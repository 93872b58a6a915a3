"""Where documents and schemas come from: files, folders, standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structgen import json_text
from structgen.cli.completion import schema_names
from structgen.cli.decoding import check, decoded
from structgen.errors import BadRequest, InvalidSchema
from structgen.suggestions import did_you_mean

if TYPE_CHECKING:
    from structgen.schema import Schema

STDIN = "-"


def bytes_of(path: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    if path == STDIN:
        if sys.stdin is None:
            raise BadRequest("standard input is closed: name a file, or pipe one in")
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from error


def name_of(path: str) -> str:
    """Return how messages and rows call the source."""
    return "stdin" if path == STDIN else path


def document(path: str, nul: bool = False) -> str:
    """The text as it is, line ends included; with `nul` it may have NUL characters."""
    return decoded(bytes_of(path), name_of(path), nul)


def json_bytes(path: str) -> bytes:
    """Return the bytes of a JSON value; `BadRequest` where they are plainly those of something else."""
    data = bytes_of(path)
    check(data, name_of(path))
    return data


def is_name(schema: str) -> bool:
    """Whether it names a schema of a folder or a service; anything that looks like a path is a file."""
    return not (any(mark in schema for mark in "/\\.{[") or _exists(schema))


def definition(schema: str) -> Any:
    """The JSON value in a schema file, for a service that checks it itself."""
    text: str | bytes = schema if schema.lstrip().startswith(("{", "[")) else _schema_file(schema)
    try:
        return json_text.loads(text)
    except json_text.JsonFault as error:
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
        name = Path(path).stem
        if Path(path).is_dir():
            raise InvalidSchema(f"--schema: {path[:200]!r} is a folder: name a file in it")
        hint = f"; the schema that ships is --schema {name}" if name in schema_names() else _neighbour(path)
        raise InvalidSchema(f"--schema: no file {path[:200]!r}{hint}")
    return json_bytes(path)


def _neighbour(path: str) -> str:
    """Name the file that the misspelt path may mean."""
    try:
        folder = Path(path).parent
        return did_you_mean(path, (str(folder / file.name) for file in folder.glob("*.json")), 0.8)
    except (OSError, ValueError):
        return ""
