"""What the count rests on: headings, stated counts, the furniture of pages, beginnings of entries."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.source import Source
from structgen.longdoc.layout.anchors import label_of, number_of, values_of
from structgen.longdoc.layout.dated_blocks import is_date_alone
from structgen.longdoc.layout.furniture import furniture
from structgen.longdoc.layout.headings import enclosing, marked_headings
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.stated_counts import leaves_out, says_none, stated_count


def lines_of(*pages: str) -> Lines:
    source = Source.of(list(pages) if len(pages) > 1 else pages[0])
    return Lines(source, 0, len(source.text))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=20))
def test_a_line_stands_under_the_nearest_heading_of_each_higher_level(levels: list[int]) -> None:
    lines = lines_of("\n".join([*("#" * level + " x" for level in levels), "text"]))
    path = enclosing(marked_headings(lines), len(levels))
    above = [levels[at] for at in path]
    assert path[-1] == len(levels) - 1
    assert above == sorted(set(above))
    for first, second in pairwise(path):
        assert all(level >= levels[second] for level in levels[first + 1 : second])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Number of transactions: 600", 600),
        ("40 items", 40),
        ("1,200 transactions listed", 1200),
        ("Anzahl: 12", 12),
        ("Account number: 12-3456", None),
        ("Please check this within 3 days", None),
    ],
)
def test_a_line_states_a_count(text: str, count: int | None) -> None:
    assert stated_count(text, frozenset({"transaction"})) == count


@pytest.mark.parametrize(
    "text", ["No transactions in this period.", "(none)", "Keine Einträge.", "該当なし。"]
)
def test_a_line_says_that_there_are_none(text: str) -> None:
    assert says_none(text) is not None


@pytest.mark.parametrize("text", ["... and 35 more", "[12 rows omitted]", "etc."])
def test_a_line_says_that_rows_are_left_out(text: str) -> None:
    assert leaves_out(text)


def test_headers_and_footers_of_pages_are_furniture() -> None:
    pages = [f"ACME report\n\nrow {page}1\nrow {page}2\n\nPage {page} of 3" for page in (1, 2, 3)]
    lines = lines_of(*pages)
    left = [lines[line] for line in range(len(lines)) if line not in furniture(lines)]
    assert [text for text in left if text != "ACME report"] == [
        f"row {a}{b}" for a in (1, 2, 3) for b in (1, 2)
    ]
    assert left.count("ACME report") <= 1


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("10.0.9.121 - - [02/Jan/2024:10:00:05 +0000]", (1, 1)),
        ("2024-01-02 10:30 Rent", (1, 1)),
        ("02.01.2024 Miete", (1, 0)),
        ("version 1.2.3.4", (0, 0)),
    ],
)
def test_dates_and_times_of_a_line_are_counted(text: str, values: tuple[int, int]) -> None:
    assert values_of(text)[:2] == values


@pytest.mark.parametrize(
    "text", ["2024-01-02", "## 2 January 2024", "Tuesday, 2 January 2024", "--- 02.01.2024 ---"]
)
def test_a_line_may_be_a_date_alone(text: str) -> None:
    assert is_date_alone(text)


@pytest.mark.parametrize("text", ["2024-01-02 Rent 900", "Posted     2024-01-02", "12", "page 2"])
def test_other_lines_are_no_date_alone(text: str) -> None:
    assert not is_date_alone(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Price: 3", "price"),
        ("- **Town**: Leeds", "town"),
        ("scheduler - - [2024-01-02 10:00:05] started", None),
        ("10:30 Rent", None),
    ],
)
def test_a_label_stands_before_a_colon_that_is_no_part_of_a_time(text: str, label: str | None) -> None:
    assert label_of(text) == label


@pytest.mark.parametrize(("text", "number"), [("12. Rent", 12), ("(3) Rent", 3), ("2024-01-02 Rent", None)])
def test_an_entry_may_begin_with_its_number(text: str, number: int | None) -> None:
    assert number_of(text) == number
