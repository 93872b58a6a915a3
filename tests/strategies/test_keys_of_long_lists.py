"""Long lists with a key: rows of one key are one item in the result, in streams and in the coverage."""

from __future__ import annotations

import re
from typing import Any

import pytest
from long_documents import ROW, Oracle

from structgen.generator import Generator
from structgen.longdoc.item_joining import JoinedItems
from structgen.longdoc.list_rules import ListRule
from structgen.strategies.segmented.list_joining import joined_by_key
from structgen.types import Coverage

KEYED = {
    "type": "object",
    "properties": {
        "bank": {"type": "string"},
        "rows": {"type": "array", "items": ROW, "x-structgen-key": "description"},
    },
    "required": ["bank", "rows"],
}


def statement(rows: list[tuple[str, str, float]]) -> str:
    """Return a statement with a table of these rows."""
    lines = [f"| {date} | {words} | {amount:.2f} |" for date, words, amount in rows]
    return "\n".join(["Northern Bank", "", "| Date | Description | Amount |", "|---|---|---|", *lines, ""])


def distinct(number: int) -> list[tuple[str, str, float]]:
    """Return rows with keys of their own."""
    return [(f"2026-01-{index % 28 + 1:02}", f"payment p{index}", 100.25 + index) for index in range(number)]


def extracted(document: str, schema: Any = KEYED, **options: Any) -> Any:
    """Return the result of reading some rows at a time."""
    with Generator(Oracle()) as generator:
        return generator.result(schema, document, limits={"rows_per_segment": 10}, **options)


def as_items(rows: list[tuple[str, str, float]]) -> list[dict[str, Any]]:
    """Return the items of rows."""
    return [{"date": date, "description": words, "amount": amount} for date, words, amount in rows]


def test_equal_rows_of_two_segments_with_one_key_are_one_item() -> None:
    """Every row is claimed, the list has fewer items than the document has rows, and nothing is missing."""
    rows = distinct(35)
    result = extracted(statement([*rows, *rows[3:6]]))
    assert result.data["rows"] == as_items(rows)
    coverage = result.coverage["/rows"]
    assert (coverage.expected, coverage.found, coverage.unclaimed) == (38, 35, ())
    assert [warning.code for warning in result.warnings if warning.code == "conflict"] == []


def test_rows_with_one_key_and_other_values_are_told_with_both_places() -> None:
    """The first row stays in the list, and the warning has both amounts and where they stand."""
    rows = distinct(35)
    document = statement([*rows, ("2026-01-04", "payment p3", 999.5)])
    result = extracted(document)
    assert result.data["rows"] == as_items(rows)
    (conflict,) = [warning for warning in result.warnings if warning.code == "conflict"]
    assert conflict.pointer == "/rows/3/amount"
    assert re.findall(r"[\d.]+(?= \()", conflict.message) == ["103.25", "999.5"]
    places = [int(number) for number in re.findall(r"at (\d+)", conflict.message)]
    assert [document[at : at + 6] for at in places] == ["103.25", "999.50"]


def test_without_a_key_equal_rows_stay_rows() -> None:
    """Rows that only look alike are never joined."""
    rows = distinct(35)
    schema = {**KEYED, "properties": {**KEYED["properties"], "rows": {"type": "array", "items": ROW}}}  # type: ignore[dict-item]
    result = extracted(statement([*rows, *rows[3:6]]), schema)
    assert len(result.data["rows"]) == 38


def test_equal_rows_of_a_list_of_unique_items_are_one_item() -> None:
    """The merged list is valid where the document has a row twice."""
    rows = distinct(35)
    schema = {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": ROW, "uniqueItems": True}},
        "required": ["rows"],
    }
    result = extracted(statement([*rows, *rows[3:6]]), schema)
    assert result.data["rows"] == as_items(rows)


@pytest.mark.parametrize("last", [100.25, 999.5])
def test_a_stream_has_each_key_once(last: float) -> None:
    """An item that was delivered comes no second time, and the list at the end begins with the delivered ones."""
    rows = distinct(35)
    document = statement([*rows, ("2026-01-01", "payment p0", last)])
    schema = KEYED["properties"]["rows"]  # type: ignore[index]
    with Generator(Oracle()) as generator:
        items = list(generator.iter_extract(schema, document, limits={"rows_per_segment": 10}))
    assert items == as_items(rows)


def test_rows_that_are_estimates_are_joined_once_they_are_complete() -> None:
    """A row whose item is joined to another one is claimed: it is not asked for again."""
    rows = distinct(90)
    lines = [f"| {date} | {words} | {amount:.2f} |" for date, words, amount in [*rows, rows[0]]]
    entries = "\n".join(f"* {line}" for line in lines[50:])
    document = "Northern Bank\n\n" + "\n".join(lines[:50]) + f"\n\nThese came later.\n\n{entries}\n"
    engine = Oracle()
    with Generator(engine) as generator:
        limits, sampling = {"segment_tokens": 700}, {"max_tokens": 8000}
        result = generator.result(KEYED, document, limits=limits, sampling=sampling)
    coverage = result.coverage["/rows"]
    assert (coverage.certain, coverage.found) == (False, 90)
    assert coverage.unclaimed == ()
    assert result.data["rows"] == as_items(rows)
    segments = {attempt.segment for attempt in result.attempts}
    assert len(engine.requests) == len(segments) > 1


def test_members_that_no_row_says_keep_their_pointers_when_items_are_joined() -> None:
    """The item's index is that of the joined list; pointers to one item stand once."""
    items = [{"id": 1, "price": 2}, {"id": 2, "price": 3}, {"id": 1, "price": 2}]
    coverage = Coverage(3, 3, unsupported=("/rows/0", "/rows/1/price", "/rows/2", "/rows/2/price"))
    joined = JoinedItems("/rows", ListRule(key=("id",)), "")
    found, shown = joined_by_key(items, [None, None, None], coverage, joined)
    assert found == items[:2]
    assert (shown.found, shown.unsupported) == (2, ("/rows/0", "/rows/1/price", "/rows/0/price"))
