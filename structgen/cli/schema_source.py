"""Read the schema of `--schema`: a name, a file, or JSON text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from structgen import json_text
from structgen.cli.files import json_bytes
from structgen.cli.parameter_types import schema_names
from structgen.errors import InvalidSchema
from structgen.suggestions import did_you_mean

if TYPE_CHECKING:
    from structgen.schema import Schema

_SHOWN = 200
"""Characters of a schema or its path that a message shows."""


def is_name(schema: str) -> bool:
    """Return whether it is the name of a schema: a text that looks like a path is a file."""
    return not (any(mark in schema for mark in "/\\.{[") or _is_readable(schema))


def name_or_definition(schema: str) -> Any:
    """Return a name as it is, or the JSON value of a file or text, for a service that checks it."""
    return schema if is_name(schema) else definition(schema)


def definition(schema: str) -> Any:
    """Return the JSON value of a schema file or JSON text."""
    text: str | bytes = schema if schema.lstrip().startswith(("{", "[")) else _read_file(schema)
    try:
        return json_text.loads(text)
    except json_text.JsonError as error:
        raise InvalidSchema(f"--schema: {schema[:_SHOWN]}: {error}") from error


def parsed(schema: str, folder: Path | None) -> Schema:
    """Return the schema with this name in the folder, or that of a file or text."""
    from structgen.schema import Registry, Schema

    if is_name(schema):
        return (Registry(folder) if folder else Registry()).get(schema)
    return Schema.parse(definition(schema))


def _is_readable(path: str) -> bool:
    """Return whether the path is a file or a pipe."""
    try:
        return Path(path).exists() and not Path(path).is_dir()
    except (OSError, ValueError):  # the text cannot be a path: too long, or with a NUL
        return False


def _read_file(path: str) -> bytes:
    if _is_readable(path):
        return json_bytes(path)
    if Path(path).is_dir():
        raise InvalidSchema(f"--schema: {path[:_SHOWN]!r} is a folder: give a file in it")
    name = Path(path).stem
    hint = f"; for the shipped schema, give --schema {name}" if name in schema_names() else _similar(path)
    raise InvalidSchema(f"--schema: the file {path[:_SHOWN]!r} does not exist{hint}")


def _similar(path: str) -> str:
    """Suggest a file with a similar name."""
    try:
        folder = Path(path).parent
        return did_you_mean(path, (str(folder / file.name) for file in folder.glob("*.json")), 0.8)
    except (OSError, ValueError):
        return ""
