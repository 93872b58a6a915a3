"""Items lead to the rows of their list: what they have in common in the text shows the rows without one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.source import Source
from structgen.longdoc.induction.induced_rows import InducedRows, Induction
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

SHIFTS = [
    {"name": "Ada Moore", "role": "nurse", "start": "08:10", "hours": 7},
    {"name": "Tom Li", "role": "night porter", "start": "21:45", "hours": 11},
    {"name": "Rita de Souza", "role": "guard", "start": "05:30", "hours": 9},
    {"name": "Pia Ward", "role": "driver", "start": "13:05", "hours": 6},
    {"name": "Wei Hoffmann", "role": "cook", "start": "17:20", "hours": 8},
]
LAYOUTS = {
    "lines": "{name} {start} {role} {hours}\n",
    "a log with what is not asked for": '10.0.0.{hours} - [{start}] "{name}" as {role}, {hours} h, code 9{hours}2\n',
    "cells": "| {name} | {start} | {role} | {hours} |\n",
    "labelled blocks": "Who: {name}\nAs: {role}\nFrom: {start}\nFor: {hours}\n\n",
    "sentences of one line": "{name} came at {start} as {role} for {hours} hours. ",
    "parts in brackets": "({name}; {role}; {start}; {hours}) ",
}
STRING, INTEGER = {"type": "string"}, {"type": "integer"}
FIELDS = {"name": STRING, "role": STRING, "start": STRING, "hours": INTEGER}
SCHEMA = Schema.parse(
    {
        "type": "object",
        "properties": {
            "shifts": {"type": "array", "items": {"type": "object", "properties": FIELDS}},
            "calls": {"type": "array", "items": {"type": "object", "properties": FIELDS}},
        },
    }
)


def induced(text: str, shifts: list[Any], calls: list[Any] | None = None) -> InducedRows | None:
    data = {"shifts": shifts, "calls": calls or []}
    return Induction(data, SCHEMA, Source(text)).rows(ListRows("/shifts"), shifts, None)


def texts(text: str, rows: InducedRows | None) -> list[str]:
    assert rows is not None
    return [text[row.start : row.end] for run in rows.rows.runs for row in run.rows]


def written(layout: str, shifts: list[dict[str, Any]] = SHIFTS) -> str:
    return "The report of the week follows.\n\n" + "".join(LAYOUTS[layout].format(**one) for one in shifts)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("without", range(1, 4))
def test_a_row_between_those_of_items_is_found(layout: str, without: int) -> None:
    text = written(layout)
    rows = texts(text, induced(text, [one for one in SHIFTS if one is not SHIFTS[without]]))
    assert len(rows) == len(SHIFTS)
    assert SHIFTS[without]["name"] in rows[without]


@pytest.mark.parametrize("layout", ["lines", "cells", "labelled blocks"])
def test_rows_after_those_of_a_list_that_closed_early_are_found(layout: str) -> None:
    text = written(layout)
    assert len(texts(text, induced(text, SHIFTS[:2]))) == len(SHIFTS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_list_with_all_items_has_no_other_rows(layout: str) -> None:
    text = written(layout) + "\n\nWe thank Ada Moore for 12 days of work.\n"
    assert len(texts(text, induced(text, SHIFTS))) == len(SHIFTS)


def test_rows_under_another_heading_are_another_list() -> None:
    others = "".join(LAYOUTS["lines"].format(**{**one, "hours": 30}) for one in SHIFTS)
    text = f"{written('lines')}\nShifts of the last year, for comparison\n{others}"
    assert len(texts(text, induced(text, SHIFTS))) == len(SHIFTS)


def test_rows_of_the_items_of_another_list_are_not_of_this_one() -> None:
    text = written("lines")
    assert len(texts(text, induced(text, SHIFTS[:3], SHIFTS[3:]))) == 3


def test_sums_and_rules_are_no_rows() -> None:
    text = written("cells") + "|---|---|---|---|\n| Total | 08:00 | hours | 41 |\n"
    assert len(texts(text, induced(text, SHIFTS))) == len(SHIFTS)


def test_a_list_that_takes_few_of_many_rows_shows_no_others() -> None:
    shifts = [{**SHIFTS[number % 5], "start": f"{number:02}:30"} for number in range(20)]
    text = written("lines", shifts)
    assert len(texts(text, induced(text, shifts[::4]))) == 5


def test_a_list_whose_name_asks_for_some_rows_shows_none() -> None:
    text = written("lines")
    schema = Schema.parse({"properties": {"first_shifts": {"items": {"properties": FIELDS}}}})
    induction = Induction({"first_shifts": SHIFTS[:2]}, schema, Source(text))
    assert induction.rows(ListRows("/first_shifts"), SHIFTS[:2], None) is None


def test_items_with_each_others_values_are_mixed() -> None:
    swapped = [dict(one) for one in SHIFTS]
    swapped[1]["hours"], swapped[2]["hours"] = swapped[2]["hours"], swapped[1]["hours"]
    rows = induced(written("cells"), swapped)
    assert rows is not None
    assert rows.astray(range(5)) == {1, 2}
    right = induced(written("cells"), SHIFTS)
    assert right is not None
    assert not right.astray(range(5))


def test_an_item_is_repeated_only_where_the_text_says_it_once() -> None:
    once = induced(written("lines"), [*SHIFTS[:2], SHIFTS[1], *SHIFTS[2:]])
    assert once is not None
    assert once.repeated([0, 1, None, 2, 3, 4]) == {2}
    twice = [*SHIFTS[:2], SHIFTS[1], *SHIFTS[2:]]
    text = written("lines", twice)
    assert len(texts(text, induced(text, twice))) == 6


def test_a_row_is_read_with_the_value_above_it_that_the_text_writes_once() -> None:
    days = {"2 May": SHIFTS[:3], "3 May": SHIFTS[3:]}
    text = "".join(
        f"Day {day}\n" + "".join(LAYOUTS["lines"].format(**one) for one in shifts)
        for day, shifts in days.items()
    )
    fields = {**FIELDS, "day": STRING}
    schema = Schema.parse({"properties": {"shifts": {"items": {"properties": fields}}}})
    items = [{**one, "day": day} for day, shifts in days.items() for one in shifts]
    rows = Induction({"shifts": items}, schema, Source(text)).rows(ListRows("/shifts"), items, None)
    assert rows is not None
    contexts = [[text[span.start : span.end] for span in run.context] for run in rows.rows.runs]
    assert [each[-1] for each in contexts] == ["Day 2 May", "Day 3 May"]


_WORDS = st.text("ab 1.,;:|-\n\t", max_size=40)


@settings(deadline=None)
@given(_WORDS, st.lists(st.fixed_dictionaries({"name": _WORDS, "hours": st.integers(0, 99)}), max_size=4))
def test_rows_of_any_text_stand_in_order_inside_of_it(text: str, items: list[dict[str, Any]]) -> None:
    rows = induced(text, items)
    spans = [row for run in rows.rows.runs for row in run.rows] if rows else []
    assert all(0 <= row.start < row.end <= len(text) for row in spans)
    assert all(one.end <= after.start for one, after in pairwise(spans))
