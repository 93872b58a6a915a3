"""The rows of lists of strings and numbers: what is certain, what is an estimate, and what is no row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.lists import list_specs, object_lists
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}


def counted(document: str, name: str, items: Any = TEXT, **keywords: Any) -> ListRows:
    shape = {"type": "array", "items": items, **keywords}
    schema = Schema.parse({"type": "object", "properties": {name: shape}})
    return count_rows(Source(document), schema)[f"/{name}"]


def texts(document: str, rows: ListRows) -> list[str]:
    return [document[row.start : row.end] for run in rows.runs for row in run.rows]


def bullets(*items: str) -> str:
    return "".join(f"- {item}\n" for item in items)


CERTAIN = {
    "bullets below a heading": (
        "# Members\n\n- Ann Lee\n- Bob Ray\n",
        "members",
        TEXT,
        ["- Ann Lee", "- Bob Ray"],
    ),
    "the list that is asked for, of two": (
        f"Members:\n{bullets('Ann', 'Bob')}\nGuests:\n{bullets('Cy', 'Dan', 'Eve')}",
        "guests",
        TEXT,
        ["- Cy", "- Dan", "- Eve"],
    ),
    "numbers below a sentence": (
        "The following countries were visited:\n\n1. France\n2. Spain\n",
        "countries",
        TEXT,
        ["1. France", "2. Spain"],
    ),
    "lines below a label": ("Phone numbers:\n+1 555 1234\n+1 555 9876\n", "phoneNumbers", TEXT, None),
    "a table of one column": ("| Country |\n|---|\n| France |\n| Spain |\n", "countries", TEXT, None),
    "a column of a table": (
        "No.;E-mail;Town\n1;a@x.org;Rome\n2;b@x.org;Rome\n",
        "email_addresses",
        {"type": "string", "format": "email"},
        ["a@x.org", "b@x.org"],
    ),
    "numbers that repeat": (
        "Name      Reading   Unit\npump      12.5      bar\nvalve     13.0      bar\nmotor     12.5      bar\n",
        "readings",
        NUMBER,
        ["12.5", "13.0", "12.5"],
    ),
    "items behind a label": ("Tags: red, green, blue\n", "tags", TEXT, ["red", "green", "blue"]),
    "items over several lines": (
        "Allergens: milk, nuts,\n   eggs, soy\n\nfoo",
        "allergens",
        TEXT,
        ["milk", "nuts", "eggs", "soy"],
    ),
    "an `and` before the last": (
        "Members: A. Smith; B. Jones and C. Doe\n",
        "members",
        TEXT,
        ["A. Smith", "B. Jones", "C. Doe"],
    ),
    "commas in brackets": (
        "Members: Ann Lee (chair, since 2020), Bob Ray, Cy Dee\n",
        "members",
        TEXT,
        ["Ann Lee (chair, since 2020)", "Bob Ray", "Cy Dee"],
    ),
    "a list of any things": (bullets("bolt", "nut", "bolt"), "items", TEXT, None),
}


@pytest.mark.parametrize("case", CERTAIN.values(), ids=CERTAIN)
def test_rows_under_the_name_of_the_list_are_certain(case: tuple[str, str, Any, list[str] | None]) -> None:
    """The count is certain, and each row is its own line, cell or part of a line."""
    document, name, items, expected = case
    rows = counted(document, name, items)
    assert rows.certain
    if expected is not None:
        assert texts(document, rows) == expected


DOUBTED = {
    "an `and` that may be in a name": ("Members: Ann, Bob and Sons\n", "members", TEXT),
    "entries with entries below": ("Steps\n1. Open it\n   - slowly\n2. Close it\n", "steps", TEXT),
    "rows that are left out": (f"Members\n{bullets('Ann', 'Bob')}... and 35 more\n", "members", TEXT),
    "another number in the heading": (f"Members (5)\n{bullets('Ann', 'Bob')}", "members", TEXT),
    "cells with several values": (
        "| Name | Tags |\n|---|---|\n| a | red, blue |\n| b | green, blue |\n",
        "tags",
        TEXT,
    ),
    "sentences about the list": (
        f"Members\n{bullets('Members must pay by May.', 'Each member has a vote.')}",
        "members",
        TEXT,
    ),
    "a sum among numbers": (f"Readings\n{bullets('12.5', '13.5', 'Total: 26')}", "readings", NUMBER),
    "a place in one label": ("Location: Berlin, Germany\n", "locations", TEXT),
    "initials behind commas": ("Authors: Doe, J., Smith, A., Poe, E.\n", "authors", TEXT),
    "other words before the noun": (f"Junior members\n{bullets('Ann', 'Bob')}", "members", TEXT),
    "groups below the heading": (
        f"## Members\n{bullets('Ann', 'Bob')}### South\n{bullets('Cy', 'Dan')}",
        "members",
        TEXT,
    ),
    "a cell without a value": ("No.;E-mail;Town\n1;a@x.org;Rome\n2;;Rome\n", "emails", TEXT),
    "texts that repeat in a column": (
        "No.;City;Score\n1;Rome;4\n2;Oslo;5\n3;Rome;6\n",
        "cities",
        TEXT,
    ),
    "two bullets in a line": ("Members\n- Ann       - Bob\n- Cy        - Dan\n", "members", TEXT),
    "two bullets near each other": ("Members\n- Ann  - Bob\n- Cy  - Dan\n", "members", TEXT),
    "two numbers in a line": ("Steps\n1. Open it  3. Read it\n2. Turn it  4. Close it\n", "steps", TEXT),
    "another number in a sentence": (
        f"There are 5 members.\n\nMembers\n{bullets('Ann', 'Bob')}",
        "members",
        TEXT,
    ),
}


@pytest.mark.parametrize("case", DOUBTED.values(), ids=DOUBTED)
def test_rows_that_may_be_others_are_not_certain(case: tuple[str, str, Any]) -> None:
    """Nothing is forced where the text can be read in another way."""
    assert not counted(*case).certain


@pytest.mark.parametrize(
    ("document", "name", "description"),
    [
        (f"Notes\n{bullets('Ann', 'Bob')}", "actions", ""),
        ("Tags: we look for people who, among others, read\n", "colours", ""),
        (f"Members\n{bullets('Ann', 'Bob')}", "members", "The members who voted"),
        (f"Members\n{bullets('Ann', 'Bob')}", "topMembers", ""),
        ("Nothing is listed here.\n", "members", ""),
    ],
    ids=["another name", "another label", "some of them", "the first ones", "no list"],
)
def test_runs_that_are_not_named_like_the_list_are_no_rows(
    document: str, name: str, description: str
) -> None:
    """A run of another name, or a list that wants some rows only, has no count."""
    rows = counted(document, name, description=description)
    assert (rows.expected, rows.certain) == (None, False)


def test_a_list_of_each_value_once_has_a_row_for_each() -> None:
    """With `uniqueItems`, cells that repeat a value are no rows."""
    document = "No.;City;Score\n1;Rome;4\n2;Oslo;5\n3;Rome;6\n"
    rows = counted(document, "cities", uniqueItems=True)
    assert (rows.certain, texts(document, rows)) == (True, ["Rome", "Oslo"])


def test_an_empty_list_is_certain() -> None:
    """A label that is followed by `none` states that there are no rows."""
    rows = counted("Colour: red\nAllergens: none\n", "allergens")
    assert (rows.expected, rows.certain, rows.basis) == (0, True, "stated")


@pytest.mark.parametrize("other", ["Allergens: nuts\n", "Allergens\n\n- nuts\n"], ids=["label", "heading"])
def test_a_list_that_is_empty_in_one_place_only_is_not_empty(other: str) -> None:
    """A value under a second label of the same name is a row, and the count is no certain one."""
    document = f"Soup\n\nAllergens: none\n\nCake\n\n{other}"
    rows = counted(document, "allergens")
    assert (rows.expected, rows.certain) == (1, False)


@pytest.mark.parametrize("rules", [["No smoking"], ["No smoking", "No pets"]], ids=["one", "two"])
def test_a_value_that_begins_with_no_is_a_row(rules: list[str]) -> None:
    """A list is empty where the text has none of it, not where it says `no` of something else."""
    rows = counted(f"House rules\n\n{bullets(*rules)}", "houseRules")
    assert (rows.expected, rows.certain) == (len(rules), False)


def test_the_bounds_of_the_schema_hold() -> None:
    """A run that has more rows than the list may have is not certain."""
    assert not counted("Tags: red, green, blue\n", "tags", maxItems=2).certain


def test_cells_leave_their_lines_for_other_values() -> None:
    """Rows that share their lines say so: the lines are read for other values too."""
    [column] = counted("No.;E-mail;Town\n1;a@x.org;Rome\n2;b@x.org;Oslo\n", "emails").runs
    [entries] = counted(f"Members\n{bullets('Ann', 'Bob')}", "members").runs
    assert column.shares_lines
    assert not entries.shares_lines


@pytest.mark.parametrize(
    ("items", "is_list"),
    [
        (TEXT, True),
        ({"type": ["integer", "null"]}, True),
        ({"enum": ["a", "b"]}, True),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, True),
        ({"type": "array", "items": TEXT}, False),
        ({"type": ["string", "array"]}, False),
        ({}, False),
    ],
)
def test_lists_of_plain_values_are_found(items: Any, is_list: bool) -> None:
    """Strings, numbers, booleans and choices are plain values; lists and anything are not."""
    schema = Schema.parse({"type": "object", "properties": {"a": {"type": "array", "items": items}}})
    assert [spec.pointer for spec in list_specs(schema)] == (["/a"] if is_list else [])
    assert object_lists(schema) == []


def test_items_by_index_are_no_list_of_plain_values() -> None:
    """A tuple is one value."""
    schema = {"type": "array", "prefixItems": [TEXT, TEXT], "items": TEXT}
    assert list_specs(Schema.parse(schema)) == []


@given(st.text(alphabet="-*.,;:#|()[]\n \tabA1&", max_size=120))
def test_any_text_is_counted(document: str) -> None:
    """Rows lie in the text, in order and apart, whatever the text is."""
    for name in ("a", "items"):
        rows = [row for run in counted(document, name).runs for row in run.rows]
        edges = [edge for row in rows for edge in (row.start, row.end)]
        assert edges == sorted(edges)
        assert all(document[row.start : row.end].strip() for row in rows)
