"""Every schema that ships has a document and the object that it holds."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from structgen.schema import Registry

EXAMPLES = Path(__file__).parents[1] / "examples"
REGISTRY = Registry()


def test_there_are_ten() -> None:
    """Ten schemas ship."""
    assert len(REGISTRY.names()) >= 10


@pytest.mark.parametrize("name", REGISTRY.names())
def test_the_example_is_valid_and_in_order(name: str) -> None:
    """Every example object is valid, in declared order, and its strings stand in the document except dates and choices."""
    schema = REGISTRY.get(name)
    document = (EXAMPLES / f"{name}.txt").read_text()
    value = json.loads((EXAMPLES / f"{name}.json").read_text())
    assert schema.violations(value) == []
    assert json.dumps(schema.arrange(value)) == json.dumps(value)
    names = [v for key, v in value.items() if key.endswith(("name", "number", "id")) and v]
    assert all(text in document for text in names)


@pytest.mark.parametrize("name", REGISTRY.names())
def test_lists_and_strings_are_bounded(name: str) -> None:
    """Every list has `maxItems`, and every string a length, a format or a choice, so that a generation ends."""
    unbounded = [
        pointer
        for pointer, schema in subschemas(REGISTRY.get(name).definition)
        if (schema.get("type") == "array" and "maxItems" not in schema)
        or (schema.get("type") == "string" and not schema.keys() & {"maxLength", "format", "enum"})
    ]
    assert unbounded == []


def subschemas(schema: dict[str, Any], pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the schema and all schemas of its properties and items, each with its pointer."""
    yield pointer, schema
    for name, member in schema.get("properties", {}).items():
        yield from subschemas(member, f"{pointer}/properties/{name}")
    if "items" in schema:
        yield from subschemas(schema["items"], f"{pointer}/items")
