"""Make JSON Schemas of Python types: models, dataclasses, typed dictionaries, any other annotation."""

from __future__ import annotations

from typing import Any

from pydantic import PydanticUserError, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError

from structgen.errors import InvalidSchema


def adapter(annotation: Any) -> TypeAdapter[Any]:
    """What validates a type and builds its values; `InvalidSchema` where Pydantic cannot read it."""
    try:
        return TypeAdapter(annotation)
    except (PydanticSchemaGenerationError, PydanticUserError, TypeError) as error:
        kind = getattr(annotation, "__name__", None) or repr(annotation)
        raise InvalidSchema(f"no JSON Schema can be made of {kind[:80]}: {error}") from error


def definition(adapter: TypeAdapter[Any]) -> Any:
    """The JSON Schema of what the type accepts."""
    try:
        return adapter.json_schema()
    except PydanticUserError as error:
        raise InvalidSchema(f"no JSON Schema can be made of this type: {error}") from error
