"""A text with commas where the schema wants a list: each reading is the value or an alternative."""

from __future__ import annotations

from typing import Any

import pytest

from structgen import repair
from structgen.schema import Schema


def repaired(text: str, items: Any) -> Any:
    schema = Schema.parse({"type": "object", "properties": {"x": {"type": "array", "items": items}}})
    return repair(f'{{"x": "{text}"}}', schema)


NUMBER, INTEGER = {"type": "number"}, {"type": "integer"}


@pytest.mark.parametrize(
    ("text", "items", "value", "others"),
    [
        pytest.param("1,2", NUMBER, [1.2], {"/x": [1, 2]}, id="decimal comma or list"),
        pytest.param("12,50", NUMBER, [12.5], {"/x": [12, 50]}, id="price or list"),
        pytest.param("1,234", NUMBER, [1234], {"/x/0": 1.234, "/x": [1, 234]}, id="grouped, decimal or list"),
        pytest.param("1,234", INTEGER, [1234], {"/x": [1, 234]}, id="grouped or list"),
    ],
)
def test_a_comma_with_two_meanings_names_the_other_one(
    text: str, items: Any, value: Any, others: Any
) -> None:
    """The change is inferred, and the other readings are alternatives."""
    result = repaired(text, items)
    assert result.value == {"x": value}
    assert [change.risk for change in result.changes] == ["inferred"]
    assert {other.pointer: other.value for other in result.alternatives} == others


@pytest.mark.parametrize(
    ("text", "items", "value"),
    [
        pytest.param("1,2", INTEGER, [1, 2], id="integers"),
        pytest.param("1,2,3", NUMBER, [1, 2, 3], id="three numbers"),
        pytest.param("1.5,2.5", NUMBER, [1.5, 2.5], id="decimal points"),
        pytest.param("-1,-2.5,3e2", NUMBER, [-1, -2.5, 300.0], id="signs and exponents"),
        pytest.param("red,blue", {"enum": ["red", "blue", "green"]}, ["red", "blue"], id="choices"),
        pytest.param("true,false", {"type": "boolean"}, [True, False], id="booleans"),
    ],
)
def test_a_comma_with_one_meaning_separates_the_items(text: str, items: Any, value: Any) -> None:
    """Where the whole text is no item, the commas separate items; the change is inferred."""
    result = repaired(text, items)
    assert result.value == {"x": value}
    assert [change.risk for change in result.changes] == ["inferred"]


def test_an_empty_part_is_no_item() -> None:
    """A text with nothing between two commas is not taken apart."""
    assert repaired("1,,2", INTEGER).status == "failed"
