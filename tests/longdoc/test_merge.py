"""What segments give becomes one value: in document order, by place, nothing twice and nothing lost."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from structgen.longdoc.merge import Part, merge
from structgen.longdoc.segments import Segment
from structgen.schema import Schema
from structgen.types import Span

ITEM = {"type": "object", "properties": {"text": {"type": "string"}, "amount": {"type": ["number", "null"]}}}
DEFINITION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "account": {"type": ["string", "null"]},
        "bank": {"type": "object", "properties": {"name": {"type": "string"}, "city": {"type": "string"}}},
        "lines": {"type": "array", "items": ITEM},
    },
}
SCHEMA = Schema.parse(DEFINITION)


def item(number: int) -> dict[str, Any]:
    """Return an item; every third one is equal to others."""
    return (
        {"text": "Same thing", "amount": 5.5}
        if number % 3 == 0
        else {"text": f"Thing {number}", "amount": 10.5 + number}
    )


def document(size: int) -> tuple[str, list[Span]]:
    """Return a text of rows, and their ranges."""
    text, rows = "", []
    for number in range(size):
        line = f"{item(number)['text']}    {item(number)['amount']}"
        rows.append(Span(len(text), len(text) + len(line)))
        text += line + "\n"
    return text, rows


def part(rows: list[Span], first: int, last: int, known: bool, before: int = 0) -> Part:
    """Return the part of rows, with `before` more of them as its context, which it reads as well."""
    own = tuple(rows[first:last])
    context = tuple(rows[max(0, first - before) : first])
    items = [item(number) for number in range(first if known else max(0, first - before), last)]
    return Part(Segment(own, context, "/lines", own if known else ()), {"lines": items})


@given(st.integers(1, 14), st.sets(st.integers(1, 13)), st.booleans(), st.randoms())
def test_rows_of_all_segments_stand_in_order(size: int, cuts: set[int], known: bool, random: Any) -> None:
    """Each row is there once, whatever the order in which the segments were read; equal rows stay several."""
    text, rows = document(size)
    bounds = [0, *sorted(cut for cut in cuts if cut < size), size]
    parts = [part(rows, a, b, known) for a, b in pairwise(bounds)]
    random.shuffle(parts)
    assert merge(parts, text, SCHEMA).data == {"lines": [item(number) for number in range(size)]}


@given(st.integers(4, 14), st.integers(1, 12), st.integers(1, 2))
def test_rows_of_the_overlap_are_joined_by_their_place(size: int, cut: int, before: int) -> None:
    """Rows that two segments read are in the list once, and equal rows at other places stay."""
    text, rows = document(size)
    cut = min(cut, size - 1)
    parts = [part(rows, 0, cut, False), part(rows, cut, size, False, before)]
    assert merge(parts, text, SCHEMA).data == {"lines": [item(number) for number in range(size)]}


def test_a_row_that_was_asked_for_again_stands_in_its_place() -> None:
    """A part of one row between the rows of another part goes between them."""
    text, rows = document(5)
    first = Part(Segment(tuple(rows), (), "/lines", tuple(rows)), {"lines": [item(i) for i in (0, 1, 3, 4)]})
    again = part(rows, 2, 3, True)
    assert merge([first, again], text, SCHEMA).data["lines"] == [item(number) for number in range(5)]


def test_a_scalar_comes_from_the_segment_that_says_it() -> None:
    """A value that stands in the text wins over one that does not, and the conflict is told."""
    text = "Account 12-345\nsome more text\nAccount name: other"
    cut = text.index("some")
    parts = [
        Part(Segment((Span(0, cut),)), {"account": "99-999"}),
        Part(Segment((Span(0, cut),)), {"account": "12-345"}),
        Part(Segment((Span(cut, len(text)),)), {"account": None}),
    ]
    merged = merge(parts, text, SCHEMA)
    assert merged.data == {"account": "12-345"}
    assert [(one.pointer, one.values) for one in merged.conflicts] == [("/account", ("12-345", "99-999"))]
    assert merged.conflicts[0].spans == (Span(8, 14), None)


def test_own_text_goes_before_context_and_the_first_before_later_ones() -> None:
    """Of values that are grounded alike, the one of a segment's own text wins, then the first."""
    text = "Account 11\nAccount 22\nAccount 33"
    spans = [Span(0, 10), Span(11, 21), Span(22, 32)]
    context = Part(Segment((spans[2],), (spans[0],)), {"account": "11"})
    parts = [
        context,
        Part(Segment((spans[2],)), {"account": "33"}),
        Part(Segment((spans[1],)), {"account": "22"}),
    ]
    merged = merge(parts, text, SCHEMA)
    assert merged.data == {"account": "22"}
    assert merged.conflicts[0].values == ("22", "33", "11")


def test_objects_merge_member_by_member() -> None:
    """Members that one segment lacks come from another one."""
    text = "Northern Bank\nOslo"
    parts = [
        Part(Segment((Span(0, 13),)), {"bank": {"name": "Northern Bank"}}),
        Part(Segment((Span(14, 18),)), {"bank": {"city": "Oslo"}}),
    ]
    merged = merge(parts, text, SCHEMA)
    assert merged.data == {"bank": {"name": "Northern Bank", "city": "Oslo"}}
    assert merged.conflicts == ()


def test_unique_items_are_there_once() -> None:
    """A list of unique items takes equal items of two segments once."""
    lines = {**DEFINITION["properties"]["lines"], "uniqueItems": True}
    schema = Schema.parse({**DEFINITION, "properties": {**DEFINITION["properties"], "lines": lines}})
    text, rows = document(7)
    merged = merge([part(rows, 0, 3, True), part(rows, 3, 7, True)], text, schema)
    assert merged.data["lines"] == [item(number) for number in (0, 1, 2, 4, 5)]


def test_a_list_at_the_root_merges() -> None:
    """The value may be the list itself."""
    text, rows = document(2)
    schema = Schema.parse({"type": "array", "items": ITEM})
    parts = [Part(Segment((rows[i],), (), "", (rows[i],)), [item(i)]) for i in (1, 0)]
    assert merge(parts, text, schema).data == [item(0), item(1)]


def test_nothing_merges_to_nothing() -> None:
    """Without a part there is no value."""
    assert merge([], "", SCHEMA).data is None
