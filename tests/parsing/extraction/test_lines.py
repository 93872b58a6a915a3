"""JSON Lines and log lines: every row stays, whatever one of them lacks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen import repair

LINES: list[tuple[str, Any]] = [
    ('{"a": 1}\n{"a" 2}\n{"a": 3}', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ('{"a": 1}\n{"a": 2\n{"a": 3}', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ('{"a": "x"}\n{"a": "y}\n{"a": "z"}', [{"a": "x"}, {"a": "y"}, {"a": "z"}]),
    ('{"a": 1}\n{"a": 2}}\n{"a": 3}', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ('{"a": 1}\n{"a": 2} oops\n{"a": 3}', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ('{"a": 1}\n{a: 2}\n{"a": 3', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ('[1, 2]\n[3 4]\n[5, 6]', [[1, 2], [3, 4], [5, 6]]),
    ('Rows:\n{"a": 1}\n{"a": 2\n{"a": 3}\nDone.', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ('```jsonl\n{"a": 1}\n{"a": 2\n{"a": 3}\n```', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ('2026-01-01 10:00:00 INFO {"a": 1}\n2026-01-01 10:00:01 INFO {"b": 2}', [{"a": 1}, {"b": 2}]),
    ('[2026-01-01T10:00] {"a": 1}\n[2026-01-01T10:01] {"b": 2}', [{"a": 1}, {"b": 2}]),
    ('INFO:root: {"a": 1}\nWARN:root: {"b": 2}', [{"a": 1}, {"b": 2}]),
    ('data: {"a": 1}\n\ndata: {"b": 2}\n\ndata: [DONE]', [{"a": 1}, {"b": 2}]),
    ('1. {"a": 1}\n2. {"b": 2}', [{"a": 1}, {"b": 2}]),
    ('{"a": 1\n{"a": 2\n{"a": 3\n', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ('{"a": 1, "b": {"c": 2\n{"a": 3, "b": {"c": 4', [{"a": 1, "b": {"c": 2}}, {"a": 3, "b": {"c": 4}}]),
    ('{"a": [1]},\n{"a": [2],\n{"a": [3],\n{"a": [4],', [{"a": [1]}, {"a": [2]}, {"a": [3]}, {"a": [4]}]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), LINES, ids=[text[:40] for text, _ in LINES])
def test_every_row_stays(text: str, value: Any) -> None:
    """The rows are one list; no row is called prose or dropped."""
    result = repair(text)
    assert (result.status, result.value, result.dropped) == ("repaired", value, ())
    assert not any("{" in text[fix.start : fix.end] for fix in result.fixes if fix.kind == "prose")


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "x\n{b}\n"}',
        '{"a": [\n{"b": 1},\n{"b": 2}\n]}x',
        '{"a": 1,\n"b": {"c": 2}\n}}',
        '{"a": [\n{"b": 1},\n{"b": 2',
        '{"a": {"b": 1,\n"c": {"d": 2',
    ],
)
def test_an_object_on_several_lines_is_one_object(text: str) -> None:
    """Lines that begin with brackets within one object are no rows."""
    assert isinstance(repair(text).value, dict)


ROWS = st.lists(
    st.dictionaries(st.text('ab{}[]"\\', max_size=3), st.integers() | st.text(max_size=3), min_size=1),
    min_size=2,
    max_size=5,
)


@given(ROWS)
def test_rows_that_all_lack_their_closing_brackets_are_the_rows(rows: list[dict[str, Any]]) -> None:
    """No row becomes part of another one."""
    rows = [{**row, "last": {"b": True}} for row in rows]
    assert repair("\n".join(json.dumps(row).rstrip("}") for row in rows)).value == rows


def test_an_array_schema_takes_rows_without_closing_brackets() -> None:
    """The rows of a list are not merged into one."""
    schema = {"type": "array", "items": {"type": "object"}}
    assert repair('{"a": 1\n{"a": 2\n{"a": 3\n', schema).value == [{"a": 1}, {"a": 2}, {"a": 3}]
