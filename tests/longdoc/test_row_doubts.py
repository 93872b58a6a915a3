"""A value is doubted where its own row does not say it as the value of its field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.longdoc.row_doubts import doubts, doubts_in_row
from structgen.longdoc.row_text import RowTexts
from structgen.schema import Schema
from structgen.types import Span

FIELDS: dict[str, Any] = {
    "date": {"type": "string", "format": "date"},
    "description": {"type": "string"},
    "amount": {"type": "number"},
    "balance": {"type": "number"},
    "kind": {"enum": ["debit", "credit"]},
    "currency": {"type": "string"},
}
SCHEMA = Schema.parse({"type": "object", "properties": FIELDS})
HEADER = "Date         Details                    Amount     Balance"
ROW = "2026-01-03   Card payment Jade Partners   -97.12   2,320.95"
RIGHT = {
    "date": "2026-01-03",
    "description": "Card payment Jade Partners",
    "amount": -97.12,
    "balance": 2320.95,
}


def found(
    item: dict[str, Any], row: str = ROW, header: str = HEADER, context: str = ""
) -> set[tuple[str, str]]:
    """Return the pointers and reasons of the doubts about an item."""
    text = f"{header}\n{row}"
    texts = RowTexts(text, list(FIELDS))
    said = texts.row(Span(len(header) + 1, len(text)), Span(0, len(header)) if header else None)
    return {(each.pointer, each.reason) for each in doubts(item, SCHEMA, said, context)}


def test_what_the_row_says_is_not_doubted() -> None:
    """Nor are listed choices, null and what the row writes in another notation."""
    assert found(RIGHT) == set()
    assert found({**RIGHT, "kind": "debit", "currency": None}) == set()
    assert found({**RIGHT, "amount": -97.12}, ROW.replace(" -97.12", "(97.12)")) == set()
    assert found(RIGHT, ROW.replace("2026-01-03  ", "3 Jan 2026  ")) == set()


MISREAD = {
    "from-the-heading": ({"description": "Card payment ACCOUNT"}, ("/description", "unsaid")),
    "cut-short": ({"description": "Card payment Jade"}, ("/description", "part")),
    "of-another-column": ({"amount": 2320.95}, ("/amount", "column")),
    "year-of-the-date": ({"balance": 2026}, ("/balance", "column")),
    "over-two-cells": ({"description": "Jade Partners -97.12"}, ("/description", "cells")),
    "misspelled": ({"description": "Card payment ade Partners"}, ("/description", "unsaid")),
    "another-number": ({"amount": -97.21}, ("/amount", "unsaid")),
}


@pytest.mark.parametrize(("values", "doubt"), MISREAD.values(), ids=MISREAD)
def test_a_misread_value_is_doubted(values: dict[str, Any], doubt: tuple[str, str]) -> None:
    """The other values are not."""
    item = {**RIGHT, **values}
    assert found(item, context="STATEMENT OF ACCOUNT") - {("/balance", "shared")} == {doubt}


def test_a_heading_says_the_value_of_a_field_without_a_column() -> None:
    """It does not where a cell of the row is left for the field."""
    assert found({**RIGHT, "currency": "EUR"}, context="All amounts in EUR") == set()
    assert found({**RIGHT, "currency": "EUR"}) == {("/currency", "unsaid")}
    left = {key: value for key, value in RIGHT.items() if key != "description"}
    header = HEADER.replace("Details", "Xyzzy  ")
    assert found({**left, "currency": "EUR"}, header=header, context="in EUR") == {("/currency", "unsaid")}


def test_two_fields_with_the_one_place_of_a_value_are_doubted() -> None:
    """Where the columns are not known, at most one of them is right."""
    row = "on 2026-01-03 Card payment of -97.12 was booked"
    item = {"date": "2026-01-03", "amount": -97.12, "balance": -97.12}
    assert found(item, row, header="") == {("/amount", "shared"), ("/balance", "shared")}


def test_a_time_with_other_digits_is_doubted() -> None:
    """A finder takes hours and minutes for a moment with seconds too."""
    names = ["start", "end"]
    schema = Schema.parse({"type": "object", "properties": {name: {"type": "string"} for name in names}})
    text = "Start;End\n14:14;10:40"
    said = RowTexts(text, names).row(Span(10, len(text)), Span(0, 9))
    assert doubts({"start": "14:14", "end": "10:40"}, schema, said) == []
    wrong = doubts({"start": "14:14:14", "end": "10:40"}, schema, said)
    assert [(each.pointer, each.reason) for each in wrong] == [("/start", "unsaid")]


def test_a_number_behind_other_digits_is_said() -> None:
    """Both together may be read as one number with a space for its thousands."""
    assert found({"description": "Invoice 668", "amount": 159.59}, "Invoice 668 159.59", header="") == set()


@settings(deadline=None, max_examples=50)
@given(
    st.dates(),
    st.from_regex(r"[A-Z][a-z]{2,9}( [A-Z][a-z]{2,9}){0,2}", fullmatch=True),
    st.integers(-10_000_000, 10_000_000),
    st.integers(-10_000_000, 10_000_000),
)
def test_right_items_are_never_doubted(date: Any, description: str, amount: int, balance: int) -> None:
    """Whatever the values are."""
    values = [date.isoformat(), description, f"{amount / 100:,.2f}", f"{balance / 100:,.2f}"]
    item = dict(zip(FIELDS, [date.isoformat(), description, amount / 100, balance / 100], strict=False))
    assert found(item, ";".join(values), "Date;Description;Amount;Balance") == set()


def test_a_value_is_not_carried_past_another_number_of_its_row() -> None:
    """A row without a column for the field leaves it open only where it has no value of its kind left."""
    text = "steel ladder  27\nblue soap"
    first = RowTexts(text, ["item", "amount"]).row(Span(0, 16), None)
    second = RowTexts(text, ["item", "amount"]).row(Span(17, 26), None)
    assert [each.may_be_carried for each in doubts({"amount": 20.0}, SCHEMA, first)] == [False]
    assert [each.may_be_carried for each in doubts({"amount": 27.0}, SCHEMA, second)] == [True]


def test_times_stand_apart_at_commas() -> None:
    assert not found({"description": "12:40"}, "Ada Moore,21:41,12:40", "")
    assert found({"description": "12:41"}, "Ada Moore,21:41,12:40", "") == {("/description", "unsaid")}


def test_a_row_whose_first_column_is_wrapped_says_the_lines_below_as_well() -> None:
    text = f"{HEADER}\n2026-01-03   Card payment Jade          -97.12   2,320.95\n             Partners\n"
    row, header = Span(len(HEADER) + 1, text.index("\n  ")), Span(0, len(HEADER))
    texts = RowTexts(text, list(FIELDS))
    assert not doubts_in_row(RIGHT, SCHEMA, texts, row, header, "", len(text))
    assert doubts_in_row(RIGHT, SCHEMA, texts, row, header, "", row.end)
