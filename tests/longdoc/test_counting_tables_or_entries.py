"""A table whose lines can be read as entries too, and prose that looks like paragraphs of rows."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.source import Source
from structgen.longdoc.claims import claim
from structgen.longdoc.counting import count_rows
from structgen.longdoc.layout.anchors import values_of
from structgen.longdoc.row_text import RowTexts
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema
from structgen.types import Span


def count(text: str, **fields: str) -> ListRows:
    item: dict[str, Any] = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in fields.items()},
        "required": list(fields),
    }
    schema = Schema.parse({"type": "object", "properties": {"rows": {"type": "array", "items": item}}})
    return count_rows(Source.of(text), schema)["/rows"]


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 99_999_999)), min_size=2, max_size=12))
def test_numbers_beside_each_other_after_a_word_are_no_date(numbers: list[tuple[int, int]]) -> None:
    rows = [
        f"O-{at:05}\tAcme\tпринтер\t{quantity}\t{price / 100:.2f}"
        for at, (quantity, price) in enumerate(numbers)
    ]
    text = "\n".join(["Order book", "", "订单\t客户\t品名\t数量\t单价", *rows, ""])
    counted = count(
        text, order="string", customer="string", product="string", quantity="integer", price="number"
    )
    assert [len(run.rows) for run in counted.runs] == [len(rows)]


def test_a_month_with_a_day_and_a_year_is_a_date() -> None:
    assert values_of("May 3, 2024  12.50") == (1, 0, 1)
    assert values_of("3 May 2024  12.50") == (1, 0, 1)
    assert values_of("lamp 12 2273.86") == (0, 0, 2)
    assert values_of("lamp\t35\t2024") == (0, 0, 2)


def test_paragraphs_of_sentences_are_no_rows() -> None:
    prose = (
        "Our office in Boston is open from 9 to 17 o'clock.\nAll 12 values are given without any guarantee."
    )
    rows = ["O-16766  Orchid  lamp\n    24  5.00", "O-01204  Acme  cable\n    11  100.00"]
    counted = count(
        "\n\n".join(["Order book", prose, *rows, prose]) + "\n",
        order="string",
        customer="string",
        product="string",
        quantity="integer",
        price="number",
    )
    assert sum(len(run.rows) for run in counted.runs) == 2 or not counted.certain


@given(st.sampled_from(["Bolt M8", "Lamp 40", "Wire A-2"]), st.integers(1, 99))
def test_a_number_after_a_name_with_a_number_is_claimed_in_csv(name: str, quantity: int) -> None:
    text = f"Gloves,7\n{name},{quantity}\n"
    rows = [Span(0, 8), Span(9, len(text) - 1)]
    items = [{"product": "Gloves", "quantity": 7}, {"product": name, "quantity": quantity}]
    found = claim(items, rows, text)
    assert (found.row_of, found.unsupported) == ([0, 1], [])


def test_a_row_goes_on_in_lines_with_one_text_right_below_it() -> None:
    document = "organic  22\nbracket\nlamp  3\n\nNotes\n"
    texts = RowTexts(document, ("product", "quantity"))
    assert texts.with_rest(Span(0, 11), 20) == Span(0, 19)
    assert texts.with_rest(Span(20, 27), len(document)) == Span(20, 27)
