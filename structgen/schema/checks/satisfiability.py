"""Schemas that no value can satisfy, where that shows at a glance."""

from __future__ import annotations

from typing import Any

from structgen.errors import InvalidSchema
from structgen.schema.checks.lint import impossible
from structgen.schema.dialects import Dialect
from structgen.schema.regex import PatternError, compiled
from structgen.schema.traversal import pointer, subschemas
from structgen.types import Violation

_BOUNDS = (
    ("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)  # fmt: skip


def check(definition: Any) -> None:
    """`InvalidSchema` for empty enums, crossed bounds, and patterns that are no regular expression."""
    faults: list[Violation] = []
    for at, schema in subschemas(definition):
        if isinstance(schema, dict):
            faults += _faults(at, schema)
    if faults:
        raise InvalidSchema(f"{faults[0].pointer}: {faults[0].message}", faults)


def check_root(definition: Any, drafted: Dialect) -> None:
    """`InvalidSchema` for members that are required and forbidden, and values that are not of the type.

    At the root alone: elsewhere a schema may not need what it cannot have.
    """
    if not isinstance(definition, dict) or ("$ref" in definition and not drafted.ref_siblings):
        return
    if drafted.name == "draft4":  # has no `const`
        definition = {name: value for name, value in definition.items() if name != "const"}
    faults = [
        Violation(pointer(path), str(path[0]), message)
        for path, message in impossible(definition)
        if path[0] != "required" or definition.get("type") == "object"
    ]
    if faults:
        raise InvalidSchema(f"{faults[0].pointer}: {faults[0].message}", faults)


def _faults(at: str, schema: dict[str, Any]) -> list[Violation]:
    faults = []
    if schema.get("enum") == []:
        faults.append(Violation(f"{at}/enum", "enum", "an empty enum allows no value"))
    for low, high in _BOUNDS:
        if low in schema and high in schema and schema[low] > schema[high]:
            message = f"{low} {schema[low]} is above {high} {schema[high]}"
            faults.append(Violation(f"{at}/{low}", low, message))
    if isinstance(schema.get("pattern"), str):
        faults += _pattern_faults(f"{at}/pattern", schema["pattern"])
    patterns = schema.get("patternProperties")
    for pattern in patterns if isinstance(patterns, dict) else ():
        faults += _pattern_faults(at + pointer(["patternProperties", pattern]), pattern)
    return faults


def _pattern_faults(at: str, pattern: str) -> list[Violation]:
    try:
        compiled(pattern)
    except PatternError as error:
        return [Violation(at, "pattern", str(error))]
    return []
