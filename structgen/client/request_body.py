"""Build JSON request bodies from the values that callers give."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import PydanticSerializationError, to_jsonable_python

from structgen import json_text
from structgen.errors import BadRequest
from structgen.types import (
    EvidenceOptions,
    Example,
    Grammar,
    GroundLimits,
    Limits,
    Message,
    Sampling,
    TextFormat,
    Violation,
)

if TYPE_CHECKING:
    from pathlib import Path

    from structgen.schema import Schema
    from structgen.schema.list_items import ListSchema

    Untyped: TypeAlias = Schema | Mapping[str, Any] | bool | str | Path
    """Schemas that do not come from a type: results are plain JSON values."""


def schema_member(schema: Any) -> tuple[Any, Schema | None]:
    """Return the `schema` member to send, and the parsed schema if results become values of its type.

    A dict, a bool or a name is sent as it is: the service checks it, and importing the checker costs more
    than a call.
    """
    if isinstance(schema, dict | bool) or (isinstance(schema, str) and schema.lstrip()[:1] != "{"):
        return schema, None
    from structgen.schema import Schema

    parsed = Schema.parse(schema)
    return parsed.definition, parsed if parsed.adapter else None


def output_members(schema: Any) -> tuple[dict[str, Any], Schema | None]:
    """Return the member that says what to extract, and the parsed schema as `schema_member` does.

    A format of plain text is sent as `output`, everything else as `schema`.
    """
    if isinstance(schema, Grammar):
        return {"output": {"grammar": schema.lark}}, None
    if isinstance(schema, TextFormat):
        members = {"regex": schema.regex, "choice": list(schema.choices), "grammar": schema.lark}
        name = "grammar" if schema.kind == "lark" else schema.kind
        return {"output": {name: members[name]}}, None
    member, parsed = schema_member(schema)
    return {"schema": member}, parsed


def list_member(schema: Any) -> tuple[dict[str, Any], ListSchema | None]:
    """Return the member with the schema of a list, and its parsed form where items get a type.

    A Python type that is not a list is that of the items.
    """
    if isinstance(schema, dict | bool | str):
        return output_members(schema)[0], None
    from structgen.schema.list_items import ListSchema

    listed = ListSchema.of(schema)
    return {"schema": listed.whole.definition}, listed


FileInput: TypeAlias = "bytes | str | os.PathLike[str]"
"""The bytes of a file, or its path."""


def file_member(file: FileInput) -> dict[str, Any]:
    """Return the member with a file, read here; `BadRequest` for a path that cannot be read."""
    from structgen.files.isolated import contents

    data, name = contents(file)
    return {**({} if name is None else {"name": name}), "data": base64.b64encode(data).decode()}


def encode(body: Mapping[str, Any]) -> bytes:
    """Encode a body as UTF-8 JSON; `BadRequest` points at a member that JSON cannot represent."""
    try:
        return json_text.dumps(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        if len(body) > 1:
            for name in body:
                encode({name: body[name]})
        raise _invalid(f"/{next(iter(body))}", f"cannot be written as JSON: {error}") from error


_NAMES = {"sampling": "Sampling", "limits": "Limits", "evidence": "EvidenceOptions"}
Group: TypeAlias = Sampling | Limits | EvidenceOptions | GroundLimits


def group(name: str, value: Group | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the object of `sampling`, `limits` or `evidence`."""
    if value is None or isinstance(value, Mapping):
        return dict(value or {})
    if not isinstance(value, Group):
        raise _invalid(f"/{name}", f"give {_NAMES[name]}(...) or a mapping of its fields")
    return {member: given for member, given in asdict(value).items() if given is not None}


def messages(values: Sequence[Message | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the array of `messages`."""
    return [_item("messages", index, value, _message) for index, value in enumerate(values)]


def examples(values: Sequence[Example | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the array of `examples`."""
    return [_item("examples", index, value, _example) for index, value in enumerate(values)]


def _item(name: str, index: int, value: Any, convert: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    try:
        return convert(value)
    except (TypeError, ValueError) as error:
        detail = f"give {name.title().removesuffix('s')}(...) or a mapping: {error}"
        raise _invalid(f"/{name}/{index}", detail) from error


def _message(message: Message | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(message, Message):
        return {"role": message.role, "content": message.content}
    return dict(message)


def _example(example: Example | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(example, Example):
        example = {"document": example.document, "data": example.data}
    try:
        return {**example, "data": to_jsonable_python(example["data"])}
    except (KeyError, PydanticSerializationError) as error:
        raise BadRequest(f"an example must have `document`, a text, and `data`, JSON: {error}") from error


def _invalid(pointer: str, message: str) -> BadRequest:
    return BadRequest.from_violations([Violation(pointer, "type", message)], "the request")
