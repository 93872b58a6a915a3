"""Every schema that ships has a document and the object that it holds."""

import json
from pathlib import Path

import pytest

from structgen.schema import Registry

EXAMPLES = Path(__file__).parents[1] / "examples"
REGISTRY = Registry()


def test_there_are_ten() -> None:
    """The kinds of records that people ask for first."""
    assert len(REGISTRY.names()) >= 10


@pytest.mark.parametrize("name", REGISTRY.names())
def test_the_example_is_valid_and_in_order(name: str) -> None:
    """And its strings stand in the document, but for dates and choices."""
    schema = REGISTRY.get(name)
    document = (EXAMPLES / f"{name}.txt").read_text()
    value = json.loads((EXAMPLES / f"{name}.json").read_text())
    assert schema.violations(value) == []
    assert json.dumps(schema.arrange(value)) == json.dumps(value)
    names = [v for key, v in value.items() if key.endswith(("name", "number", "id")) and v]
    assert all(text in document for text in names)


@pytest.mark.parametrize("name", REGISTRY.names())
def test_lists_and_strings_are_bounded(name: str) -> None:
    """So that a generation ends."""
    text = REGISTRY.get(name).text
    assert text.count('"type":"array"') == text.count('"maxItems"')
    plain = [
        part for part in text.split('{"type":"string"')[1:] if not part.startswith((',"format"', ',"enum"'))
    ]
    assert all(part.startswith(',"maxLength"') for part in plain)
