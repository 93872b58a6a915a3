"""Several whole objects under an object schema: one is the value, and no other is lost in silence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import Schema, repair

SCHEMA = Schema.parse({"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]})
ROWS = st.lists(st.integers(0, 99), min_size=2, max_size=6, unique=True)
SEPARATORS = st.sampled_from(["\n", " ", "", "\n\n", ",\n", ", ", "\n/* next */\n"])


@given(ROWS, SEPARATORS)
def test_each_object_that_the_value_leaves_out_is_listed(ids: list[int], separator: str) -> None:
    """The repair fails, and `dropped` has every other object; accepting the loss accepts the first one."""
    objects = [json.dumps({"id": number}) for number in ids]
    result = repair(separator.join(objects), SCHEMA)
    assert result.status == "failed"
    assert {violation.keyword for violation in result.violations} == {"dropped"}
    assert all(any(text in lost.text for lost in result.dropped) for text in objects[1:])
    assert all(lost.is_loss for lost in result.dropped)
    accepted = repair(separator.join(objects), SCHEMA, on_loss="accept")
    assert (accepted.status, accepted.value) == ("repaired", {"id": ids[0]})
    assert accepted.dropped == result.dropped


@given(ROWS)
def test_an_array_schema_takes_all_objects(ids: list[int]) -> None:
    """Where the schema says a list, nothing is left out."""
    rows = [{"id": number} for number in ids]
    result = repair("\n".join(map(json.dumps, rows)), {"type": "array", "items": {"type": "object"}})
    assert (result.status, result.value, result.dropped) == ("repaired", rows, ())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('{"id": 1}\n{"id": 1}', 1),
        ('{"id": 1} {}', 1),
        ('{"id": 1} [2]', 1),
        ('Draft: {"id": 1}\nFinal answer: {"id": 2}', 2),
        ('{"id": 1}\nNote: see {"other": 5}', 1),
    ],
)
def test_what_is_no_second_object_is_no_loss(text: str, number: Any) -> None:
    """An equal or empty object, a citation, and an object within prose fail no repair."""
    result = repair(text, SCHEMA)
    assert (result.status, result.value, result.dropped) == ("repaired", {"id": number}, ())


def test_rows_behind_prose_are_listed_too() -> None:
    """Rows between which no word stands are rows wherever they begin."""
    result = repair('Rows:\n{"id": 1}\n{"id": 2}\nDone.', SCHEMA)
    assert (result.status, [text.text for text in result.dropped]) == ("failed", ['{"id": 2}'])
