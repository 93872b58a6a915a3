"""Texts in which rows stand in several forms, or beside other lines of their form: no certain count."""

from __future__ import annotations

import pytest

from structgen.evidence.source import Source
from structgen.longdoc.counting import count_rows
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema

FORMS = {"date": {"type": "string", "format": "date"}, "price": {"type": "number"}}


def counted(text: str, *names: str) -> ListRows:
    fields = {name: FORMS.get(name, {"type": "string"}) for name in names}
    items = {"type": "object", "properties": fields, "required": list(fields)}
    schema = Schema.parse({"type": "object", "properties": {"rows": {"type": "array", "items": items}}})
    return count_rows(Source(text), schema)["/rows"]


MIXED = {
    "a chat, where each line has a time, and some a date": (
        "[08:01] Ann: Tom Li (nurse) worked on 2024-03-01.\n[08:02] Ann: Pia Ward (guard) worked on 2024-03-02.\n"
        "[08:03] Tom: Nobody complained.\n[08:04] Ann: Wei Ito (cook) worked on 2024-03-03.\n",
        ("date", "name", "role"),
    ),
    "blocks with labels in any order": (
        "Records\n\nItem: blue pen\nPrice: 9.50\n\nNote: none\nPrice: 3.20\nItem: red cup\n\n"
        "Note: none\nItem: dry bread\nPrice: 2.10\n\nPrice: 7.00\nItem: warm hat\n",
        ("item", "price"),
    ),
    "bullets, and sentences with more of them": (
        "- AB-101, blue pen, 9.50\n- AB-102, red cup, 3.20\n- AB-103, dry bread, 2.10\n\nBesides these:\n\n"
        "We also offer the warm hat at 7.00; order it as AB-104.\n",
        ("code", "item", "price"),
    ),
    "dated lines of several forms": (
        "2024-03-01 (Tom Li; nurse)\n* 2024-03-02 -- Pia Ward / guard\n* 2024-03-03 -- Wei Ito / cook\n"
        "2024-03-04 (Ada Moore; nurse)\n2024-03-05 (Rita Cruz; guard)\n",
        ("date", "name", "role"),
    ),
}


@pytest.mark.parametrize(("text", "names"), MIXED.values(), ids=MIXED)
def test_rows_of_several_forms_are_not_certain(text: str, names: tuple[str, ...]) -> None:
    assert not counted(text, *names).certain


def test_nothing_to_add_does_not_say_that_a_list_is_empty() -> None:
    text = "ANN. We sold the blue pen for 9.50. There is\nnothing to add to that.\n"
    assert counted(text, "item", "price").stated is None
    assert counted("Sales\n\nNothing to report.\n", "item", "price").stated == 0


def test_a_field_that_is_named_like_a_sum_belongs_to_its_entry() -> None:
    entries = [
        f"Name ..... shop {name}\nSum ...... {len(name)}.50\nTown ..... Ghent\n----" for name in "ABCDE"
    ]
    rows = counted("Statement\n\n" + "\n".join(entries), "name", "town", "price")
    assert [row.end - row.start for run in rows.runs for row in run.rows] == [len(entries[0]) - 5] * 5


MIXED_CODES = """Notes

* 1Z53993807 -- Liam Klein / Cologne / 17.1
1Z16992737 | Leo Huang | Leipzig | 33.5
* 1Z94225714 -- Li Owens / Turin / 53.2
1Z24418288 (Kate Varga; Dublin; 69.5)
* 1Z30178177 -- Lea Silva / Portland / 14.5
All values are given without guarantee.
"""


def test_a_line_below_an_entry_that_says_a_whole_row_is_a_doubt() -> None:
    """The beginning of a code is no title of a field."""
    fields = {"code": {"type": "string"}, "name": {"type": "string"}, "weight": {"type": "number"}}
    items = {"type": "object", "properties": fields, "required": list(fields)}
    (counted,) = count_rows(Source(MIXED_CODES), Schema.parse({"type": "array", "items": items})).values()
    assert not counted.certain
